package io.linkout.modinfo;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code key=value} strings of a module's {@code .modinfo} section, in the order of the file
 * ({@code include/linux/moduleparam.h}: __MODULE_INFO).
 */
public final class ModInfo {
  /**
   * One string.
   *
   * @param raw the value, one char a byte: written as ISO 8859-1 it gives the file's bytes
   */
  public record Entry(String key, String raw) {
    /** Returns the value as text: UTF-8 if it is that, else ISO 8859-1. */
    public String value() {
      for (int i = 0; i < raw.length(); i++) {
        if (raw.charAt(i) >= 0x80) {
          return decode(raw);
        }
      }
      return raw;
    }

    private static String decode(String raw) {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1)))
            .toString();
      } catch (CharacterCodingException notUtf8) {
        return raw;
      }
    }
  }

  /**
   * A parameter as described by {@code parm=} and {@code parmtype=}.
   *
   * @param type such as {@code int} or {@code array of int}; null if not said
   * @param description null if not said
   */
  public record Parameter(String name, @Nullable String type, @Nullable String description) {}

  private final List<Entry> entries;

  private ModInfo(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Returns what {@code file} says of itself; nothing if it has no {@code .modinfo}.
   *
   * @throws io.linkout.elf.MalformedElfException if the last string has no end
   */
  public static ModInfo of(ElfFile file) {
    int section = file.sections().find(".modinfo");
    if (section == 0 || file.sections().type(section) == Elf.SHT_NOBITS) {
      return new ModInfo(List.of());
    }
    byte[] bytes = file.copy(section);
    if (bytes.length > 0 && bytes[bytes.length - 1] != 0) {
      throw file.malformed("section .modinfo: string table without end");
    }
    return parse(bytes);
  }

  /** Returns the strings of {@code bytes}, each ended by NUL; empty ones are padding. */
  public static ModInfo parse(byte[] bytes) {
    List<Entry> entries = new ArrayList<>();
    int start = 0;
    int equals = -1;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '=' && equals < start) {
        equals = i;
      } else if (bytes[i] == 0) {
        if (i > start) {
          int keyEnd = equals >= start ? equals : i;
          int value = Math.min(keyEnd + 1, i);
          entries.add(new Entry(latin1(bytes, start, keyEnd), latin1(bytes, value, i)));
        }
        start = i + 1;
      }
    }
    return new ModInfo(entries);
  }

  private static String latin1(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Returns all strings in the order of the file. */
  public List<Entry> entries() {
    return entries;
  }

  /** Returns the first value of {@code key}, or null. */
  public @Nullable String get(String key) {
    for (Entry entry : entries) {
      if (entry.key.equals(key)) {
        return entry.value();
      }
    }
    return null;
  }

  /** Returns the first value of {@code key}, or the empty string. */
  public String getOrEmpty(String key) {
    String value = get(key);
    return value == null ? "" : value;
  }

  /** Returns all values of {@code key}, in order. */
  public List<String> all(String key) {
    List<String> values = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.key.equals(key)) {
        values.add(entry.value());
      }
    }
    return values;
  }

  /** Returns true if the licence lets the module use GPL-only exports; none at all does not. */
  public boolean gplCompatible() {
    return Licence.isGplCompatible(licence());
  }

  /** Returns the licence, {@code unspecified} if there is none, as Linux has it. */
  public String licence() {
    String licence = get("license");
    return licence == null ? "unspecified" : licence;
  }

  /** Returns true if built with the kernel: otherwise loading it taints with O. */
  public boolean inTree() {
    return get("intree") != null;
  }

  /** Returns true if from the staging tree: loading it taints with C. */
  public boolean staging() {
    return get("staging") != null;
  }

  /** Returns the names of the modules this one depends on, underscores, in order. */
  public List<String> depends() {
    List<String> names = new ArrayList<>();
    for (String list : all("depends")) {
      int from = 0;
      while (from < list.length()) {
        int comma = list.indexOf(',', from);
        int end = comma < 0 ? list.length() : comma;
        if (end > from) {
          names.add(ModuleName.normalise(list.substring(from, end)));
        }
        from = end + 1;
      }
    }
    return names;
  }

  /** Returns the parameters in the order they are first mentioned. */
  public List<Parameter> parameters() {
    Map<String, Parameter> found = new LinkedHashMap<>();
    for (Entry entry : entries) {
      boolean type = entry.key.equals("parmtype");
      if (!type && !entry.key.equals("parm")) {
        continue;
      }
      String text = entry.value();
      int colon = text.indexOf(':');
      String name = colon < 0 ? text : text.substring(0, colon);
      String rest = colon < 0 ? "" : text.substring(colon + 1);
      Parameter known = found.getOrDefault(name, new Parameter(name, null, null));
      found.put(
          name,
          type
              ? new Parameter(name, rest, known.description())
              : new Parameter(name, known.type(), rest));
    }
    return List.copyOf(found.values());
  }
}
