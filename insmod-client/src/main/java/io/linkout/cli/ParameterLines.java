package io.linkout.cli;

import io.linkout.modinfo.ModInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A module's parameters as modinfo prints them: description and type in one line. */
final class ParameterLines {
  /** What is said of a parameter, each null if nothing is. */
  private record Parameter(@Nullable String description, @Nullable String type) {}

  private final List<String> complaints = new ArrayList<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  /** No parameter so far. */
  ParameterLines() {}

  /** Returns what was no parameter, a line each. */
  List<String> complaints() {
    return complaints;
  }

  /** Remembers a {@code parm=} or {@code parmtype=}. */
  void add(ModInfo.Entry entry) {
    int colon = entry.raw().indexOf(':');
    if (colon < 0) {
      complaints.add("Found invalid \"" + entry.key() + "=" + entry.value() + "\": missing ':'");
      return;
    }
    String rest = entry.raw().substring(colon + 1);
    boolean type = entry.key().equals("parmtype");
    parameters.merge(
        entry.raw().substring(0, colon),
        type ? new Parameter(null, rest) : new Parameter(rest, null),
        (known, more) ->
            type ? new Parameter(known.description(), rest) : new Parameter(rest, known.type()));
  }

  /** Prints the parameters, last first as kmod's list has them. */
  void print(boolean labelled, char end, StringBuilder out) {
    List<Map.Entry<String, Parameter>> list = new ArrayList<>(parameters.entrySet());
    for (Map.Entry<String, Parameter> entry : list.reversed()) {
      String description = entry.getValue().description();
      String type = entry.getValue().type();
      if (labelled) {
        out.append(Numbers.left("parm:", 16));
      }
      out.append(entry.getKey()).append(':');
      if (description == null && labelled) {
        out.append(type);
      } else {
        out.append(description == null ? "" : description);
        out.append(type == null ? "" : " (" + type + ")");
      }
      out.append(end);
    }
  }
}
