package io.linkout.kernel.api;

import java.util.List;

/**
 * What the module table asks of the guest side. Every method is called on the CPU thread only, but
 * for {@link #counters}, {@link #memoryMap} and {@link #interrupt}, which any thread may call.
 */
public interface GuestKernel extends AutoCloseable {
  /** Returns the x86_capability words of the CPU. */
  int[] features();

  /**
   * Maps an image with its final protection, applies its jump labels and static calls, calls
   * parameters' set functions and constructors, and runs init. On success init segments are
   * unmapped and the module's code can be called; on anything else all of it is undone before this
   * returns: unmapped, its objects and registrations reclaimed. Host memory stays the caller's.
   */
  LoadOutcome load(LoadImage image);

  /**
   * Runs exit, reports and reclaims what the module left behind, and unmaps it. Exit is run once,
   * and of a live module only: one whose exit died, or whose load broke off, is taken out without
   * it. A module that is not there leaves nothing.
   */
  UnloadOutcome unload(long loadId);

  /** Says for whom the loads, unloads and calls that follow are done. */
  default void onBehalfOf(Caller caller) {}

  /** Calls a function with buffers that live for the call only. */
  CallOutcome call(CallRequest request);

  /** Returns what is mapped at the moment, by address; does not wait for guest code. */
  List<MappedRegion> memoryMap();

  /** Returns the figures as of the last finished job and guest allocation; never torn. */
  GuestCounters counters();

  /** Ends the guest call under way, if any, as the watchdog would. */
  void interrupt();

  @Override
  void close();
}
