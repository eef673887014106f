package io.linkout.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entry point for making the AOT cache of {@code kernel-sim}'s short commands: a kernel is started,
 * asked and stopped by one JVM, so that one cache serves them all. Run by {@code scripts/train} and
 * by nothing else.
 */
public final class TrainingRun {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("start"),
          List.of("status"),
          List.of("stats"),
          List.of("stats", "--json"),
          List.of("sessions"),
          List.of("reload"),
          List.of("status", "--quiet"),
          List.of("stop"));

  private TrainingRun() {}

  /**
   * Runs the commands, the arguments after each; exits with 1 if one fails, so that no cache is
   * made from commands that did not do their work.
   */
  public static void main(String[] arguments) {
    int wrong = 0;
    for (List<String> command : COMMANDS) {
      List<String> words = new ArrayList<>(command);
      words.addAll(List.of(arguments));
      // A list of the kind that main() makes.
      wrong |= KernelSim.run(Arrays.asList(words.toArray(String[]::new)), System.getenv());
    }
    System.out.flush();
    Runtime.getRuntime().halt(wrong);
  }
}
