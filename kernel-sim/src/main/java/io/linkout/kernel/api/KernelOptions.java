package io.linkout.kernel.api;

import java.time.Duration;

/**
 * What an operator may choose about the guest side.
 *
 * @param initTimeout bounds every guest call: init, exit, and calls from outside
 * @param heapLimit bytes of guest heap beyond which allocations fail
 * @param seed of the guest's random numbers and of the stack canary
 * @param names false: the kernel keeps no name of a symbol of its own, and prints addresses
 */
public record KernelOptions(Duration initTimeout, long heapLimit, long seed, boolean names) {
  /** A kernel that knows its symbols' names. */
  public KernelOptions(Duration initTimeout, long heapLimit, long seed) {
    this(initTimeout, heapLimit, seed, true);
  }

  /** Ten seconds, 256 MiB, and a seed of the moment. */
  public static KernelOptions defaults() {
    return new KernelOptions(Duration.ofSeconds(10), 256L << 20, System.nanoTime());
  }

  /** Returns these with another {@code initTimeout}. */
  public KernelOptions withInitTimeout(Duration timeout) {
    return new KernelOptions(timeout, heapLimit, seed, names);
  }

  /** Returns these for a kernel that keeps names of its symbols, or none. */
  public KernelOptions withNames(boolean kept) {
    return new KernelOptions(initTimeout, heapLimit, seed, kept);
  }
}
