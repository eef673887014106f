package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.config.ModuleTree;
import io.linkout.link.ModuleFile;
import io.linkout.link.Programs;
import io.linkout.link.SymbolMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names in reports, from the files that the reports tell of. */
class OopsTextTest {
  private static final String SOURCE =
      """
      int first(int *p) { return *p; }
      __attribute__((noinline))
      int second(int *p) { return first(p + 1) + 1; }
      __attribute__((section(".init.text"))) int begin(int *p) { return second(p) + 1; }
      """;

  private static final String TRACE =
      """
      BUG: kernel NULL pointer dereference, address: 0000000000000008
      linkout: module m: text 0xffffffffa0000000-0xffffffffa0001000, init 0xffffffffa0004000-0xffffffffa0005000, build id ID, file FILE
      RIP: 0010:m+0x0 [m]
      Call Trace:
       <TASK>
       ? m+0x4001 [m]
       </TASK>
      """;

  @TempDir Path directory = Path.of("replaced by JUnit");
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path file = Path.of("set before each");

  @BeforeEach
  void compile() throws IOException, InterruptedException {
    file = compiled("m.ko", SOURCE, "-g0");
  }

  private Path compiled(String name, String source, String debug)
      throws IOException, InterruptedException {
    Path ko = directory.resolve(name);
    Path c = Files.writeString(directory.resolve("m.c"), source);
    Programs.run(
        List.of(
            "gcc",
            "-O1",
            debug,
            "-fno-pic",
            "-mcmodel=kernel",
            "-ffreestanding",
            "-fno-asynchronous-unwind-tables",
            "-c",
            c.toString(),
            "-o",
            ko.toString()));
    return ko;
  }

  private static String buildId(Path file) throws IOException {
    try (ModuleFile module = ModuleFile.open(file)) {
      return module.buildId();
    }
  }

  private OopsText names() {
    Console console = new Console("t", OutputStream.nullOutputStream(), err, Map.of());
    ModuleTree tree = ModuleTree.of(directory.toString(), Map.of(), "none");
    return new OopsText(new ModuleFiles(tree), console);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static List<String> report(String buildId, Path path) {
    return TRACE.replace("ID,", buildId + ",").replace("FILE", path.toString()).lines().toList();
  }

  @Test
  void theReportTellsWhereToLook() throws IOException {
    List<String> decoded = names().decode(report(buildId(file), file));
    assertThat(decoded.get(2)).matches("RIP: 0010:first\\+0x0/0x[0-9a-f]+ \\[m]");
    assertThat(decoded.get(5)).matches(" \\? begin\\+0x1/0x[0-9a-f]+ \\[m]");
    assertThat(said()).isEmpty();
  }

  @Test
  void linesBeforeTheModulesAreNamedToo() throws IOException {
    List<String> lines = new ArrayList<>(report(buildId(file), file));
    lines.set(0, "WARNING: CPU: 0 PID: 7 at m+0x0 [m]");
    assertThat(names().decode(lines).getFirst()).contains(" at first+0x0/0x");
  }

  /** The same module's name, loaded twice from different files at different places. */
  @Test
  void eachReportHasItsOwnModules() throws IOException, InterruptedException {
    Path other = compiled("other.ko", SOURCE.replace("first", "third"), "-g0");
    List<String> lines = new ArrayList<>(report(buildId(file), file));
    lines.addAll(report(buildId(other), other));
    List<String> decoded = names().decode(lines);
    assertThat(decoded.get(2)).contains("first+0x0");
    assertThat(decoded.get(9)).contains("third+0x0");
  }

  @Test
  void anotherBuildIsNotUsedWhichIsSaidOnce() throws IOException {
    List<String> lines = new ArrayList<>(report("0123456789abcdef", file));
    lines.addAll(List.copyOf(lines));
    assertThat(names().decode(lines)).isEqualTo(lines);
    assertThat(said())
        .isEqualTo(
            "t: WARNING: module m had build id 0123456789abcdef, so its addresses are not named: "
                + file
                + " has build id "
                + buildId(file)
                + "\n");
  }

  @Test
  void aFileThatIsGoneIsNoNews() throws IOException {
    List<String> lines = report(buildId(file), file);
    Files.delete(file);
    assertThat(names().decode(lines)).isEqualTo(lines);
    assertThat(said()).isEmpty();
  }

  @Test
  void whatIsNoReportOfOursIsLeftAlone() {
    List<String> lines =
        List.of(
            "linkout: module m: text 0xzz-0x1, build id 1",
            "linkout: module : build id 1",
            "m+0x [m] m+0x5/0x6 [m] m+0x00112233445566778899 [m]",
            "linkout: module n: text 0x1-0x2, build id 00, file a\0b",
            "n+0x5 [n]");
    assertThat(names().decode(lines)).isEqualTo(lines);
    assertThat(said()).isEmpty();
  }

  /** %pS prints a size of 0 for what it only knows the module of; a real size goes with a name. */
  @Test
  void whatPsPrintedOfAModuleIsNamed() throws IOException {
    List<String> lines = new ArrayList<>(report(buildId(file), file));
    lines.set(2, "at m+0x0/0x0 [m], m+0x0/0x7 [m], m+0x0/0x0");
    assertThat(names().decode(lines).get(2))
        .matches("at first\\+0x0/0x[1-9a-f]+ \\[m], m\\+0x0/0x7 \\[m], m\\+0x0/0x0");
  }

  private static final String LEAKS =
      """
      linkout: module m: text 0xffffffffa0000000-0xffffffffa0001000, init 0xffffffffa0004000-0xffffffffa0005000, build id ID, file FILE
      linkout: m left kmalloc-64 of 64 bytes at 0xffff888000000000, made by m+0x0 [m]
      linkout: m left timer at 0xffffffffa0002000, made by m+0x4001 [m]
      m: at m+0x0/0x0 [m]
      """;

  @Test
  void whoMadeWhatIsLeftIsNamedWhenTheModuleIsGone() throws IOException {
    List<String> lines =
        LEAKS.replace("ID,", buildId(file) + ",").replace("FILE", file.toString()).lines().toList();
    List<String> decoded = names().decode(lines);
    assertThat(decoded.get(1)).matches(".*, made by first\\+0x0/0x[0-9a-f]+ \\[m]");
    assertThat(decoded.get(2)).matches(".*, made by begin\\+0x1/0x[0-9a-f]+ \\[m]");
    assertThat(decoded.get(3)).as("that may be another load").isEqualTo(lines.get(3));
    List<String> piecemeal = new ArrayList<>();
    OopsText names = names();
    for (String line : lines) {
      piecemeal.addAll(names.decode(List.of(line)));
    }
    assertThat(piecemeal).isEqualTo(decoded);
  }

  private SymbolMap map(String lines) throws IOException {
    Path map = directory.resolve("map");
    return SymbolMap.read(Files.writeString(map, "linkout-symbols 1 00 00 6.1\n" + lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RIP: 0010:0xffffffff81000014                      | RIP: 0010:beta+0x4/0x20
          kernel BUG at 0xffffffff81000010 [verbose]        | kernel BUG at beta+0x0/0x20 [verbose]
          WARNING: CPU: 0 PID: 7 at 0xffffffff81000000      | WARNING: CPU: 0 PID: 7 at alpha+0x0/0x10
          WARNING: CPU: 0 PID: 7 at a.c:1 0xffffffff81000000| WARNING: CPU: 0 PID: 7 at a.c:1 alpha+0x0/0x10
          a mutex is held, taken at 0xffffffff81000011      | a mutex is held, taken at beta+0x1/0x20
          INFO: Freed in 0xffffffff81000000                 | INFO: Freed in alpha+0x0/0x10
          INFO: Freed again in 0xffffffff81000000           | INFO: Freed again in alpha+0x0/0x10
          linkout: m left timer at 0x1, made by 0xffffffff81000000 | linkout: m left timer at 0x1, made by alpha+0x0/0x10
          initcall 0xffffffff81000000 returned              | initcall alpha+0x0/0x10 returned
          called from 0xffffffff81000010                    | called from alpha+0x10/0x10
          m: at [<ffffffff81000012>].                       | m: at beta+0x2/0x20.
          m: at 0xffffffff81000012 ffffffff81000012         | m: at 0xffffffff81000012 ffffffff81000012
          m: made of 0xffffffff81000012                     | m: made of 0xffffffff81000012
          [<ffffffff81000012>] ? gamma+0x2/0x4              | [<ffffffff81000012>] ? gamma+0x2/0x4
          INFO: Freed in 0xffffffff80000000                 | INFO: Freed in 0xffffffff80000000
          m: at [<ffffffff81000099>]                        | m: at [<ffffffff81000099>]
          """)
  void theMapNamesWhatAKernelWithSymbolsWould(String line, String named) throws IOException {
    SymbolMap map =
        map(
            """
            alpha 0xffffffff81000000 - T -
            beta 0xffffffff81000010 - t -
            gamma 0xffffffff81000030 - T -
            """);
    assertThat(names().with(map).decode(List.of(line))).containsExactly(named);
    assertThat(names().decode(List.of(line))).as("no map").containsExactly(line);
  }

  @Test
  void aBrokenMapCostsNoLine() throws IOException {
    List<String> lines = List.of("RIP: 0010:0xffffffff81000014", "Freed in 0xffffffff81000014");
    assertThat(names().with(map("alpha 0xffffffff8100000\nbeta\n")).decode(lines)).isEqualTo(lines);
    assertThat(said()).startsWith("t: WARNING: " + directory.resolve("map")).hasLineCount(1);
  }

  private static void needsAddr2line() {
    assumeTrue(
        Programs.succeeds("addr2line", "--version"),
        "SKIPPED: no addr2line (binutils) here, which tells lines of source code");
  }

  @Test
  void debugInformationGivesLines() throws IOException, InterruptedException {
    needsAddr2line();
    Path debug = compiled("debug.ko", SOURCE, "-g");
    List<String> decoded = names().decode(report(buildId(debug), debug));
    assertThat(decoded.get(2)).endsWith(" [m] (m.c:1)");
    assertThat(decoded.get(5)).endsWith(" [m] (m.c:4)");
    // once more over what was decoded changes nothing
    assertThat(names().decode(decoded)).isEqualTo(decoded);
  }

  @Test
  void inlinedCallsAreTold() throws IOException, InterruptedException {
    needsAddr2line();
    String inlined =
        "static inline " + SOURCE.replace("return *p;", "asm(\"nop; nop\"); return *p;");
    Path debug = compiled("debug.ko", inlined, "-g");
    List<String> lines = new ArrayList<>(report(buildId(debug), debug));
    lines.set(2, "RIP: 0010:m+0x1 [m]");
    assertThat(names().decode(lines).get(2)).contains("second+0x1/").endsWith(" (m.c:1 m.c:3)");
  }

  @Test
  void packedFilesHaveLinesToo() throws IOException, InterruptedException {
    needsAddr2line();
    Path debug = compiled("debug.ko", SOURCE, "-g");
    Path packed = directory.resolve("packed.ko.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(debug, out);
    }
    assertThat(names().decode(report(buildId(packed), packed)).get(2)).endsWith(" [m] (m.c:1)");
  }
}
