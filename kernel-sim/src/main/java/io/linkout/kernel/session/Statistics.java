package io.linkout.kernel.session;

import io.linkout.kernel.api.GuestCounters;

/**
 * The kernel's figures at one moment of the event loop.
 *
 * @param sessions open ones, the asker's not counted
 * @param moduleAreaFreeBytes in whatever pieces
 * @param exportTableBytes as the export table's implementation counts them
 * @param modulesOff true where no modules are loaded
 */
public record Statistics(
    long uptimeMillis,
    int sessions,
    int handles,
    long handleBytes,
    int pins,
    int modules,
    long moduleBytes,
    long moduleAreaFreeBytes,
    int exports,
    long exportTableBytes,
    GuestCounters guest,
    boolean modulesOff) {}
