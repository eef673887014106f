package io.linkout.kernel.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a kernel exports as it was told. */
public final class ListedExports implements ExportKeeper {
  private List<KernelExport> all = List.of();

  @Override
  public void keep(List<KernelExport> exports) {
    all = List.copyOf(exports);
  }

  @Override
  public @Nullable String at(long address) {
    return all.stream()
        .filter(e -> e.address() == address)
        .map(KernelExport::name)
        .findFirst()
        .orElse(null);
  }

  /** Returns them all. */
  public List<KernelExport> all() {
    return all;
  }
}
