package io.linkout.link;

/** What a segment is for; decides its final protection and whether it is freed after init. */
public enum SegmentKind {
  /** Code. */
  TEXT(false),
  /** Constants. */
  RODATA(false),
  /** Read only once init has returned. */
  RO_AFTER_INIT(false),
  /** Read and write. */
  DATA(false),
  /** Code freed after init. */
  INIT_TEXT(true),
  /** Data freed after init. */
  INIT_DATA(true),
  /** Constants freed after init. */
  INIT_RODATA(true),
  /** Template of a per-CPU area; its address is an offset from the per-CPU base. */
  PERCPU(false);

  private final boolean init;

  SegmentKind(boolean init) {
    this.init = init;
  }

  /** Returns true if the segment is freed once init has returned 0. */
  public boolean init() {
    return init;
  }
}
