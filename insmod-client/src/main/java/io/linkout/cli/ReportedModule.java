package io.linkout.cli;

import io.linkout.link.SegmentKind;
import io.linkout.modinfo.ModuleName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module as a report of the kernel tells of it: {@code linkout: module NAME: text START-END, init
 * START-END, build id HEX, file PATH}, where the module has those (kernel-sim's ModulePlaces). It
 * may be long gone.
 *
 * @param bases guest address of its segments of code
 * @param base guest address that offsets into it count from; null if the line does not tell
 * @param path as its loader gave it, or empty
 */
record ReportedModule(
    String name,
    Map<SegmentKind, Long> bases,
    @Nullable Long base,
    Map<SegmentKind, Long> ends,
    String buildId,
    String path) {

  private static final String BEGINNING = "linkout: module ";
  private static final String FILE = ", file ";

  /** Returns what {@code line} tells of a module, whatever stands before that; null if nothing. */
  static @Nullable ReportedModule in(String line) {
    int at = line.indexOf(BEGINNING);
    int colon = at < 0 ? -1 : line.indexOf(": ", at + BEGINNING.length());
    if (colon < 0) {
      return null;
    }
    String name = line.substring(at + BEGINNING.length(), colon);
    int file = line.indexOf(FILE, colon);
    String path = file < 0 ? "" : line.substring(file + FILE.length()).stripTrailing();
    path = path.indexOf(0) < 0 ? path : "";
    String facts = file < 0 ? line.substring(colon + 2) : line.substring(colon + 2, file);
    Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
    Map<SegmentKind, Long> ends = new EnumMap<>(SegmentKind.class);
    String buildId = "";
    Long base = null;
    for (String fact : facts.strip().split(", ", -1)) {
      try {
        if (fact.startsWith("text 0x")) {
          range(SegmentKind.TEXT, fact.substring("text ".length()), bases, ends);
        } else if (fact.startsWith("init 0x")) {
          range(SegmentKind.INIT_TEXT, fact.substring("init ".length()), bases, ends);
        } else if (fact.startsWith("base 0x")) {
          base = Long.parseUnsignedLong(fact.substring("base 0x".length()), 16);
        } else if (fact.startsWith("build id ")) {
          buildId = fact.substring("build id ".length());
        }
      } catch (NumberFormatException e) {
        return null;
      }
    }
    boolean known = !buildId.isEmpty() && !ModuleName.normalise(name).isEmpty();
    return known
        ? new ReportedModule(
            name, bases, base == null ? bases.get(SegmentKind.TEXT) : base, ends, buildId, path)
        : null;
  }

  private static void range(
      SegmentKind kind, String range, Map<SegmentKind, Long> bases, Map<SegmentKind, Long> ends) {
    int dash = range.indexOf("-0x");
    if (dash < 0) {
      throw new NumberFormatException(range);
    }
    bases.putIfAbsent(kind, Long.parseUnsignedLong(range.substring(2, dash), 16));
    ends.putIfAbsent(kind, Long.parseUnsignedLong(range.substring(dash + 3), 16));
  }

  /** Returns whether {@code address} lies in its code. */
  boolean has(long address) {
    for (Map.Entry<SegmentKind, Long> range : bases.entrySet()) {
      Long end = ends.get(range.getKey());
      if (end != null
          && Long.compareUnsigned(address, range.getValue()) >= 0
          && Long.compareUnsigned(address, end) < 0) {
        return true;
      }
    }
    return false;
  }
}
