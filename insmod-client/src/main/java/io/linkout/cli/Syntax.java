package io.linkout.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.jspecify.annotations.Nullable;

/**
 * The options of a command, parsed as getopt_long does: operands anywhere, long options shortened
 * while unique, {@code --} ends them, repeats allowed.
 *
 * <p>Commons CLI keeps the table and finds abbreviations. It takes {@code -cl} for a short form of
 * {@code --clear} and a negative number for an option, so clusters are taken apart and operands put
 * last before it sees them.
 */
final class Syntax {
  private final Options options = new Options();
  private final String usage;
  private final StringBuilder help = new StringBuilder();
  private final StringBuilder notes = new StringBuilder();

  /** Options of a command that is used as {@code usage}, such as {@code rmmod [options] name}. */
  Syntax(String usage) {
    this.usage = usage;
  }

  /** Adds an option without a value; {@code letter} 0 if it has no short form. */
  Syntax flag(char letter, String name, String description) {
    return add(letter, name, "", description);
  }

  /** Adds an option with a value called {@code value} in the help. */
  Syntax value(char letter, String name, String value, String description) {
    return add(letter, name, value, description);
  }

  /** Adds {@code --socket}. */
  Syntax socket() {
    return value('\0', "socket", "PATH", "socket of the kernel");
  }

  /** Adds {@code --search}, for what needs files of loaded modules. */
  Syntax search() {
    return value('\0', "search", "DIR", "where else files of modules may be");
  }

  /** Adds lines at the end of the help. */
  Syntax note(String lines) {
    notes.append(lines);
    return this;
  }

  private Syntax add(char letter, String name, String value, String description) {
    options.addOption(
        letter == 0 ? null : String.valueOf(letter), name, !value.isEmpty(), description);
    StringBuilder left = new StringBuilder(letter == 0 ? "    " : "-" + letter + ", ");
    left.append("--").append(name);
    if (!value.isEmpty()) {
      left.append('=').append(value);
    }
    while (left.length() < 27) {
      left.append(' ');
    }
    help.append('\t').append(left).append(' ').append(description).append('\n');
    return this;
  }

  /** Returns what {@code --help} prints. */
  String help() {
    return "Usage:\n\t" + usage + "\nOptions:\n" + help + notes;
  }

  /**
   * Parses what follows the command's name.
   *
   * @param negativeNumbers a word that begins with a minus and a digit is an operand
   * @throws Failure if an option is unknown, ambiguous, or lacks or has a value it should not
   */
  Arguments parse(String[] words, boolean negativeNumbers) {
    flag('V', "version", "show version");
    flag('h', "help", "show this help");
    List<String> plain = new ArrayList<>();
    List<String> operands = new ArrayList<>();
    int i = 0;
    while (i < words.length) {
      String word = words[i++];
      if (word.equals("--")) {
        operands.addAll(List.of(words).subList(i, words.length));
        break;
      }
      if (word.length() < 2 || word.charAt(0) != '-' || (negativeNumbers && isNumber(word))) {
        operands.add(word);
      } else if (word.startsWith("--")) {
        i += longOption(word, i < words.length ? words[i] : null, plain);
      } else {
        i += cluster(word, i < words.length ? words[i] : null, plain);
      }
    }
    CommandLine line = parse(plain);
    return new Arguments(line, operands);
  }

  private static boolean isNumber(String word) {
    char c = word.charAt(1);
    return c >= '0' && c <= '9';
  }

  /** Adds {@code word}, with its value if that is the next word; returns how many words it took. */
  private int longOption(String word, @Nullable String next, List<String> plain) {
    List<String> matches = word.indexOf('=') < 0 ? options.getMatchingOptions(word) : List.of();
    if (matches.size() != 1 || !options.getOption(matches.getFirst()).hasArg()) {
      plain.add(word);
      return 0;
    }
    if (next == null) {
      throw new Failure("option '--" + matches.getFirst() + "' requires an argument");
    }
    plain.add(word + "=" + next);
    return 1;
  }

  /** Takes {@code -abVALUE} apart; returns how many of the words after it were used. */
  private int cluster(String word, @Nullable String next, List<String> plain) {
    for (int i = 1; i < word.length(); i++) {
      String letter = word.substring(i, i + 1);
      Option option = options.hasShortOption(letter) ? options.getOption(letter) : null;
      if (option == null) {
        throw new Failure("invalid option -- '" + letter + "'");
      }
      if (!option.hasArg()) {
        plain.add("--" + option.getLongOpt());
        continue;
      }
      boolean attached = i + 1 < word.length();
      if (!attached && next == null) {
        throw new Failure("option requires an argument -- '" + letter + "'");
      }
      plain.add("--" + option.getLongOpt() + "=" + (attached ? word.substring(i + 1) : next));
      return attached ? 0 : 1;
    }
    return 0;
  }

  private CommandLine parse(List<String> plain) {
    try {
      return DefaultParser.builder()
          .setStripLeadingAndTrailingQuotes(false)
          .get()
          .parse(options, plain.toArray(new String[0]));
    } catch (AmbiguousOptionException e) {
      throw new Failure("option '" + e.getOption() + "' is ambiguous");
    } catch (UnrecognizedOptionException e) {
      throw new Failure("unrecognized option '" + e.getOption() + "'");
    } catch (ParseException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }
}
