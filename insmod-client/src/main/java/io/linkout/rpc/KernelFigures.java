package io.linkout.rpc;

/**
 * What the tools need of the kernel's figures.
 *
 * @param bootTimeMicros wall-clock time of the kernel's boot, microseconds since 1970
 * @param taints letters of the kernel's taint
 */
public record KernelFigures(String release, int pid, long bootTimeMicros, String taints) {}
