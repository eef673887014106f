package io.linkout.kernel.api.patch;

import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestMemory;

/**
 * Branches that are patched when a static key changes (kernel/jump_label.c and
 * arch/x86/kernel/jump_label.c of 6.1). A site jumps if its key is enabled, unless it is of a
 * branch that is taken while the key is not; else it is a nop of the same length.
 */
public final class JumpLabels {
  private static final int ENTRY = 16;
  private static final long BRANCH = 1;
  private static final long FLAGS = 3;
  private static final byte[] NOP2 = {0x66, (byte) 0x90};
  private static final byte[] NOP5 = {0x0f, 0x1f, 0x44, 0, 0};

  private record Site(long code, long target, boolean branch, int length)
      implements PatchedSites.Site {}

  private final GuestMemory memory;
  private final PatchedSites<Site> sites = new PatchedSites<>();

  /** No sites yet. */
  public JumpLabels(GuestMemory memory) {
    this.memory = memory;
  }

  /** A table that cannot be applied; the message names the site. */
  public static final class BadSiteException extends Exception {
    private static final long serialVersionUID = 1;

    BadSiteException(String message) {
      super(message);
    }
  }

  /**
   * Takes the sites of {@code table} and patches them as their keys are.
   *
   * @throws BadSiteException if a site holds neither jump nor nop
   */
  public void add(Table table) throws BadSiteException {
    for (long entry = table.address(); entry < table.address() + table.length(); entry += ENTRY) {
      long code = entry + memory.readInt(entry);
      long target = entry + 4 + memory.readInt(entry + 4);
      long keyAndFlags = entry + 8 + memory.readLong(entry + 8);
      Site site = new Site(code, target, (keyAndFlags & BRANCH) != 0, length(code));
      long key = keyAndFlags & ~FLAGS;
      sites.add(key, site);
      if (memory.allows(key, 4, Access.READ)) {
        patch(site, enabled(key));
      }
      // Otherwise the key is the kernel's and not modelled: the site stays as it was built.
    }
  }

  private int length(long code) throws BadSiteException {
    int first = memory.readByte(code);
    return switch (first) {
      case 0xe9, 0x0f -> 5;
      case 0xeb, 0x66 -> 2;
      default ->
          throw new BadSiteException(
              String.format("jump label at 0x%x is neither jump nor nop: 0x%02x", code, first));
    };
  }

  /** Patches all sites of {@code key} as it is now. */
  public void update(long key) {
    boolean enabled = enabled(key);
    for (Site site : sites.of(key)) {
      patch(site, enabled);
    }
  }

  private boolean enabled(long key) {
    return memory.readInt(key) != 0;
  }

  private void patch(Site site, boolean enabled) {
    byte[] code;
    if (enabled == site.branch()) {
      code = site.length() == 2 ? NOP2 : NOP5;
    } else {
      long distance = site.target() - site.code() - site.length();
      code =
          site.length() == 2
              ? new byte[] {(byte) 0xeb, (byte) distance}
              : StaticCalls.relative(0xe9, distance);
    }
    memory.patch(site.code(), code);
  }

  /** Forgets all sites in {@code [start, end)}: they are about to be unmapped. */
  public void forget(long start, long end) {
    sites.forget(start, end);
  }
}
