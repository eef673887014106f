package io.linkout.cli;

import io.linkout.modinfo.ModInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A module's information as JSON: every field an array, since every field may repeat. */
final class ModinfoJson {
  private ModinfoJson() {}

  /** Writes the object of one file; null stands for a module that is built in. */
  static void write(@Nullable Path file, List<ModInfo.Entry> entries, JsonWriter json) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (ModInfo.Entry entry : entries) {
      fields
          .computeIfAbsent(entry.key(), key -> new ArrayList<>())
          .add(entry.value().replace("\n\t\t", ""));
    }
    json.object().member("filename", file == null ? "(builtin)" : file.toString()).object("fields");
    fields.forEach(json::member);
    json.endObject().endObject();
  }
}
