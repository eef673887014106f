package io.linkout.link;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's kernel packages, unpacked below the directory that {@code LINKOUT_DEBIAN} names: {@code
 * lib/modules} and {@code usr/src}. Tests that need them are skipped, saying so, where it is not
 * set.
 */
public final class Debian {
  private Debian() {}

  /** Returns the directory. */
  public static Path root() {
    String property = System.getProperty("linkout.debian", System.getenv("LINKOUT_DEBIAN"));
    if (property == null || !Files.isDirectory(Path.of(property, "lib/modules"))) {
      System.err.println(
          "SKIPPED: LINKOUT_DEBIAN names no unpacked Debian kernel packages: " + property);
      return abort("LINKOUT_DEBIAN names no unpacked Debian kernel packages: " + property);
    }
    return Path.of(property);
  }

  /** Returns the headers' directory. */
  public static Path headers() {
    try (Stream<Path> found = Files.list(root().resolve("usr/src"))) {
      return found
          .filter(p -> Files.exists(p.resolve("Module.symvers")))
          .findFirst()
          .orElseGet(() -> abort("no headers package in LINKOUT_DEBIAN"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all modules, in order. */
  public static List<Path> modules() {
    try (Stream<Path> found = Files.walk(root().resolve("lib/modules"))) {
      return found.filter(p -> p.toString().endsWith(".ko")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the module called {@code name}. */
  public static Path module(String name) {
    return modules().stream()
        .filter(p -> p.getFileName().toString().equals(name + ".ko"))
        .findFirst()
        .orElseGet(() -> abort("no module " + name + " in LINKOUT_DEBIAN"));
  }
}
