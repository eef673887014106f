package io.linkout.link;

import java.util.List;

/**
 * A well-formed module can't be linked against this kernel. Holds every cause found, not only the
 * first; the error is that of the cause Linux would meet first.
 */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Errno errno;
  private final List<String> causes;
  private final transient List<FailureCause> failures;

  LinkException(Errno errno, List<String> causes, List<FailureCause> failures) {
    super(errno.text());
    this.errno = errno;
    this.causes = List.copyOf(causes);
    this.failures = List.copyOf(failures);
  }

  /** Returns the error; its text is what follows {@code could not insert module F: }. */
  public Errno errno() {
    return errno;
  }

  /** Returns one line for each cause, not indented. */
  public List<String> causes() {
    return causes;
  }

  /** Returns those causes that Linux has a log message for. */
  public List<FailureCause> failures() {
    return failures;
  }
}
