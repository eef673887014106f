package io.linkout.bench.argument;

import io.linkout.kernel.personality.PersonalityException;
import io.linkout.rpc.Traffic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Loads the same modules with the same linker inside the kernel, over the socket, and over the
 * socket into a kernel that keeps no symbols, in turns, all of them once before any is measured;
 * prints a table, and the same as tab-separated values to a file. No init is run: what is measured
 * is a load, from the file in the page cache to live.
 *
 * <p>Arguments: headers, socket, socket of the kernel without symbols, file for the values, a file
 * with the paths of a chain of modules in order, then for each module to be measured alone its path
 * and, joined to it by commas, those it needs first.
 */
public final class Argument {
  private static final int ROUNDS = 5;
  private static final double WARM_SECONDS = 3;
  private static final double SECONDS = 3;
  private static final long NOT_MEASURED = -1;

  private final List<Side> sides;
  private final PrintStream values;

  private Argument(List<Side> sides, PrintStream values) {
    this.sides = sides;
    this.values = values;
  }

  /** Runs it. */
  public static void main(String[] args) throws IOException, PersonalityException {
    try (Side inside = Side.inside(new InKernel(Path.of(args[0])));
        Side outside = Side.outside(args[1]);
        Side userspace = Side.userspace(args[2]);
        PrintStream values = new PrintStream(args[3], StandardCharsets.UTF_8)) {
      Argument argument = new Argument(List.of(inside, outside, userspace), values);
      List<List<Path>> singles = new ArrayList<>();
      for (int i = 5; i < args.length; i++) {
        singles.add(paths(List.of(args[i].split(","))));
      }
      List<Path> chain = paths(Files.readAllLines(Path.of(args[4])));
      argument.warmUp(singles, chain);
      argument.head();
      for (List<Path> single : singles) {
        argument.single(single);
      }
      argument.chain(chain);
      argument.heapOfEach(inside, chain);
    }
  }

  /** Loads everything everywhere, so that no side and no module is the first of its kind. */
  private void warmUp(List<List<Path>> singles, List<Path> chain) throws IOException {
    for (Side side : sides) {
      for (List<Path> single : singles) {
        List<String> before = all(side, single.subList(0, single.size() - 1));
        repeat(side, single.getLast(), WARM_SECONDS);
        removeAll(side, before);
      }
      side.fresh();
      removeAll(side, side.loadAll(chain));
    }
  }

  /** Prints what each module of the chain keeps of the heap where it was linked in the kernel. */
  private void heapOfEach(Side inside, List<Path> chain) throws IOException {
    inside.fresh();
    long before = usedHeap();
    List<String> loaded = inside.loadAll(chain);
    long kept = (usedHeap() - before) / loaded.size();
    removeAll(inside, loaded);
    System.out.printf(
        Locale.ROOT, "%nLinked in the kernel a module keeps %,d bytes of its heap.%n", kept);
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static List<Path> paths(List<String> names) {
    return names.stream().map(Path::of).toList();
  }

  private void head() {
    values.println(
        "what\tside\tbytes\tmedian_us\tp99_us\tkernel_us\tround_trips\tsent\treceived\tsocket_us\tshared_us");
    System.out.println(
        "| what | linked | median, us | 99th percentile | of it in the kernel or on the way there |"
            + " round trips | bytes sent, received | the socket alone | with shared memory |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  }

  /** Loads the last of {@code paths} over and over, the others once before it. */
  private void single(List<Path> paths) throws IOException {
    Path module = paths.getLast();
    List<Path> before = paths.subList(0, paths.size() - 1);
    List<List<String>> loaded = new ArrayList<>();
    for (Side side : sides) {
      loaded.add(all(side, before));
      repeat(side, module, WARM_SECONDS);
    }
    List<List<Long>> nanos = new ArrayList<>();
    long[] kernelNanos = new long[sides.size()];
    Arrays.fill(kernelNanos, Long.MAX_VALUE);
    Traffic[] traffic = new Traffic[sides.size()];
    sides.forEach(side -> nanos.add(new ArrayList<>()));
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < sides.size(); i++) {
        Side side = sides.get(i);
        nanos.get(i).addAll(repeat(side, module, SECONDS / ROUNDS));
        Once once = once(side, module);
        traffic[i] = once.traffic();
        kernelNanos[i] = Math.min(kernelNanos[i], once.kernelNanos());
      }
    }
    for (int i = 0; i < sides.size(); i++) {
      print(
          module.getFileName().toString(),
          sides.get(i),
          Files.size(module),
          nanos.get(i),
          kernelNanos[i],
          traffic[i],
          socketAlone(sides.get(i), module, median(nanos.getFirst()), kernelNanos[0], false),
          socketAlone(sides.get(i), module, median(nanos.getFirst()), kernelNanos[0], true));
      removeAll(sides.get(i), loaded.get(i));
    }
  }

  private static long median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
  }

  /**
   * Returns nanoseconds that a load's messages take by themselves, 0 if there are none; {@code
   * shared} if contents are in memory that both sides have.
   */
  private static long socketAlone(
      Side side, Path module, long loadNanos, long kernelNanos, boolean shared) throws IOException {
    List<Traffic> turns = side.turnsOf(module);
    if (turns.isEmpty()) {
      return 0;
    }
    long linkNanos = Math.max(0, loadNanos - kernelNanos);
    try (SocketAlone socket =
        new SocketAlone(turns, linkNanos / turns.size(), kernelNanos / turns.size(), shared)) {
      return socket.median(100);
    }
  }

  /** One load's messages, and how much of it was in the kernel or on the way there. */
  private record Once(Traffic traffic, long kernelNanos) {}

  private static Once once(Side side, Path module) throws IOException {
    Traffic start = side.traffic();
    long nanos = side.kernelNanos();
    String name = side.load(module);
    long kernelNanos = side.kernelNanos() - nanos;
    Traffic traffic = between(start, side.traffic());
    side.remove(name);
    return new Once(traffic, kernelNanos);
  }

  /** Returns what passed between two moments. */
  static Traffic between(Traffic start, Traffic end) {
    return new Traffic(
        end.sent() - start.sent(),
        end.received() - start.received(),
        end.roundTrips() - start.roundTrips());
  }

  private static List<Long> repeat(Side side, Path module, double seconds) throws IOException {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      String name = side.load(module);
      nanos.add(System.nanoTime() - start);
      side.remove(name);
    }
    return nanos;
  }

  private void chain(List<Path> paths) throws IOException {
    long bytes = 0;
    for (Path path : paths) {
      bytes += Files.size(path);
    }
    List<List<Long>> nanos = new ArrayList<>();
    long[] kernelNanos = new long[sides.size()];
    Traffic[] traffic = new Traffic[sides.size()];
    sides.forEach(side -> nanos.add(new ArrayList<>()));
    for (int round = -5; round < ROUNDS; round++) {
      for (int i = 0; i < sides.size(); i++) {
        Side side = sides.get(i);
        side.fresh();
        Traffic before = side.traffic();
        long start = System.nanoTime();
        List<String> loaded = side.loadAll(paths);
        long end = System.nanoTime();
        traffic[i] = between(before, side.traffic());
        kernelNanos[i] = side.kernelNanos();
        removeAll(side, loaded);
        if (round >= 0) {
          nanos.get(i).add(end - start);
        }
      }
    }
    for (int i = 0; i < sides.size(); i++) {
      print(
          "a chain of " + paths.size(),
          sides.get(i),
          bytes,
          nanos.get(i),
          kernelNanos[i],
          traffic[i],
          NOT_MEASURED,
          NOT_MEASURED);
    }
  }

  private static List<String> all(Side side, List<Path> paths) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path path : paths) {
      names.add(side.load(path));
    }
    return names;
  }

  private static void removeAll(Side side, List<String> names) {
    for (String name : names.reversed()) {
      side.remove(name);
    }
  }

  private void print(
      String what,
      Side side,
      long bytes,
      List<Long> nanos,
      long kernelNanos,
      Traffic traffic,
      long socketNanos,
      long sharedNanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2] / 1e3;
    double last = sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e3;
    values.printf(
        Locale.ROOT,
        "%s\t%s\t%d\t%.1f\t%.1f\t%.1f\t%d\t%d\t%d\t%s\t%s%n",
        what,
        side.name(),
        bytes,
        median,
        last,
        kernelNanos / 1e3,
        traffic.roundTrips(),
        traffic.sent(),
        traffic.received(),
        micros(socketNanos),
        micros(sharedNanos));
    System.out.printf(
        Locale.ROOT,
        "| %s, %,d bytes | %s | %,.0f | %,.0f | %,.0f | %d | %,d, %,d | %s | %s |%n",
        what,
        bytes,
        side.name(),
        median,
        last,
        kernelNanos / 1e3,
        traffic.roundTrips(),
        traffic.sent(),
        traffic.received(),
        micros(socketNanos),
        micros(sharedNanos));
  }

  private static String micros(long nanos) {
    return nanos == NOT_MEASURED ? "" : String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }
}
