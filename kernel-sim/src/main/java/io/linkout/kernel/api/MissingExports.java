package io.linkout.kernel.api;

import io.linkout.kernel.api.image.AbsentSymbols;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.image.Poison;
import io.linkout.kernel.api.oops.MissingSymbols;
import org.jspecify.annotations.Nullable;

/** Names what this kernel lacks: absent exports, which their keeper knows, and poisoned fields. */
final class MissingExports implements MissingSymbols {
  private final AbsentSymbols absent;
  private final Poison poison;
  private final ExportKeeper exports;

  MissingExports(KernelImage image, ExportKeeper exports) {
    this.absent = image.absent();
    this.poison = image.poison();
    this.exports = exports;
  }

  @Override
  public @Nullable String at(long address) {
    long origin = absent.origin(address);
    if (origin != 0) {
      String name = exports.at(origin);
      return (name == null ? "the export at 0x" + Long.toHexString(origin) : name)
          + " is not provided by this kernel";
    }
    return poison
        .at(address)
        .map(name -> name + " is not modelled that far by this kernel")
        .orElse(null);
  }
}
