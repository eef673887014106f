package io.linkout.bench;

import io.linkout.link.ExportHints;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Links one big module, named by LINKOUT_MODULE, warm: from the mapped file in the page cache to an
 * image in memory, against a kernel that has every symbol. Relocations a second is the number of
 * relocations, printed at the start, by the time of one operation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class LinkBenchmark {
  private static final LinkOptions FORCED =
      new LinkOptions(true, true, true, LinkOptions.DEFAULT.parameters());
  private static final LinkOptions RELOCATED_ONLY =
      new LinkOptions(true, true, false, LinkOptions.DEFAULT.parameters());

  private final ModuleFile file;
  private final Linker linker =
      new Linker(new OfferingKernel(), X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);

  /** Maps the module. */
  public LinkBenchmark() {
    try {
      file = ModuleFile.open(Path.of(String.valueOf(System.getenv("LINKOUT_MODULE"))));
    } catch (IOException e) {
      throw new IllegalStateException("LINKOUT_MODULE does not name a module", e);
    }
  }

  /** Says how many relocations there are and where the time of one link goes. */
  @Setup
  public void describe() {
    long relocations = 0;
    var sections = file.elf().sections();
    for (int i = 1; i < sections.count(); i++) {
      if (sections.type(i) == 4 && sections.has(sections.info(i), 2)) {
        relocations += sections.size(i) / 24;
      }
    }
    System.out.println("relocations in allocated sections: " + relocations);
    StringBuilder passes = new StringBuilder("passes once warm, us:");
    for (int round = 0; round < 200; round++) {
      passes.setLength("passes once warm, us:".length());
      Linker timed =
          new Linker(
              new OfferingKernel(),
              X86_64.ARCHITECTURE,
              ExportHints.NONE,
              (pass, nanos) -> passes.append(' ').append(pass).append(' ').append(nanos / 1000));
      timed.prepare(file, FORCED).close();
    }
    System.out.println(passes);
  }

  /** Unmaps it. */
  @TearDown
  public void close() {
    file.close();
  }

  /** Everything up to activation. */
  @Benchmark
  public long link() {
    try (LinkedModule module = linker.prepare(file, FORCED)) {
      return module.activation().thisModule();
    }
  }

  /** The same without the passes after relocation. */
  @Benchmark
  public long relocateOnly() {
    try (LinkedModule module = linker.prepare(file, RELOCATED_ONLY)) {
      return module.activation().thisModule();
    }
  }
}
