package io.linkout.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Entry point for making the AOT cache: several commands in one JVM, so that one cache serves them
 * all. Run by {@code scripts/train} and by nothing else.
 */
public final class TrainingRun {
  private TrainingRun() {}

  /**
   * Runs the commands in the file that is the first argument, one a line, words separated by
   * blanks. Each line begins with the exit status that is expected; exits with 1 if one differs, so
   * that a cache is not made from commands that did not do their work.
   */
  public static void main(String[] args) throws IOException {
    Main.quicken();
    List<String> lines = Files.readAllLines(Path.of(args[0]));
    int wrong = 0;
    for (String line : lines) {
      String[] words = line.substring(2).split(" ", -1);
      Console console =
          new Console(
              words[0],
              new FileOutputStream(FileDescriptor.out),
              new FileOutputStream(FileDescriptor.err),
              System.getenv());
      int status = Main.run(words, console);
      if (status != line.charAt(0) - '0') {
        console.error("training: exit status " + status + ": " + line);
        wrong = 1;
      }
    }
    Runtime.getRuntime().halt(wrong);
  }
}
