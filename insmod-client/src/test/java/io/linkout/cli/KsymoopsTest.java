package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.link.ModuleFile;
import io.linkout.link.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ksymoops: logs as they are pasted, files wherever they are. */
class KsymoopsTest {
  @TempDir Path directory = Path.of("replaced by JUnit");
  private Path file = Path.of("set before each");
  private String id = "";

  @BeforeEach
  void compile() throws IOException, InterruptedException {
    Path c = Files.writeString(directory.resolve("m.c"), "int alpha(void) { return 1; }");
    file = Files.createDirectory(directory.resolve("files")).resolve("m.ko");
    Programs.run(
        List.of(
            "gcc",
            "-O1",
            "-g0",
            "-fno-pic",
            "-mcmodel=kernel",
            "-ffreestanding",
            "-fno-asynchronous-unwind-tables",
            "-c",
            c.toString(),
            "-o",
            file.toString()));
    try (ModuleFile module = ModuleFile.open(file)) {
      id = module.buildId();
    }
  }

  private Ran run(String log, String... options) throws IOException {
    Path pasted = Files.writeString(directory.resolve("log"), log);
    List<String> words = new ArrayList<>(List.of("ksymoops", pasted.toString()));
    words.addAll(List.of(options));
    return Ran.in(Map.of(), words.toArray(String[]::new));
  }

  private String report(String prefix) {
    return """
        WARNING: CPU: 0 PID: 1 at m+0x1 [m]
        linkout: module m: text 0xffffffffa0000000-0xffffffffa0001000, build id ID, file /gone/m.ko
        RIP: 0010:0xffffffffa0000001
        Call Trace:
         <TASK>
         ? m+0x2 [m]
         </TASK>
        """
        .replace("ID", id)
        .indent(0)
        .replaceAll("(?m)^(?=.)", java.util.regex.Matcher.quoteReplacement(prefix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[    2.762466] ",
        "<4>[    2.762466] ",
        "kern  :warn  : [    2.762466] ",
        "[Mon Nov 23 04:55:36 2026] ",
        "Nov 23 22:00:00 host kernel: [    2.762466] ",
        "> > ",
        "  "
      })
  void whateverStandsBeforeTheLines(String prefix) throws IOException {
    Ran ran = run(report(prefix), "--module", file.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(prefix).contains(" at alpha+0x1/0x6 [m]"),
            line -> assertThat(line).isEqualTo(report(prefix).lines().toList().get(1)),
            line -> assertThat(line).isEqualTo(prefix + "RIP: 0010:alpha+0x1/0x6 [m]"),
            line -> assertThat(line).isEqualTo(prefix + "Call Trace:"),
            line -> assertThat(line).isEqualTo(prefix + " <TASK>"),
            line -> assertThat(line).isEqualTo(prefix + " ? alpha+0x2/0x6 [m]"),
            line -> assertThat(line).isEqualTo(prefix + " </TASK>"));
  }

  @Test
  void aFileIsFoundByItsBuildIdAlone() throws IOException {
    Files.move(file, file.resolveSibling("other-name.ko"));
    Ran ran = run(report(""), "--search", file.resolveSibling("").toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("RIP: 0010:alpha+0x1/0x6 [m]");
  }

  @Test
  void aModuleWithoutAFileIsSaidOnce() throws IOException {
    String log = report("") + report("");
    assertThat(run(log))
        .isEqualTo(
            new Ran(
                0,
                log,
                "ksymoops: WARNING: module m had build id "
                    + id
                    + ", so its addresses are not named: no such file is there\n"));
  }

  @Test
  void aFileThatIsAnotherBuildIsNotUsed() throws IOException {
    String log = report("").replace(id, "00ff");
    Ran ran = run(log, "--module", file.toString());
    assertThat(ran.out()).isEqualTo(log);
    assertThat(ran.err()).contains("build id 00ff").endsWith(file + " has build id " + id + "\n");
  }

  /** The first lines of a report need those after it, also where what is read at once ends. */
  @Test
  void longLogsAreReadPiecemeal() throws IOException {
    for (int before : new int[] {4094, 4095, 4096, 4030, 4031, 4032, 4033}) {
      Ran ran = run("x\n".repeat(before) + report(""), "--module", file.toString());
      assertThat(ran.out().lines().filter(line -> line.contains("alpha+0x1/0x6"))).hasSize(2);
      assertThat(ran.out().lines()).hasSize(before + 7);
    }
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    assertThat(Ran.in(Map.of(), "ksymoops", "/nowhere").err())
        .isEqualTo("ksymoops: ERROR: cannot read /nowhere: No such file or directory\n");
    assertThat(Ran.in(Map.of(), "ksymoops").err()).contains("missing FILE");
    assertThat(run("", "--module", "/nowhere.ko").err()).contains("cannot read /nowhere.ko: ");
    assertThat(run("", "--symbols", "/nowhere").err()).contains("cannot read /nowhere: ");
    assertThat(run("", "--symbols", file.toString()).err()).contains("is no symbol map");
    assertThat(run(report(""), "--search", "/nowhere").err()).contains("/nowhere: No such file");
  }
}
