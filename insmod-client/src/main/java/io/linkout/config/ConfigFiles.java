package io.linkout.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which files modprobe's configuration is in, and their order: by name over all directories; of two
 * with one name only that in the directory named first counts, so that an empty file or a link to
 * {@code /dev/null} in {@code /etc} hides one of {@code /lib} ({@code modprobe.d(5)}).
 */
public final class ConfigFiles {
  /** Directories below the root, the one that wins first. */
  private static final List<String> DIRECTORIES =
      List.of(
          "etc/modprobe.d",
          "run/modprobe.d",
          "usr/local/lib/modprobe.d",
          "usr/lib/modprobe.d",
          "lib/modprobe.d");

  /** depmod's own lists, which take their place among the others by name. */
  private static final List<String> LISTS = List.of("modules.softdep", "modules.weakdep");

  private final Map<String, Path> files = new TreeMap<>();
  private final ModprobeConfig config = new ModprobeConfig();

  private ConfigFiles() {}

  /**
   * Reads the configuration.
   *
   * @param paths files or directories in place of the usual ones, else empty
   * @param root below which the usual directories are
   * @param tree where depmod's lists are
   * @param commandLine file with the kernel's command line, or null
   * @throws IOException if a file that is there cannot be read
   */
  public static ModprobeConfig read(
      List<String> paths, Path root, Path tree, @Nullable Path commandLine) throws IOException {
    ConfigFiles files = new ConfigFiles();
    if (paths.isEmpty()) {
      for (String directory : DIRECTORIES) {
        files.add(root.resolve(directory));
      }
    } else {
      for (String path : paths) {
        files.add(Path.of(path));
      }
    }
    for (String list : LISTS) {
      Path file = tree.resolve(list);
      if (Files.isRegularFile(file)) {
        files.files.putIfAbsent(list, file);
      }
    }
    files.parse();
    if (commandLine != null && Files.isReadable(commandLine)) {
      KernelCommandLine.parse(text(commandLine), files.config);
    }
    return files.config;
  }

  private void add(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      if (Files.exists(path)) {
        files.putIfAbsent(String.valueOf(path.getFileName()), path);
      }
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith(".") || !(name.endsWith(".conf") || name.endsWith(".alias"))) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          config.complaints().add("directories inside directories are not supported: " + entry);
        } else {
          files.putIfAbsent(name, entry);
        }
      }
    }
  }

  private void parse() throws IOException {
    for (Path file : files.values()) {
      // a link that leads nowhere hides its name, too
      if (Files.isReadable(file)) {
        new ConfigParser(file.toString(), config).parse(text(file));
      }
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
