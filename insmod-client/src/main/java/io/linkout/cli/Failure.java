package io.linkout.cli;

import java.util.List;

/** Why a command ends with status 1: one line for stderr, and perhaps indented lines below it. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> causes;

  Failure(String message) {
    this(message, List.of());
  }

  Failure(String message, List<String> causes) {
    super(message, null, false, false);
    this.causes = List.copyOf(causes);
  }

  /** Returns the line, without the program's prefix. */
  String message() {
    return String.valueOf(getMessage());
  }

  /** Returns the lines below it. */
  List<String> causes() {
    return causes;
  }
}
