package io.linkout.kernel.command;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/** A subcommand's command line, as getopt_long would read it. */
public final class Arguments {
  private final CommandLine line;

  private Arguments(CommandLine line) {
    this.line = line;
  }

  /**
   * Reads {@code words} by {@code options}, to which {@code --socket}, {@code --help} and {@code
   * --version} are added.
   *
   * @throws Failure naming the word that is wrong
   */
  public static Arguments parse(Options options, List<String> words) throws Failure {
    options.addOption(option("socket", "PATH"));
    options.addOption(new Option("h", "help", false, null));
    options.addOption(new Option("V", "version", false, null));
    try {
      return new Arguments(new DefaultParser().parse(options, words.toArray(String[]::new), false));
    } catch (AmbiguousOptionException e) {
      throw new Failure(
          "option '%s' is ambiguous; possibilities: %s"
              .formatted(
                  e.getOption(),
                  String.join(" ", e.getMatchingOptions().stream().map(o -> "--" + o).toList())));
    } catch (MissingArgumentException e) {
      throw new Failure(
          "option '%s' requires an argument"
              .formatted(e.getOption() == null ? "?" : "--" + e.getOption().getLongOpt()));
    } catch (UnrecognizedOptionException e) {
      throw new Failure("unrecognized option '%s'".formatted(e.getOption()));
    } catch (ParseException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  /** Returns a long option with an argument. */
  public static Option option(String name, String argument) {
    return Option.builder().longOpt(name).hasArg().argName(argument).get();
  }

  /** Returns true if the option was given. */
  public boolean has(String name) {
    return line.hasOption(name);
  }

  /** Returns the last value of the option, or null. */
  public @Nullable String value(String name) {
    String[] values = line.getOptionValues(name);
    return values == null ? null : values[values.length - 1];
  }

  /** Returns all values of the option. */
  public List<String> values(String name) {
    String[] values = line.getOptionValues(name);
    return values == null ? List.of() : Arrays.asList(values);
  }

  /** Returns the words that are no options. */
  public List<String> operands() {
    return line.getArgList();
  }

  /**
   * Refuses operands.
   *
   * @throws Failure if there are any
   */
  public void noOperands() throws Failure {
    if (!operands().isEmpty()) {
      throw new Failure("'" + operands().getFirst() + "' is not expected here");
    }
  }

  /** Returns the socket of the kernel that is meant, for a client. */
  public java.nio.file.Path clientSocket(Map<String, String> environment) {
    return Sockets.ofClient(value("socket"), environment);
  }
}
