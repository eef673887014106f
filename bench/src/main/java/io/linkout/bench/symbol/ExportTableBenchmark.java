package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Looks up, lists and changes the exports of a Debian kernel in tables of several designs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(1)
public class ExportTableBenchmark {
  /** How the exports are kept. */
  @Param("ours-20")
  public String design = "";

  /** False: only what the kernel itself exports; true: its modules' as well. */
  @Param("false")
  public boolean modules;

  private Design table = MapTable.hash();
  private DebianExports debian = new DebianExports(List.of(), List.of(), List.of(), List.of());
  private List<ExportedSymbol> newcomer = List.of();
  private int next;

  /** Fills the table. */
  @Setup
  public void fill() throws IOException {
    debian = DebianExports.read(modules);
    table = Design.called(design);
    table.add(debian.exports());
    newcomer = debian.newcomer();
  }

  /** Looks for one name that is there, each time another. */
  @Benchmark
  public @Nullable ExportedSymbol hit() {
    return table.find(name(debian.hits()));
  }

  /** Looks for one name that is not there, each time another. */
  @Benchmark
  public @Nullable ExportedSymbol miss() {
    return table.find(name(debian.misses()));
  }

  /** Looks for all that a big module imports. */
  @Benchmark
  public void imports(Blackhole to) {
    for (String name : debian.imports()) {
      to.consume(table.find(name));
    }
  }

  /** Goes through all exports by name. */
  @Benchmark
  public void inOrder(Blackhole to) {
    table.each(to::consume);
  }

  /** Adds a module's hundred exports and removes them. */
  @Benchmark
  public void change() {
    table.add(newcomer);
    table.remove(newcomer.getFirst().owner());
  }

  private String name(List<String> names) {
    int i = next < names.size() ? next : 0;
    next = i + 1;
    return names.get(i);
  }
}
