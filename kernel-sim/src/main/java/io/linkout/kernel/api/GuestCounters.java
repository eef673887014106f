package io.linkout.kernel.api;

/**
 * Figures of the guest side: a consistent snapshot.
 *
 * @param heapObjects objects that guest code allocated and has not freed
 * @param heapBytes bytes of these as asked for
 * @param registrations things registered and not undone
 * @param calls guest calls started since boot
 */
public record GuestCounters(
    long heapObjects,
    long heapBytes,
    long registrations,
    long calls,
    long oopses,
    long softLockups,
    String taints) {}
