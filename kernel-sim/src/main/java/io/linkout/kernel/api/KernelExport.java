package io.linkout.kernel.api;

import org.jspecify.annotations.Nullable;

/**
 * A symbol the kernel exports.
 *
 * @param address guest address, distinct; unmapped if the behaviour is absent
 * @param crc null if the personality has none
 * @param namespace empty if none
 */
public record KernelExport(
    String name,
    long address,
    @Nullable Integer crc,
    boolean gplOnly,
    String namespace,
    Behaviour behaviour) {

  /** How true to Linux the symbol is. */
  public enum Behaviour {
    /** Does what Linux does. */
    REAL,
    /** Records what was asked and its undoing. */
    MODELLED,
    /** Data with the layout of the personality. */
    DATA,
    /** Not there: touching it is an oops that names it. */
    ABSENT
  }
}
