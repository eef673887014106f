package io.linkout.cli;

import java.util.List;

/** A module was not loaded; nothing of it is left in the kernel. */
final class LoadFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;
  private final List<String> causes;

  /**
   * A failure.
   *
   * @param errno positive, 0 if the connection is gone
   * @param causes a line each
   */
  LoadFailure(int errno, String reason, List<String> causes) {
    super(reason, null, false, false);
    this.errno = errno;
    this.causes = List.copyOf(causes);
  }

  int errno() {
    return errno;
  }

  /** Returns the reason in few words. */
  String reason() {
    return String.valueOf(getMessage());
  }

  List<String> causes() {
    return causes;
  }
}
