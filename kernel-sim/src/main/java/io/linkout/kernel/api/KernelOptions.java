package io.linkout.kernel.api;

import java.time.Duration;

/**
 * What an operator may choose about the guest side.
 *
 * @param initTimeout bounds every guest call: init, exit, and calls from outside
 * @param heapLimit bytes of guest heap beyond which allocations fail
 * @param seed of the guest's random numbers and of the stack canary
 */
public record KernelOptions(Duration initTimeout, long heapLimit, long seed) {
  /** Ten seconds, 256 MiB, and a seed of the moment. */
  public static KernelOptions defaults() {
    return new KernelOptions(Duration.ofSeconds(10), 256L << 20, System.nanoTime());
  }

  /** Returns these with another {@code initTimeout}. */
  public KernelOptions withInitTimeout(Duration timeout) {
    return new KernelOptions(timeout, heapLimit, seed);
  }
}
