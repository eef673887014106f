package io.linkout.link;

import java.util.List;

/**
 * What differs from machine to machine: relocation, and what is done to an image once it is
 * relocated. Layout, symbols, versions, parameters and exports are the same for all. An
 * implementation has no state.
 */
public interface Architecture {
  /** Returns e_machine of its files. */
  int machine();

  /** Returns its name for messages, such as {@code x86-64}. */
  String name();

  /**
   * Applies one section of relocations. What can't be applied is complained of, with symbol,
   * section and offset, and left out.
   */
  void relocate(RelocationSection relocations, Complaints complaints);

  /**
   * Does to a relocated image what the kernel's own loader would do before init. The image has all
   * its addresses, and no relocation follows.
   */
  void fixUp(FixupContext context, Complaints complaints);

  /**
   * Patches sites as the initial values of their keys make them, for an image that is only looked
   * at; in a load the kernel does that.
   */
  void patchSites(LinkedModule module);

  /** Returns what becomes of each section that the kernel's own loader would act on. */
  List<FixupRow> fixups();

  /** Returns the tables that the kernel is told of, by section name. */
  List<KernelTable> tables();

  /**
   * A table for the kernel.
   *
   * @param entrySize bytes of an entry; where releases differ, bytes without its pointers
   * @param pointers how many rel32 pointers an entry may have, which its relocations tell; empty
   *     where all releases agree
   */
  record KernelTable(String section, TableKind kind, int entrySize, List<Integer> pointers) {
    /** A table that is the same in all releases. */
    public KernelTable(String section, TableKind kind, int entrySize) {
      this(section, kind, entrySize, List.of());
    }

    /** Returns the bytes of an entry with so many pointers. */
    int entrySize(int pointers) {
      return entrySize + 4 * pointers;
    }
  }
}
