package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --help} lists is in the manual page and in both completions, and nothing else is. */
class ManualTest {
  private static final Path MAN = Tool.TOP.resolve("docs/man");
  private static final Path COMPLETION = Tool.TOP.resolve("scripts/completion");

  /** An option's name, where no word or other option ends before it. */
  private static final Pattern OPTION =
      Pattern.compile("(?<![\\w-])(--[a-z][a-z-]*|-[A-Za-z0-9])(?![\\w-])");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insmod",
        "rmmod",
        "lsmod",
        "modprobe",
        "modinfo",
        "depmod",
        "dmesg",
        "ksym",
        "kcall",
        "kmap",
        "ksymoops",
        "modcheck"
      })
  void everyOption(String command) throws IOException {
    Set<String> helped = helped(command);
    assertThat(helped).contains("--socket", "--help", "-h", "--version", "-V");
    assertThat(described("linkout-" + command)).as("docs/man").isEqualTo(helped);
    assertThat(completedByBash(command)).as("bash").isEqualTo(helped);
    assertThat(completedByZsh(command)).as("zsh").isEqualTo(helped);
  }

  @Test
  void everyOptionOfKernelSim() throws IOException {
    Set<String> helped = helped("kernel-sim");
    assertThat(helped).contains("--quiet", "-q", "--json", "--allow-uid", "--log-level");
    assertThat(described("linkout-kernel-sim")).as("docs/man").isEqualTo(helped);
    Set<String> bash = new TreeSet<>();
    Set<String> zsh = new TreeSet<>();
    for (String subcommand :
        List.of("run", "start", "stop", "status", "stats", "sessions", "disconnect", "reload")) {
      Set<String> some = completedByBash("kernel-sim", subcommand);
      assertThat(some).as("%s", subcommand).contains("--socket", "--help");
      bash.addAll(some);
      zsh.addAll(completedByZsh("kernel-sim:" + subcommand));
    }
    assertThat(bash).as("bash").isEqualTo(helped);
    assertThat(zsh).as("zsh").isEqualTo(helped);
    assertThat(completedByBash("kernel-sim", "status"))
        .contains("-q")
        .doesNotContain("--allow-uid");
  }

  @Test
  void everyPageHasItsParts() throws IOException {
    try (var pages = Files.list(MAN)) {
      List<Path> all = pages.toList();
      assertThat(all).hasSize(14);
      for (Path page : all) {
        assertThat(Files.readString(page))
            .as("%s", page)
            .contains(
                ".SH NAME\n",
                ".SH SYNOPSIS\n",
                ".SH DESCRIPTION\n",
                ".SH OPTIONS\n",
                ".SH FILES\n",
                ".SH EXIT STATUS\n",
                ".SH EXAMPLES\n");
      }
    }
  }

  @Test
  void everyPageIsReadableByMan() throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/groff")), "no groff here to read manual pages with");
    try (var pages = Files.list(MAN)) {
      for (Path page : pages.toList()) {
        Tool.Outcome read =
            Tool.start(List.of("groff", "-man", "-Tutf8", "-ww", page.toString())).await();
        assertThat(read.err()).as("%s", page).isEmpty();
        assertThat(read.status()).isZero();
      }
    }
  }

  @Test
  void bashCompletesCommandsAndLevels() {
    assertThat(bash("linkout", "mod")).containsExactly("modprobe", "modinfo", "modcheck");
    assertThat(bash("linkout", "kernel-sim", "re")).containsExactly("reload");
    assertThat(bash("linkout", "kernel-sim", "reload", "--lo")).containsExactly("--log-level");
    assertThat(bash("kernel-sim", "run", "--log-level", "")).contains("debug", "error");
    assertThat(bash("insmod", "--map")).containsExactly("--map=");
  }

  private static Set<String> helped(String command) {
    return options(
        Tool.start(List.of(Tool.TOP.resolve("bin").resolve(command).toString(), "--help"))
            .await()
            .ok()
            .out());
  }

  /** Returns the options that a page has a paragraph of its own for. */
  private static Set<String> described(String page) throws IOException {
    String text = Files.readString(MAN.resolve(page + ".8")).replace("\\-", "-");
    Set<String> tags = new TreeSet<>();
    Matcher tag = Pattern.compile("^\\.TP\n(\\\\fB-.*)$", Pattern.MULTILINE).matcher(text);
    while (tag.find()) {
      tags.addAll(options(tag.group(1).replaceAll("\\\\f[BIR]", " ")));
    }
    return tags;
  }

  private static Set<String> options(String text) {
    Set<String> options = new TreeSet<>();
    Matcher option = OPTION.matcher(text);
    while (option.find()) {
      options.add(option.group(1));
    }
    return options;
  }

  private static Set<String> completedByBash(String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.add("-");
    return options(String.join(" ", bash(line.toArray(String[]::new))).replace("=", " "));
  }

  /** Returns what bash offers for the last of {@code words}. */
  private static List<String> bash(String... words) {
    List<String> command = new ArrayList<>();
    command.add("bash");
    command.add("-c");
    command.add(
        ". \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _linkout;"
            + " printf '%s\\n' \"${COMPREPLY[@]}\"");
    command.add(COMPLETION.resolve("linkout.bash").toString());
    command.addAll(List.of(words));
    return Tool.start(command).await().ok().lines();
  }

  /** Returns the options in the row of {@code command}. */
  private static Set<String> completedByZsh(String command) throws IOException {
    String text = Files.readString(COMPLETION.resolve("_linkout"), StandardCharsets.UTF_8);
    Matcher row =
        Pattern.compile("^\\t([^()\n]*)\\) options=\\((.*)\\) ;;$", Pattern.MULTILINE)
            .matcher(text);
    while (row.find()) {
      if (List.of(row.group(1).split("\\|", -1)).contains(command)) {
        return options(row.group(2).replace("=", " "));
      }
    }
    throw new AssertionError("no row of " + command);
  }
}
