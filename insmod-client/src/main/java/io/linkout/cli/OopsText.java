package io.linkout.cli;

import io.linkout.link.ModuleSymbols;
import io.linkout.link.SegmentKind;
import io.linkout.link.SymbolMap;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the places in a kernel's report that it could only tell as {@code module+0xoff [module]}
 * into {@code function+0xoff/0xsize [module]}. The offset counts from the module's first byte of
 * text. Of a kernel that keeps no symbols, the bare addresses in the lines that tell a place, too.
 */
final class OopsText {
  private static final Pattern PLACE =
      Pattern.compile("\\b([A-Za-z_]\\w*)\\+0x([0-9a-f]{1,16})( \\[(\\w+)\\])?(?!/|\\w)");

  /** What stands before an address of the kernel's own that it had no name for. */
  private static final Pattern KERNEL_PLACE =
      Pattern.compile(
          "(^ (?:\\? )?|RIP: 0010:|the export at |used at |called from )0x(ffffffff[0-9a-f]{8})\\b");

  private static final String EXPORT = "the export at ";

  /** Where a module's text begins, and its symbols, which are looked for when first needed. */
  private static final class Place {
    final @Nullable Long text;
    final Supplier<@Nullable ModuleSymbols> source;
    @Nullable ModuleSymbols symbols;
    boolean looked;

    Place(@Nullable Long text, Supplier<@Nullable ModuleSymbols> source) {
      this.text = text;
      this.source = source;
    }

    @Nullable ModuleSymbols symbols() {
      if (!looked) {
        looked = true;
        symbols = source.get();
      }
      return symbols;
    }
  }

  private final Map<String, Place> places = new HashMap<>();
  private @Nullable SymbolMap kernel;

  /** Adds every module that is loaded. */
  OopsText loaded(KernelQueries queries, ModuleFiles files) {
    for (LoadedModule module : queries.modules()) {
      for (LoadedModule.Segment segment : module.segments()) {
        if (segment.kind() == SegmentKind.TEXT) {
          places.putIfAbsent(
              module.name(), new Place(segment.address(), () -> files.symbols(module)));
        }
      }
    }
    return this;
  }

  /** Adds a module whose symbols are at hand; {@code text} is null if it has no text. */
  OopsText with(String module, @Nullable Long text, ModuleSymbols symbols) {
    places.put(module, new Place(text, () -> symbols));
    return this;
  }

  /** Adds what the kernel itself has, from its symbol map; null: it names its own places. */
  OopsText with(@Nullable SymbolMap map) {
    kernel = map;
    return this;
  }

  /** Returns whether there may be something to decode in {@code line}. */
  static boolean mayHavePlace(String line) {
    return line.indexOf("+0x") >= 0 || line.indexOf("0xffffffff") >= 0;
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
    SymbolMap map = kernel;
    return modulePlaces(map == null ? line : kernelPlaces(line, map));
  }

  private static String kernelPlaces(String line, SymbolMap map) {
    if (line.indexOf("0xffffffff") < 0) {
      return line;
    }
    Matcher matcher = KERNEL_PLACE.matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String before = matcher.group(1);
      long back = before.startsWith(" ") ? 1 : 0;
      SymbolMap.Place place = map.at(Long.parseUnsignedLong(matcher.group(2), 16) - back);
      String named = matcher.group();
      if (place != null && before.equals(EXPORT)) {
        named = place.name();
      } else if (place != null) {
        named =
            before
                + place.name()
                + "+0x"
                + Long.toHexString(place.offset() + back)
                + "/0x"
                + Long.toHexString(place.size());
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(named));
    }
    return matcher.appendTail(out).toString();
  }

  private String modulePlaces(String line) {
    if (line.indexOf("+0x") < 0) {
      return line;
    }
    // the lines of a call trace are indented; what they name are return addresses
    boolean after = line.startsWith(" ");
    Matcher matcher = PLACE.matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String module = matcher.group(1);
      String owner = matcher.group(4);
      String name =
          owner == null || owner.equals(module) ? name(module, matcher.group(2), after) : null;
      matcher.appendReplacement(
          out, Matcher.quoteReplacement(name == null ? matcher.group() : name));
    }
    return matcher.appendTail(out).toString();
  }

  /**
   * Returns the name of the address {@code offset} bytes into {@code module}.
   *
   * @param after the address is that after a call, which may be the last instruction of its
   *     function
   */
  private @Nullable String name(String module, String offset, boolean after) {
    Place place = places.get(module);
    Long text = place == null ? null : place.text;
    ModuleSymbols symbols = place == null || text == null ? null : place.symbols();
    if (text == null || symbols == null) {
      return null;
    }
    long back = after ? 1 : 0;
    ModuleSymbols.Location found = symbols.locate(text + Long.parseUnsignedLong(offset, 16) - back);
    return found == null
        ? null
        : found.symbol().name()
            + "+0x"
            + Long.toHexString(found.offset() + back)
            + "/0x"
            + Long.toHexString(found.size())
            + " ["
            + module
            + "]";
  }
}
