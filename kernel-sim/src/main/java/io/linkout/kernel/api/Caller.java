package io.linkout.kernel.api;

/**
 * The process on whose behalf guest code runs: {@code current} to it, and {@code PID} and {@code
 * Comm} of a report.
 *
 * @param pid as the kernel of this machine has it; 0 if it is not known
 * @param comm its name, at most 15 bytes that can be printed; empty if it is not known
 */
public record Caller(int pid, String comm) {
  /** No process that is known: guest code runs as pid 1, named after the request. */
  public static final Caller UNKNOWN = new Caller(0, "");
}
