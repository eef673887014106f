package io.linkout.rpc;

import io.linkout.link.SegmentKind;
import java.util.List;

/**
 * A module as the kernel lists it, or space allocated for one.
 *
 * @param loadId never reused while the kernel runs; 0 if unformed
 * @param references holders plus those taken by guest code
 * @param holders names of the modules that depend on it
 * @param buildId of its file, else the file's SHA-256, in hexadecimal digits
 * @param taints letters, such as {@code OE}
 * @param pid of the process that is loading it, 0 once it is live
 * @param permanent true if it has an init and no exit
 * @param path of its file as its loader gave it, or empty
 * @param thisModule guest address of {@code __this_module}
 * @param dead true if it oopsed in exit or in a call
 * @param coreBytes bytes of its core segments in whole pages
 * @param exportCount how many symbols it exports
 */
public record LoadedModule(
    String name,
    State state,
    long loadId,
    List<Segment> segments,
    int references,
    List<String> holders,
    List<String> dependencies,
    String buildId,
    String taints,
    int pid,
    int uid,
    boolean permanent,
    String path,
    long thisModule,
    boolean dead,
    long coreBytes,
    int exportCount) {

  /** Where a module is in its life. */
  public enum State {
    /** Space held by a connection; nothing runs. */
    UNFORMED,
    /** Its init is queued or runs. */
    COMING,
    /** Loaded. */
    LIVE,
    /** Its exit runs, or an oops in exit left it. */
    GOING
  }

  /** A segment: guest address (for PERCPU an offset from the per-CPU base) and size in bytes. */
  public record Segment(SegmentKind kind, long address, long size) {}
}
