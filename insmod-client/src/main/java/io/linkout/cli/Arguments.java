package io.linkout.cli;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.jspecify.annotations.Nullable;

/** A parsed command line. */
final class Arguments {
  private final CommandLine line;
  private final List<String> operands;

  Arguments(CommandLine line, List<String> operands) {
    this.line = line;
    this.operands = List.copyOf(operands);
  }

  /** Returns true if option {@code name} was given. */
  boolean has(String name) {
    return line.hasOption(name);
  }

  /** Returns the last value given for {@code name}, or null. */
  @Nullable String value(String name) {
    String[] values = line.getOptionValues(name);
    return values == null ? null : values[values.length - 1];
  }

  /** Returns the words that are no options, in order. */
  List<String> operands() {
    return operands;
  }
}
