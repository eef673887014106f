package io.linkout.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which module exports which symbol, from a {@code Module.symvers} as modpost writes it: CRC,
 * symbol, module's path without suffix ({@code vmlinux} for the kernel), kind and namespace,
 * tab-separated.
 */
public final class Symvers {
  private Symvers() {}

  /** Returns the exporting module of each symbol that the kernel itself does not export. */
  public static Map<String, String> exporters(Path file) throws IOException {
    Map<String, String> exporters = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int name = line.indexOf('\t') + 1;
        int module = line.indexOf('\t', name) + 1;
        int end = line.indexOf('\t', module);
        if (name > 0 && module > 0 && end > 0) {
          String path = line.substring(module, end);
          if (!path.equals("vmlinux")) {
            exporters.putIfAbsent(
                line.substring(name, module - 1),
                path.substring(path.lastIndexOf('/') + 1).replace('-', '_'));
          }
        }
      }
    }
    return exporters;
  }
}
