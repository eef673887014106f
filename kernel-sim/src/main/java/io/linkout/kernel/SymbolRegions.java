package io.linkout.kernel;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.AddressRegions;
import io.linkout.kernel.symbol.AddressRegions.Region;
import java.util.List;

/** Where symbols lie in this kernel's address space, and how they are aligned there. */
public final class SymbolRegions {
  /**
   * Functions: 16 bytes each; variables: mostly 64; absent ones: two pages; modules': mostly 16;
   * per-CPU offsets.
   */
  public static final AddressRegions OF_X86_64 =
      new AddressRegions(
          List.of(
              new Region(GuestLayout.ABSENT, GuestLayout.ABSENT_END, 13),
              new Region(GuestLayout.KERNEL_TEXT, GuestLayout.KERNEL_DATA, 4),
              new Region(GuestLayout.KERNEL_DATA, GuestLayout.ABSENT, 6),
              new Region(GuestLayout.KERNEL_DATA, GuestLayout.ABSENT, 0),
              new Region(GuestLayout.MODULES, GuestLayout.MODULES_END, 4),
              new Region(GuestLayout.MODULES, GuestLayout.MODULES_END, 0),
              new Region(0, GuestLayout.PERCPU_SIZE, 0)));

  private SymbolRegions() {}
}
