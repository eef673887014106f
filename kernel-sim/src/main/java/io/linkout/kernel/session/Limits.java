package io.linkout.kernel.session;

/**
 * Bounds on what clients may send and hold.
 *
 * @param frameBytes of one frame, its length not counted
 * @param pipelinedRequests sent but not yet answered; Write has no answer and is not counted
 * @param resolveNames in one Resolve or Locate
 * @param sessionHandles one session may hold
 * @param sessionBytes one session may hold in handles
 * @param activateEntries exports, dependencies, tables and parameters of one Activate, each
 * @param callArguments of one Call
 * @param callBytes of all buffers of one Call
 * @param sessions open at once
 * @param sessionsOfUid one uid may have open at once
 * @param followers sessions that may follow the log at once
 */
public record Limits(
    int frameBytes,
    int pipelinedRequests,
    int resolveNames,
    int sessionHandles,
    long sessionBytes,
    int activateEntries,
    int callArguments,
    int callBytes,
    int sessions,
    int sessionsOfUid,
    int followers) {

  /** Segments of one Allocate. */
  public static final int SEGMENTS = 256;

  /** Sessions kept for root and the daemon's own uid, if that many are allowed at all. */
  private static final int RESERVED_SESSIONS = 16;

  /** The bounds without any option. */
  public static final Limits DEFAULT =
      new Limits(1 << 20, 1024, 65_536, 1024, 256L << 20, 65_536, 12, 512 << 10, 4096, 2048, 256);

  /** Returns how many sessions only root and the daemon's own uid may open. */
  public int reservedSessions() {
    return Math.min(RESERVED_SESSIONS, sessions / 2);
  }
}
