package io.linkout.cli;

import io.linkout.link.SegmentKind;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the places in a kernel's report that it could only tell as {@code module+0xoff} into {@code
 * function+0xoff/0xsize [module]}. The offset counts from the module's first byte of text.
 */
final class OopsText {
  private static final Pattern PLACE =
      Pattern.compile("\\b([A-Za-z_][\\w.]*)\\+0x([0-9a-f]{1,16})(/0x[0-9a-f]+)?( \\[\\w+\\])?");

  /** A module's text and names; names are looked for when first needed. */
  private static final class Place {
    final long text;
    final java.util.function.Supplier<@Nullable SymbolNames> source;
    @Nullable SymbolNames names;
    boolean looked;

    Place(long text, java.util.function.Supplier<@Nullable SymbolNames> source) {
      this.text = text;
      this.source = source;
    }

    @Nullable SymbolNames names() {
      if (!looked) {
        looked = true;
        names = source.get();
      }
      return names;
    }
  }

  private final Map<String, Place> places = new HashMap<>();

  /** Adds every module that is loaded. */
  OopsText loaded(KernelQueries queries, ModuleFiles files) {
    for (LoadedModule module : queries.modules()) {
      for (LoadedModule.Segment segment : module.segments()) {
        if (segment.kind() == SegmentKind.TEXT) {
          places.putIfAbsent(
              module.name(), new Place(segment.address(), () -> files.names(module)));
        }
      }
    }
    return this;
  }

  /** Adds a module whose names are at hand. */
  OopsText with(String module, long text, SymbolNames names) {
    places.put(module, new Place(text, () -> names));
    return this;
  }

  /** Returns {@code lines} with what can be named named. */
  List<String> decode(List<String> lines) {
    List<String> decoded = new ArrayList<>(lines.size());
    for (String line : lines) {
      decoded.add(decode(line));
    }
    return decoded;
  }

  /** Returns {@code line} with what can be named named. */
  String decode(String line) {
    if (line.indexOf("+0x") < 0) {
      return line;
    }
    Matcher matcher = PLACE.matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String name = name(matcher.group(1), matcher.group(2));
      matcher.appendReplacement(
          out, Matcher.quoteReplacement(name == null ? matcher.group() : name));
    }
    return matcher.appendTail(out).toString();
  }

  private @Nullable String name(String module, String offset) {
    Place place = places.get(module);
    SymbolNames names = place == null ? null : place.names();
    return place == null || names == null
        ? null
        : names.describe(place.text + Long.parseUnsignedLong(offset, 16));
  }
}
