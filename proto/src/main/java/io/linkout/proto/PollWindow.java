package io.linkout.proto;

/**
 * How long to look again and again for what is awaited, before going to sleep for it: to be woken
 * takes ten times as long as a message if the processor has gone to sleep as well. One wait shorter
 * than the longest window opens it wholly, since looking would have caught that; each longer one
 * halves it, so that one pause of a collector or one long init does not shut it, and whoever always
 * waits for long soon takes no processor time. What a hypervisor does for a guest that has nothing
 * to do (virt/kvm/kvm_main.c: kvm_vcpu_halt) opens step by step and shuts at once; with that, loads
 * into a daemon with the quick compiler only took 275 us in the median in place of 156
 * (2026-11-30). Confined to one thread.
 *
 * <p>Who looks gives the processor to whoever has work, {@link Thread#yield}: with two processors
 * the client, the event loop and the CPU thread are one too many, and a wait that only spins keeps
 * the one it waits for from running: 119 us a load in place of 86.
 */
public final class PollWindow {
  /** Nanoseconds for which anybody looks at most. */
  public static final long MOST = 200_000;

  /** Below it to look is of no use: the shortest answers take as long. */
  private static final long LEAST = 10_000;

  private final long most;
  private long nanos;

  /** A window that is shut, and opens to {@link #MOST} if there is more than one processor. */
  public PollWindow() {
    this(Runtime.getRuntime().availableProcessors() > 1 ? MOST : 0);
  }

  /** A window that is shut, and opens to {@code most} nanoseconds. */
  public PollWindow(long most) {
    this.most = most;
  }

  /** Returns for how many nanoseconds to look. */
  public long nanos() {
    return nanos;
  }

  /** What was awaited has come {@code waited} nanoseconds after the wait began. */
  public void came(long waited) {
    if (waited < most) {
      nanos = most;
    } else {
      nanos = nanos / 2 < LEAST ? 0 : nanos / 2;
    }
  }
}
