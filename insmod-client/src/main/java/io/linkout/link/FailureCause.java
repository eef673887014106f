package io.linkout.link;

/**
 * One cause for the kernel log.
 *
 * @param subject symbol, parameter or version magic
 * @param errno positive, 0 where Linux prints none
 * @param expected expected value or namespace where Linux prints one, else empty
 */
public record FailureCause(Kind kind, String subject, int errno, String expected) {
  /** What went wrong, each a message of Linux's. */
  public enum Kind {
    /** {@code %s: Unknown symbol %s (err %d)}. */
    UNKNOWN_SYMBOL,
    /** {@code %s: disagrees about version of symbol %s}. */
    VERSION_DISAGREES,
    /** {@code %s: version magic '%s' should be '%s'}. */
    BAD_VERMAGIC,
    /** {@code %s: `%s' invalid for parameter `%s'}. */
    BAD_PARAMETER,
    /** {@code %s: unknown parameter '%s'}. */
    UNKNOWN_PARAMETER,
    /** {@code %s: module uses symbol (%s) from namespace %s, but does not import it.}. */
    NAMESPACE_NOT_IMPORTED,
    /** {@code %s: exports duplicate symbol %s (owned by %s)}; the owner is what was expected. */
    DUPLICATE_EXPORT
  }
}
