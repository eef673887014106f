package io.linkout.cli;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
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

  /** Returns which of {@code names} was given last, null if none was. */
  @Nullable String lastOf(List<String> names) {
    String last = null;
    for (Option option : line.getOptions()) {
      last = names.contains(option.getLongOpt()) ? option.getLongOpt() : last;
    }
    return last;
  }

  /** Returns all values given for {@code name}, in order. */
  List<String> values(String name) {
    String[] values = line.getOptionValues(name);
    return values == null ? List.of() : List.of(values);
  }

  /** Returns the words that are no options, in order. */
  List<String> operands() {
    return operands;
  }
}
