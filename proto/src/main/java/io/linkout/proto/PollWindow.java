package io.linkout.proto;

/**
 * How long to look again and again for what is awaited, before going to sleep for it: to be woken
 * takes ten times as long as a message if the processor has gone to sleep as well. The window opens
 * where waits turn out to be short, and is shut by the first long one, so that whoever waits for
 * long takes no processor time; the rule is that of a hypervisor whose guest has nothing to do
 * (virt/kvm/kvm_main.c: kvm_vcpu_halt). Confined to one thread.
 */
public final class PollWindow {
  /** Nanoseconds for which anybody looks at most. */
  public static final long MOST = 200_000;

  private static final long FIRST = 10_000;

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
    if (waited >= most) {
      nanos = 0;
    } else if (waited > nanos) {
      nanos = Math.min(most, Math.max(FIRST, 2 * nanos));
    }
  }
}
