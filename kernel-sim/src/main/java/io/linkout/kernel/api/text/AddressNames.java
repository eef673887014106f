package io.linkout.kernel.api.text;

import org.jspecify.annotations.Nullable;

/** Names of guest addresses, as far as the kernel knows any: for %pS and its kin. */
@FunctionalInterface
public interface AddressNames {
  /** Knows no name. */
  AddressNames NONE = address -> null;

  /**
   * The symbol that an address lies in.
   *
   * @param offset of the address in bytes
   * @param size of the symbol in bytes
   * @param module that it belongs to; empty for the kernel itself
   */
  record Name(String symbol, long offset, long size, String module) {}

  /** Returns the symbol at guest address {@code address}, or null if none is known. */
  @Nullable Name lookup(long address);

  /**
   * Returns true if guest address {@code address} lies in a symbol whose name is not kept: {@link
   * #lookup} knows none, who has the kernel's symbol map does.
   */
  default boolean isNameless(long address) {
    return false;
  }
}
