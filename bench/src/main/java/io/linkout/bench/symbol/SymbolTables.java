package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jol.info.GraphLayout;

/** Runs {@link SymbolTableBenchmark} and prints a table of it, with sizes as JOL finds them. */
public final class SymbolTables {
  private static final List<String> ADDING = List.of("compressed", "hash map", "tree map");

  private SymbolTables() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, RunnerException {
    SymbolRows rows = SymbolRows.read();
    List<ExportedSymbol> all = rows.all();
    Map<String, Double> scores = scores();
    System.out.printf(
        Locale.ROOT,
        "| design | bytes a symbol, %d | bytes, %d | a name, ns | one that is not there, ns |"
            + " a big module's imports, us | all in order, us | %d exports added and removed, us"
            + " |%n| --- | --- | --- | --- | --- | --- | --- | --- |%n",
        rows.kernel().size(),
        all.size(),
        rows.biggest().size());
    for (String design : SymbolTableBenchmark.DESIGNS) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %s | %s | %s | %s | %s |%n",
          design,
          bytes(design, rows.kernel()),
          bytes(design, all),
          score(scores, design, "hit", 1),
          score(scores, design, "miss", 1),
          score(scores, design, "imports", 1000),
          score(scores, design, "inOrder", 1000),
          score(scores, design, "moduleComesAndGoes", 1000));
    }
  }

  private static double bytes(String design, List<ExportedSymbol> exports) {
    // Strings that the rows hold, too, belong to a design that keeps them.
    Object root = SymbolTableBenchmark.make(design, exports).root();
    return (double) GraphLayout.parseInstance(root).totalSize() / exports.size();
  }

  private static String score(
      Map<String, Double> scores, String design, String benchmark, double unit) {
    Double nanos = scores.get(design + "/" + benchmark);
    return nanos == null
        ? "-"
        : String.format(Locale.ROOT, nanos / unit < 10 ? "%.1f" : "%.0f", nanos / unit);
  }

  private static Map<String, Double> scores() throws RunnerException {
    String benchmark = SymbolTableBenchmark.class.getSimpleName();
    Map<String, Double> scores = new HashMap<>();
    var lookups =
        new OptionsBuilder()
            .include(benchmark + ".(hit|miss|imports|inOrder)$")
            .verbosity(VerboseMode.SILENT)
            .build();
    var adding =
        new OptionsBuilder()
            .include(benchmark + ".moduleComesAndGoes$")
            .param("design", ADDING.toArray(String[]::new))
            .verbosity(VerboseMode.SILENT)
            .build();
    for (var options : List.of(lookups, adding)) {
      for (RunResult result : new Runner(options).run()) {
        String name = result.getParams().getBenchmark();
        scores.put(
            result.getParams().getParam("design") + "/" + name.substring(name.lastIndexOf('.') + 1),
            result.getPrimaryResult().getScore());
      }
    }
    return scores;
  }
}
