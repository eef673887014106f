package io.linkout.kernel.api.oops;

import io.linkout.kernel.personality.StructLayout;

/**
 * What differs between releases in the tables that modules bring along.
 *
 * @param typedOrc true where the last byte of {@code struct orc_entry} has type 3, signal 1 with
 *     types of its own ({@code asm/orc_types.h}, since 6.4), false where it has type 2, end 1
 * @param bugBytes sizeof(struct bug_entry)
 * @param bugFile offset of the file's name in it, -1 without CONFIG_DEBUG_BUGVERBOSE
 * @param bugLine offset of the line in it, -1 likewise
 * @param bugFlags offset of the flags in it
 */
public record TableForms(boolean typedOrc, int bugBytes, int bugFile, int bugLine, int bugFlags) {
  /** Those of Linux 6.1 with CONFIG_DEBUG_BUGVERBOSE. */
  public static final TableForms LINUX_6_1 = new TableForms(false, 12, 4, 8, 10);

  /** Returns those of the release that {@code layout} is of. */
  public static TableForms of(StructLayout layout) {
    return new TableForms(
        layout.has("ORC_TYPE_CALL"),
        layout.of("sizeof.bug_entry"),
        layout.has("bug_entry.file_disp") ? layout.of("bug_entry.file_disp") : -1,
        layout.has("bug_entry.line") ? layout.of("bug_entry.line") : -1,
        layout.of("bug_entry.flags"));
  }
}
