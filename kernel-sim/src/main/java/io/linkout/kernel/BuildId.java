package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LocalSymbol;
import io.linkout.kernel.personality.Personality;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Build id of a kernel that has no image which a linker could have stamped: a hash of what modules
 * see of it, release, version magic and every export with its address and CRC. Hears of the exports
 * before their keeper has them for good.
 */
final class BuildId implements ExportKeeper {
  private static final int BYTES = 20;

  private final MessageDigest digest;
  private final ExportKeeper keeper;

  /** The build id of a kernel of {@code personality}, whose exports {@code keeper} keeps. */
  BuildId(Personality personality, ExportKeeper keeper) {
    this.keeper = keeper;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
    update(personality.release());
    update(personality.vermagic());
  }

  @Override
  public void keepLocal(List<LocalSymbol> symbols) {
    keeper.keepLocal(symbols);
  }

  @Override
  public void keep(List<KernelExport> exports) {
    keeper.keep(exports);
    for (KernelExport e : exports) {
      update(e.name() + " " + e.address() + " " + e.crc());
    }
  }

  @Override
  public @Nullable String at(long address) {
    return keeper.at(address);
  }

  /** Returns it in hexadecimal digits; once, after the kernel has booted. */
  String text() {
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private void update(String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
