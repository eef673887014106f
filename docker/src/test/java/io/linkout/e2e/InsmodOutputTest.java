package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What insmod prints: nothing, unless it is asked to or cannot do it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class InsmodOutputTest {
  private static final String HELLO = Tool.example("hello");

  private final Daemon daemon = Daemon.start();

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  private List<String> dryRun(String... options) {
    Map<String, Long> before = daemon.nine();
    String[] words = Arrays.copyOf(options, options.length + 2);
    words[options.length] = "-n";
    words[options.length + 1] = HELLO;
    List<String> lines = daemon.run("insmod", words).ok().out().lines().toList();
    assertThat(daemon.nine()).as("a dry run leaves nothing").isEqualTo(before);
    return lines;
  }

  private String error(String... words) {
    Tool.Outcome outcome = daemon.run("insmod", words).failed();
    assertThat(outcome.out()).isEmpty();
    return outcome.err();
  }

  @Test
  void successIsSilent() {
    assertThat(dryRun()).isEmpty();
    assertThat(daemon.run("insmod", HELLO).ok().out()).isEmpty();
    assertThat(error(HELLO))
        .startsWith("insmod: ERROR: could not insert module " + HELLO + ": File exists\n");
    daemon.run("rmmod", "hello").ok();
  }

  @Test
  void verboseTellsEachSegment() {
    assertThat(dryRun("-v"))
        .hasSize(4)
        .satisfiesExactly(
            line -> assertThat(line).matches("text          0xffffffff[a-f][0-9a-f]{7} [0-9]+"),
            line -> assertThat(line).matches("rodata        0xffffffff[a-f][0-9a-f]{7} [0-9]+"),
            line -> assertThat(line).matches("data          0xffffffff[a-f][0-9a-f]{7} [0-9]+"),
            line -> assertThat(line).matches("init_text     0xffffffff[a-f][0-9a-f]{7} [0-9]+"));
  }

  @Test
  void timingIsALineAPhase() {
    List<String> phases =
        List.of(
            "open",
            "connect",
            "layout",
            "parameters",
            "resolve",
            "allocate",
            "copy",
            "relocate",
            "fixups",
            "exports",
            "write");
    assertThat(dryRun("--timing"))
        .allMatch(line -> line.matches("[a-z]+ +[0-9]+ us"))
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .isEqualTo(phases);
    assertThat(daemon.run("insmod", "--timing", HELLO).ok().out().lines())
        .hasSize(phases.size() + 2)
        .element(phases.size())
        .asString()
        .startsWith("activate ");
    daemon.run("rmmod", "hello").ok();
  }

  @Test
  void mapIsSectionsThenSymbolsByAddress(@TempDir Path directory) throws IOException {
    List<String> lines = dryRun("--map", "-");
    List<String> sections =
        lines.stream()
            .filter(line -> line.matches("[0-9a-f]{16} 0x[0-9a-f]+ [AWX]+ \\S+"))
            .toList();
    List<String> symbols =
        lines.stream().filter(line -> line.matches("[0-9a-f]{16} [a-zA-Z] \\S+")).toList();
    assertThat(sections).isSorted().anyMatch(line -> line.endsWith(" AX .text"));
    assertThat(symbols).isSorted().anyMatch(line -> line.endsWith(" U _printk"));
    assertThat(symbols).anyMatch(line -> line.endsWith(" T hello_add"));
    assertThat(lines).hasSize(sections.size() + symbols.size()).startsWith(sections.getFirst());
    Path file = directory.resolve("map");
    assertThat(dryRun("--map", file.toString())).isEmpty();
    assertThat(Files.readAllLines(file).getFirst()).endsWith(" AX .text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| missing filename.",
        "-n | missing filename.",
        "--map | option '--map' requires an argument",
        "-q x.ko | invalid option -- 'q'",
        "--nosuch x.ko | unrecognized option '--nosuch'",
        "--force x.ko --f | option '--f' is ambiguous",
        "--no-fixups x.ko | --no-fixups makes a module that cannot run: only with --dry-run",
        "/nowhere/x.ko | could not load module /nowhere/x.ko: No such file or directory",
        "/ | could not load module /: Is a directory"
      })
  void usageErrorsAreOneLine(String words, String message) {
    String[] split = words == null ? new String[0] : words.split(" ", -1);
    assertThat(error(split)).isEqualTo("insmod: ERROR: " + message + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--map", "--image"})
  void whatCannotBeWrittenLeavesNothing(String option) {
    Map<String, Long> before = daemon.nine();
    assertThat(error("-n", option, "/nowhere/x", HELLO))
        .isEqualTo("insmod: ERROR: cannot write /nowhere/x: No such file or directory\n");
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void allThatIsWrongWithParametersAtOnce() {
    assertThat(error("-n", HELLO, "nosuch=1", "times=x"))
        .isEqualTo(
            "insmod: ERROR: could not insert module "
                + HELLO
                + ": Invalid parameters\n  unknown parameter nosuch\n"
                + "  parameter times=x (int): the value is no int\n");
  }
}
