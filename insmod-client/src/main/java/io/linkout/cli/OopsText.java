package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.KernelException;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.SegmentKind;
import io.linkout.link.SymbolMap;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the places in a kernel's reports that it could only tell as {@code module+0xoff [module]}
 * into {@code function+0xoff/0xsize [module]}, with {@code (file.c:line)} where the module's file
 * has debug information. A report says itself where its modules lay and which files they were, so
 * they need not be loaded any more; other lines are about those that are loaded. Of a kernel that
 * keeps no symbols, also bare addresses.
 */
final class OopsText {
  private static final Pattern PLACE =
      Pattern.compile(
          "\\b([A-Za-z_][\\w.]*)\\+0x([0-9a-f]{1,16})(/0x[0-9a-f]{1,16})?( \\[(\\w+)\\])?(?![/\\w])");

  private static final String ADDRESS = "0x(ffffffff[0-9a-f]{8})\\b";
  private static final String EXPORT = "the export at ";
  private static final String CALLER = "called from ";
  private static final String MAKER = ", made by ";

  /**
   * A bare address that a kernel with symbols would have named: only after the words that it puts
   * before a name. A number of a module's own message is left alone unless it follows one of them.
   */
  private static final Pattern BARE =
      Pattern.compile(
          "(RIP: 0010:|the export at |used at |called from |, taken at |Freed in |Freed again in "
              + "|, made by |kernel BUG at |WARNING: CPU: \\d+ PID: \\d+ at (?:\\S+:\\d+ )?"
              + "|initcall |largest order, from |stack is corrupted in: )"
              + ADDRESS);

  /**
   * What %pS printed, which may stand anywhere: such a kernel marks the address as Linux's oopses
   * did when they were left to ksymoops, so it is told from what %px and %lx print. Where a name
   * follows there is one already.
   */
  private static final Pattern MARKED =
      Pattern.compile("\\[<(ffffffff[0-9a-f]{8})>](?! (?:\\? )?[A-Za-z_][\\w.]*\\+0x)");

  /** The same in a call trace. */
  private static final Pattern BARE_IN_TRACE = Pattern.compile("((?:^|\\s)(?:\\? )?)" + ADDRESS);

  /** Lines of a report at most before the first that tells of a module. */
  private static final int HEADLINES = 8;

  private final ModuleFiles files;
  private final Console console;
  private final Set<String> said = new HashSet<>();
  private boolean sayMissing;
  private @Nullable SymbolMap kernel;
  private Supplier<List<LoadedModule>> source = List::of;
  private @Nullable Map<String, LoadedModule> loaded;
  private final Map<String, NamedModule> given = new HashMap<>();

  /** By build id and address; null where there is no file. */
  private final Map<String, @Nullable NamedModule> known = new HashMap<>();

  /** What the report under way told so far. */
  private final Map<String, ReportedModule> reported = new HashMap<>();

  private boolean inTrace;
  private boolean inLeaks;

  /** Names from {@code files}; what keeps it from using one that is there is said once. */
  OopsText(ModuleFiles files, Console console) {
    this.files = files;
    this.console = console;
  }

  /** Takes modules that are not in the report from {@code modules}, asked when needed. */
  OopsText loaded(Supplier<List<LoadedModule>> modules) {
    source = modules;
    return this;
  }

  /** Asks once more what is loaded, when needed. */
  void forget() {
    loaded = null;
  }

  /** Takes {@code file} for any module called {@code module} that no report tells more of. */
  OopsText with(String module, NamedModule file) {
    given.put(module, file);
    return this;
  }

  /** Takes the addresses of {@code module}, whose file is open, for those of its name. */
  OopsText with(LinkedModule module) {
    Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
    Long first = null;
    for (int i = 0; i < module.image().segmentCount(); i++) {
      Long address = module.allocation().addresses().get(i);
      first = first == null ? address : first;
      bases.putIfAbsent(module.image().request(i).kind(), address);
    }
    Long text = bases.get(SegmentKind.TEXT);
    NamedModule named =
        NamedModule.of(module.name(), text == null ? first : text, bases, module.file().elf());
    if (text != null) {
      known.put(key(module.file().buildId(), text), named);
    }
    return with(module.name(), named);
  }

  /** Adds what the kernel itself has, from its symbol map; null: it names its own places. */
  OopsText with(@Nullable SymbolMap map) {
    kernel = map;
    return this;
  }

  /** Says also which modules have no file. */
  OopsText sayingMissing() {
    sayMissing = true;
    return this;
  }

  /** Returns {@code lines}, which follow those decoded before, with what can be named named. */
  List<String> decode(List<String> lines) {
    return decode(lines, lines.size());
  }

  /** Returns the first {@code count} of {@code lines} so; the others come again next time. */
  List<String> decode(List<String> lines, int count) {
    List<String> decoded = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      decoded.add(line(lines, i));
    }
    return decoded;
  }

  private String line(List<String> lines, int at) {
    String line = lines.get(at);
    if (line.indexOf("Call Trace:") >= 0) {
      inTrace = true;
    } else if (line.indexOf("</TASK>") >= 0 || line.indexOf("---[ end trace") >= 0) {
      inTrace = false;
      reported.clear();
    }
    boolean told = tells(line);
    if (inLeaks && !told && !isLeak(line)) {
      // what follows may be about another load of a module that was told of
      inLeaks = false;
      reported.clear();
    }
    if (told || !LogDecoder.mayHavePlace(line)) {
      return line;
    }
    inLeaks |= isLeak(line);
    if (reported.isEmpty()) {
      for (int i = at + 1; i < lines.size() && i <= at + HEADLINES; i++) {
        if (tells(lines.get(i))) {
          while (++i < lines.size() && tells(lines.get(i))) {
            // the next one
          }
          break;
        }
      }
    }
    String marked = line.indexOf("[<ffffffff") < 0 ? line : marked(line);
    return modulePlaces(marked.indexOf("0xffffffff") < 0 ? marked : addresses(marked));
  }

  /** Returns whether {@code line} is of those about what a module left, as the kernel's Reclaim. */
  private static boolean isLeak(String line) {
    return line.indexOf(MAKER) >= 0 && line.indexOf("linkout: ") >= 0;
  }

  private boolean tells(String line) {
    ReportedModule module = ReportedModule.in(line);
    if (module != null) {
      reported.put(module.name(), module);
    }
    return module != null;
  }

  private String addresses(String line) {
    Matcher matcher = (inTrace ? BARE_IN_TRACE : BARE).matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String before = matcher.group(1);
      long address = Long.parseUnsignedLong(matcher.group(2), 16);
      String name = name(address, inTrace || before.equals(CALLER), before.equals(EXPORT));
      String named = name == null ? matcher.group() : before.equals(EXPORT) ? name : before + name;
      matcher.appendReplacement(out, Matcher.quoteReplacement(named));
    }
    return matcher.appendTail(out).toString();
  }

  private String marked(String line) {
    Matcher matcher = MARKED.matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String name = name(Long.parseUnsignedLong(matcher.group(1), 16), false, false);
      matcher.appendReplacement(
          out, Matcher.quoteReplacement(name == null ? matcher.group() : name));
    }
    return matcher.appendTail(out).toString();
  }

  private @Nullable String name(long address, boolean after, boolean bare) {
    for (ReportedModule module : reported.values()) {
      if (module.has(address)) {
        NamedModule named = named(module);
        return named == null ? null : named.name(address, after);
      }
    }
    long back = after ? 1 : 0;
    SymbolMap.Place place = inKernel(address - back);
    if (place == null || bare) {
      return place == null ? null : place.name();
    }
    return place.name()
        + "+0x"
        + Long.toHexString(place.offset() + back)
        + "/0x"
        + Long.toHexString(place.size());
  }

  private SymbolMap.@Nullable Place inKernel(long address) {
    SymbolMap map = kernel;
    try {
      return map == null ? null : map.at(address);
    } catch (KernelException e) {
      console.warning(e.reason() + ", so addresses in the kernel are not named");
      kernel = null;
      return null;
    }
  }

  private String modulePlaces(String line) {
    if (line.indexOf("+0x") < 0) {
      return line;
    }
    Matcher matcher = PLACE.matcher(line);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String symbol = matcher.group(1);
      String owner = matcher.group(5);
      String size = matcher.group(3);
      // %pS prints a size of 0 where the kernel knows the module only
      boolean sized = size != null && !(size.equals("/0x0") && owner != null);
      boolean lined = owner != null && line.startsWith(" (", matcher.end());
      boolean after = inTrace || line.startsWith(CALLER, matcher.start() - CALLER.length());
      NamedModule module =
          lined || (sized && owner == null) ? null : named(owner == null ? symbol : owner);
      String name =
          module == null
              ? null
              : module.name(symbol, Long.parseUnsignedLong(matcher.group(2), 16), after);
      if (name != null && sized) {
        // it has its name already; only the line may be new
        int source = name.indexOf(" (");
        name = source < 0 ? null : matcher.group() + name.substring(source);
      }
      matcher.appendReplacement(
          out, Matcher.quoteReplacement(name == null ? matcher.group() : name));
    }
    return matcher.appendTail(out).toString();
  }

  private @Nullable NamedModule named(String name) {
    ReportedModule told = reported.get(name);
    if (told != null) {
      return named(told);
    }
    NamedModule own = given.get(name);
    if (own != null) {
      return own;
    }
    Map<String, LoadedModule> modules = loaded;
    if (modules == null) {
      modules = new HashMap<>();
      for (LoadedModule module : source.get()) {
        modules.putIfAbsent(module.name(), module);
      }
      loaded = modules;
    }
    LoadedModule module = modules.get(name);
    if (module == null || module.segments().isEmpty()) {
      return null;
    }
    Map<SegmentKind, Long> bases = ModuleFiles.bases(module);
    Long text = bases.get(SegmentKind.TEXT);
    return named(
        ModuleFiles.Wanted.of(module),
        text == null ? module.segments().getFirst().address() : text,
        bases);
  }

  private @Nullable NamedModule named(ReportedModule module) {
    return named(
        new ModuleFiles.Wanted(module.name(), module.buildId(), module.path()),
        module.base(),
        module.bases());
  }

  private @Nullable NamedModule named(
      ModuleFiles.Wanted wanted, @Nullable Long base, Map<SegmentKind, Long> bases) {
    String key = key(wanted.buildId(), base);
    if (known.containsKey(key)) {
      return known.get(key);
    }
    NamedModule named = null;
    List<String> others = new ArrayList<>();
    try (ModuleFile file = files.open(wanted, others)) {
      named = file == null ? null : NamedModule.of(wanted.name(), base, bases, file.elf());
    } catch (MalformedElfException e) {
      others.add(e.reason());
    }
    known.put(key, named);
    if (named == null && (sayMissing || !others.isEmpty()) && said.add(wanted.buildId())) {
      console.warning(
          "module "
              + wanted.name()
              + " had build id "
              + wanted.buildId()
              + ", so its addresses are not named: "
              + (others.isEmpty() ? "no such file is there" : String.join("; ", others)));
    }
    return named;
  }

  private static String key(String buildId, @Nullable Long base) {
    return base == null ? buildId : buildId + "@" + Long.toHexString(base);
  }
}
