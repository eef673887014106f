package io.linkout.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One of those that load and remove at once: real commands, one after another, as its random
 * numbers say; about a third of them are killed at some moment of their lives. Confined to one
 * thread.
 */
final class StormClient {
  /** What commands may say for others having been quicker, or for an init told to fail. */
  private static final List<String> EXPECTED =
      List.of(
          "File exists",
          "Unknown symbol in module",
          "No such device",
          "is in use",
          "Device or resource busy",
          "not currently loaded",
          "is not loaded",
          "Module not found",
          "No such file or directory");

  private final StormModules modules;
  private final Path socket;
  private final Random random;
  private final Map<String, Double> usualMillis = new HashMap<>();
  private int commands;
  private int kills;

  StormClient(StormModules modules, Path socket, Random random) {
    this.modules = modules;
    this.socket = socket;
    this.random = random;
  }

  /** Returns how many commands it has started. */
  int commands() {
    return commands;
  }

  /** Returns how many of them were killed before they had ended. */
  int kills() {
    return kills;
  }

  /** Runs {@code count} commands, each to its end. */
  void run(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      runOne();
    }
  }

  private void runOne() throws InterruptedException {
    int choice = random.nextInt(100);
    String tool = choice < 15 ? "insmod" : choice < 55 ? "modprobe" : choice < 90 ? "rmmod" : "-r";
    List<String> words =
        switch (tool) {
          case "insmod" -> insmod();
          case "rmmod" -> removals();
          case "modprobe" -> modprobe("-a", 1 + random.nextInt(40));
          default -> modprobe("-r", 1);
        };
    // Some have ended before their moment comes: a third of all are killed.
    boolean killed = random.nextInt(100) < 45;
    double moment = 0.1 + random.nextDouble();
    long start = System.nanoTime();
    Tool.Running running =
        Tool.start(socket, tool.equals("-r") ? "modprobe" : tool, words.toArray(String[]::new));
    commands++;
    if (killed) {
      long millis = (long) (usualMillis.getOrDefault(tool, 300.0) * moment);
      if (!running.process().waitFor(millis, TimeUnit.MILLISECONDS)) {
        running.kill();
      }
    }
    Tool.Outcome outcome = running.await();
    if (outcome.status() == 128 + 9) {
      kills++;
      return;
    }
    usualMillis.merge(tool, (System.nanoTime() - start) / 1e6, (old, now) -> (3 * old + now) / 4);
    if (outcome.status() != 0) {
      outcome.failed();
      outcome
          .err()
          .lines()
          .filter(l -> !l.startsWith(" ") && EXPECTED.stream().noneMatch(l::contains))
          .forEach(
              l -> {
                throw new AssertionError("not expected: " + l + "\n" + outcome);
              });
    }
  }

  private StormModules.Kind any() {
    return modules.kinds().get(random.nextInt(modules.kinds().size()));
  }

  private List<String> insmod() {
    List<String> words = new ArrayList<>(List.of(modules.file(any().number()).toString()));
    if (random.nextInt(3) == 0) {
      words.add("fail=1");
    }
    return words;
  }

  private List<String> modprobe(String option, int count) {
    List<String> words = new ArrayList<>(List.of("-d", modules.root().toString(), option));
    for (int i = 0; i < count; i++) {
      words.add(any().name());
    }
    return words;
  }

  /** A stretch of modules, those that need others first; half of the time from the last on. */
  private List<String> removals() {
    int count = modules.kinds().size();
    int top = random.nextBoolean() ? count - 1 : random.nextInt(count);
    int bottom = random.nextInt(top + 1);
    List<String> words = new ArrayList<>();
    for (int number = top; number >= bottom; number--) {
      words.add(modules.kinds().get(number).name());
    }
    return words;
  }
}
