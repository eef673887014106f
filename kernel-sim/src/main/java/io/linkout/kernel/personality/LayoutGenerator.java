package io.linkout.kernel.personality;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a kernel's headers for the layout of its structures by compiling (never running) a C file
 * with the kernel's own flags. Questions that this release cannot answer are dropped and the rest
 * asked again.
 */
final class LayoutGenerator {
  private static final int ROUNDS = 5;
  private static final int TIMEOUT_SECONDS = 60;
  private static final Pattern BLAME =
      Pattern.compile("^" + LayoutQuestions.BLAMED + ":(\\d+)", Pattern.MULTILINE);
  private static final Pattern ANSWER =
      Pattern.compile(Pattern.quote(LayoutQuestions.MARK) + "(\\S+) (-?\\d+)\"");

  private final Path build;
  private final Path source;
  private final String compiler;

  /**
   * Asks with the configuration in {@code build} and the headers in {@code source}.
   *
   * @param compiler command, such as {@code gcc}
   */
  LayoutGenerator(Path build, Path source, String compiler) {
    this.build = build;
    this.source = source;
    this.compiler = compiler;
  }

  /** Returns the text that holds the questions. */
  static String questions() {
    try (InputStream stream = LayoutGenerator.class.getResourceAsStream("layout-fields.txt")) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its layout-fields.txt");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Returns the answers by name.
   *
   * @throws IOException if the compiler is not there or cannot compile the headers; the message is
   *     one line
   */
  SortedMap<String, Long> generate() throws IOException {
    Path directory = Files.createTempDirectory("linkout-layout");
    try {
      return ask(directory);
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    }
  }

  private SortedMap<String, Long> ask(Path directory) throws IOException {
    LayoutQuestions questions = new LayoutQuestions(questions());
    BitSet dropped = new BitSet();
    Path program = directory.resolve("layout.c");
    Path assembly = directory.resolve("layout.s");
    Path errors = directory.resolve("errors");
    for (int round = 0; round < ROUNDS && dropped.cardinality() < questions.count(); round++) {
      Files.writeString(program, questions.program(dropped));
      if (compile(program, assembly, errors)) {
        return answers(Files.readString(assembly, StandardCharsets.ISO_8859_1));
      }
      String text = Files.readString(errors, StandardCharsets.ISO_8859_1);
      Matcher blame = BLAME.matcher(text);
      boolean progress = false;
      while (blame.find()) {
        progress = true;
        dropped.set(Integer.parseInt(blame.group(1)) - 1);
      }
      if (!progress) {
        throw new IOException(compiler + ": " + firstError(text));
      }
    }
    throw new IOException(compiler + " knows none of the structures asked for");
  }

  private boolean compile(Path program, Path assembly, Path errors) throws IOException {
    List<String> command = new ArrayList<>(List.of(compiler, "-S", "-nostdinc"));
    for (String root : List.of("arch/x86/include", "include")) {
      command.add("-I" + source.resolve(root));
      command.add("-I" + build.resolve(root.equals("include") ? root : root + "/generated"));
    }
    for (String root : List.of("arch/x86/include", "include")) {
      command.add("-I" + source.resolve(root).resolve("uapi"));
      command.add("-I" + build.resolve(root).resolve("generated/uapi"));
    }
    for (String header : List.of("compiler-version.h", "kconfig.h", "compiler_types.h")) {
      Path file = source.resolve("include/linux").resolve(header);
      if (Files.isRegularFile(file)) {
        command.add("-include");
        command.add(file.toString());
      }
    }
    command.addAll(
        List.of(
            "-D__KERNEL__",
            "-DMODULE",
            "-DCC_USING_FENTRY",
            "-DKBUILD_MODNAME=\"linkout\"",
            "-DKBUILD_BASENAME=\"linkout\"",
            "-DKBUILD_MODFILE=\"linkout\"",
            "-D__KBUILD_MODNAME=linkout"));
    command.addAll(
        List.of(
            "-std=gnu11",
            "-fshort-wchar",
            "-O1",
            "-w",
            "-mcmodel=kernel",
            "-mno-red-zone",
            "-fno-pie",
            "-mno-sse",
            "-mno-mmx",
            "-mno-80387",
            "-mpreferred-stack-boundary=3",
            "-fno-stack-protector",
            "-fno-diagnostics-color",
            "-o",
            assembly.toString(),
            program.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(errors.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(compiler + " did not end within " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return process.exitValue() == 0;
  }

  private static SortedMap<String, Long> answers(String assembly) {
    SortedMap<String, Long> answers = new TreeMap<>();
    Matcher answer = ANSWER.matcher(assembly);
    while (answer.find()) {
      answers.put(answer.group(1), Long.valueOf(answer.group(2)));
    }
    return answers;
  }

  private static String firstError(String text) {
    return text.lines()
        .filter(l -> l.contains("error"))
        .findFirst()
        .orElseGet(() -> text.lines().findFirst().orElse("failed without a word"));
  }
}
