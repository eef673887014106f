package io.linkout.cli;

import io.linkout.link.PassTimer;

/** Prints each phase of a load with its microseconds, one a line. */
final class PhaseTable implements PassTimer {
  private final Console console;

  PhaseTable(Console console) {
    this.console = console;
  }

  @Override
  public void passed(String pass, long nanos) {
    console.line(
        Numbers.left(pass, 12) + " " + Numbers.padded(Long.toString(nanos / 1000), 8, ' ') + " us");
  }
}
