package io.linkout.kernel.personality;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads layouts from properties files: the one for 6.1 that comes with the program, or a cached
 * one.
 */
final class ShippedLayout {
  private static final String RESOURCE = "layout-6.1.properties";

  private ShippedLayout() {}

  /** Returns the layout of Debian's 6.1 amd64 kernels. */
  static StructLayout load() {
    try (InputStream stream = ShippedLayout.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its " + RESOURCE);
      }
      return read(new InputStreamReader(stream, StandardCharsets.UTF_8), "layout of 6.1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the layout that {@code reader} has, one {@code name=number} a line. */
  static StructLayout read(Reader reader, String source) throws IOException {
    Properties properties = new Properties();
    properties.load(reader);
    Map<String, Long> values = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      try {
        values.put(name, Long.decode(properties.getProperty(name).strip()));
      } catch (NumberFormatException e) {
        throw new IOException(source + ": " + name + " is no number");
      }
    }
    return new StructLayout(Map.copyOf(values), source);
  }
}
