package io.linkout.kernel.personality;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;

/** Generated layouts, kept for the next start. One that cannot be read or kept is no error. */
final class LayoutCache {
  private final Optional<Path> directory;

  /** Keeps layouts in {@code directory}; without one it keeps nothing. */
  LayoutCache(Optional<Path> directory) {
    this.directory = directory;
  }

  /** Returns the cache of the user this process runs as. */
  static LayoutCache ofUser() {
    String configured = System.getenv("XDG_CACHE_HOME");
    if (configured != null && configured.startsWith("/")) {
      return new LayoutCache(Optional.of(Path.of(configured, "linkout")));
    }
    String home = System.getProperty("user.home", "");
    return new LayoutCache(
        home.startsWith("/") && !home.equals("/nonexistent")
            ? Optional.of(Path.of(home, ".cache", "linkout"))
            : Optional.empty());
  }

  /** Returns the key of a layout that follows from {@code parts}. */
  static String key(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns what was kept under {@code key}. */
  Optional<StructLayout> read(String key, String source) {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(directory.get(), key);
    try (Reader reader = Files.newBufferedReader(file)) {
      StructLayout layout = ShippedLayout.read(reader, source);
      return layout.values().isEmpty() ? Optional.empty() : Optional.of(layout);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps {@code values} under {@code key}, in one step. */
  void keep(String key, SortedMap<String, Long> values) {
    if (directory.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    try {
      Files.createDirectories(directory.get());
      Path temporary = Files.createTempFile(directory.get(), "layout", ".new");
      Files.writeString(temporary, text);
      Files.move(temporary, file(directory.get(), key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // The next start asks the compiler again.
    }
  }

  private static Path file(Path directory, String key) {
    return directory.resolve("layout-" + key + ".properties");
  }
}
