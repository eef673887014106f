package io.linkout.bench;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times whole commands side by side: each round runs every command once, in turn, so that a machine
 * whose speed drifts drifts for all of them. The first command is what the others are measured
 * against, round by round.
 *
 * <p>Arguments: rounds, then for each command a label and the command, words separated by blanks.
 * What follows a word {@code ;;} is run after it, and not timed.
 */
public final class Compare {
  private static final int WARM_UP = 2;

  private Compare() {}

  /**
   * Runs the comparison and prints one row a command: wall milliseconds and the ratio to the first.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 3 || args.length % 2 == 0) {
      System.err.println("compare: ERROR: usage: compare ROUNDS LABEL COMMAND [LABEL COMMAND]...");
      System.exit(1);
    }
    int rounds = Integer.parseInt(args[0]);
    List<String> labels = new ArrayList<>();
    List<List<String>> commands = new ArrayList<>();
    for (int i = 1; i < args.length; i += 2) {
      labels.add(args[i]);
      commands.add(List.of(args[i + 1].trim().split("\\s+")));
    }
    double[][] millis = new double[commands.size()][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int c = 0; c < commands.size(); c++) {
        List<String> command = commands.get(c);
        int end = command.indexOf(";;");
        double taken = time(end < 0 ? command : command.subList(0, end));
        if (end >= 0) {
          time(command.subList(end + 1, command.size()));
        }
        if (round >= 0) {
          millis[c][round] = taken;
        }
      }
    }
    System.out.println("| command | min ms | median ms | max ms | ratio, median (min to max) |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (int c = 0; c < commands.size(); c++) {
      double[] ratios = new double[rounds];
      for (int r = 0; r < rounds; r++) {
        ratios[r] = millis[c][r] / millis[0][r];
      }
      double[] sorted = sorted(millis[c]);
      double[] sortedRatios = sorted(ratios);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.2f (%.2f to %.2f) |%n",
          labels.get(c),
          sorted[0],
          median(sorted),
          sorted[rounds - 1],
          median(sortedRatios),
          sortedRatios[0],
          sortedRatios[rounds - 1]);
    }
  }

  private static double time(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    int status = builder.start().waitFor();
    long end = System.nanoTime();
    if (status != 0) {
      throw new IOException("exit status " + status + ": " + String.join(" ", command));
    }
    return (end - start) / 1e6;
  }

  private static double[] sorted(double[] values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }

  private static double median(double[] sorted) {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
