package io.linkout.cli;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.SocketPath;

/** One command of the client. */
abstract class Command {
  private final Syntax syntax;

  Command(Syntax syntax) {
    this.syntax = syntax;
  }

  /** Returns true if a word such as {@code -1} is an operand. */
  boolean takesNegativeNumbers() {
    return false;
  }

  /** Returns the words to parse, given those after the command's name. */
  String[] words(String[] typed, Console console) {
    return typed;
  }

  /**
   * Does the work; returns the exit status, 0 or 1.
   *
   * @throws Failure with what to say on stderr before ending with 1
   */
  abstract int run(Arguments arguments, Console console);

  /** Parses {@code words} and runs, unless it is only asked for help or version. */
  final int start(String[] words, Console console) {
    Arguments arguments = syntax.parse(words(words, console), takesNegativeNumbers());
    if (arguments.has("help")) {
      console.print(syntax.help());
      return 0;
    }
    if (arguments.has("version")) {
      console.line("linkout version " + io.linkout.proto.Protocol.RELEASE);
      return 0;
    }
    return run(arguments, console);
  }

  /** Connects to the kernel that the options and the environment name. */
  static KernelConnection connect(Arguments arguments, Console console) {
    return KernelConnection.open(SocketPath.find(arguments.value("socket"), console.environment()));
  }
}
