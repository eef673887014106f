/**
 * The kernel as guest code meets it: exported functions and data, heap, clock, registrations, and
 * the life of a module's code from its first mapping to its last. Confined to the CPU thread.
 * Depends on {@code cpu}, {@code kmsg} and {@code personality}.
 */
@NullMarked
package io.linkout.kernel.api;

import org.jspecify.annotations.NullMarked;
