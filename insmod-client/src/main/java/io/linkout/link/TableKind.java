package io.linkout.link;

/** Tables of the image that the kernel needs for as long as the module lives. */
public enum TableKind {
  /** {@code struct jump_entry}, 16 bytes, sorted by key. */
  JUMP_TABLE,
  /** {@code struct static_call_site}, 8 bytes, sorted by key. */
  STATIC_CALL_SITES,
  /** {@code struct exception_table_entry}, 12 bytes, sorted by instruction. */
  EX_TABLE,
  /** {@code struct bug_entry}, 12 bytes in most configurations. */
  BUG_TABLE,
  /** {@code int} rel32, sorted, in parallel with {@link #ORC_UNWIND}. */
  ORC_UNWIND_IP,
  /** {@code struct orc_entry}, 6 bytes. */
  ORC_UNWIND,
  /** rel32 pointers to {@code struct tracepoint}. */
  TRACEPOINTS_PTRS,
  /** Addresses of constructors, 8 bytes each. */
  CONSTRUCTORS
}
