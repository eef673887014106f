package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints what {@link ExportTableBenchmark} measures as a table, with the bytes of each design as
 * JOL measures them: a row a design, for the kernel's own exports and for all. A time is the least
 * of the iterations' averages, as other work on the machine only adds.
 *
 * <p>Arguments: milliseconds of an iteration, forks, and designs, if not all.
 */
public final class ExportTables {
  private static final List<String> DESIGNS =
      List.of(
          "ours-20",
          "ours-8",
          "ours-32",
          "hash",
          "tree",
          "sorted",
          "front-4",
          "front-8",
          "front-16",
          "front-32",
          "front-64");

  private static final List<String> QUESTIONS =
      List.of("hit", "miss", "imports", "inOrder", "change");

  private ExportTables() {}

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length < 2) {
      System.err.println("symbols: ERROR: usage: ExportTables MILLISECONDS FORKS [DESIGN]...");
      System.exit(1);
    }
    List<String> designs = args.length > 2 ? List.of(args).subList(2, args.length) : DESIGNS;
    for (boolean modules : new boolean[] {false, true}) {
      DebianExports debian = DebianExports.read(modules);
      Map<String, Double> bytes = new HashMap<>();
      for (String design : designs) {
        bytes.put(design, bytesOf(design, debian));
      }
      print(debian, designs, bytes, measured(args, designs, modules));
    }
  }

  /** Returns the bytes an export takes, after a look whether the table has all and nothing else. */
  private static double bytesOf(String name, DebianExports debian) {
    Design table = Design.called(name);
    table.add(debian.exports());
    List<ExportedSymbol> newcomer = debian.newcomer();
    table.add(newcomer);
    table.remove(newcomer.getFirst().owner());
    List<ExportedSymbol> all = new ArrayList<>();
    table.each(all::add);
    boolean right = all.equals(debian.exports());
    for (ExportedSymbol export : debian.exports()) {
      right &= export.equals(table.find(export.name()));
    }
    for (String miss : debian.misses()) {
      right &= table.find(miss) == null;
    }
    if (!right) {
      throw new IllegalStateException(name + " does not have what was put into it");
    }
    return (double) GraphLayout.parseInstance(table.kept()).totalSize() / all.size();
  }

  private static Map<String, Double> measured(String[] args, List<String> designs, boolean modules)
      throws RunnerException {
    TimeValue time = TimeValue.milliseconds(Long.parseLong(args[0]));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(ExportTableBenchmark.class.getName())
            .param("design", designs.toArray(new String[0]))
            .param("modules", String.valueOf(modules))
            .warmupIterations(4)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementTime(time)
            .shouldFailOnError(true)
            .forks(Integer.parseInt(args[1]))
            .verbosity(VerboseMode.SILENT);
    Map<String, Double> nanos = new HashMap<>();
    for (RunResult result : new Runner(options.build()).run()) {
      String label = result.getParams().getBenchmark();
      nanos.put(
          result.getParams().getParam("design") + ' ' + label.substring(label.lastIndexOf('.') + 1),
          result.getPrimaryResult().getStatistics().getMin());
    }
    return nanos;
  }

  private static void print(
      DebianExports debian,
      List<String> designs,
      Map<String, Double> bytes,
      Map<String, Double> nanos) {
    int count = debian.exports().size();
    System.out.printf(Locale.ROOT, "%n%,d exports:%n%n", count);
    System.out.printf(
        Locale.ROOT,
        "| design | bytes a symbol, JOL | hit ns | miss ns | %,d imports µs | all in order, ns each"
            + " | 100 added and removed, µs |%n",
        debian.imports().size());
    System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (String design : designs) {
      double[] of = new double[QUESTIONS.size()];
      for (int i = 0; i < of.length; i++) {
        of[i] = nanos.getOrDefault(design + ' ' + QUESTIONS.get(i), Double.NaN);
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.0f | %.0f | %.0f | %.0f | %,.0f |%n",
          design,
          bytes.getOrDefault(design, Double.NaN),
          of[0],
          of[1],
          of[2] / 1000,
          of[3] / count,
          of[4] / 1000);
    }
  }
}
