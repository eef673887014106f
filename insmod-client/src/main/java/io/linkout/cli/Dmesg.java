package io.linkout.cli;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LogEntry;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** dmesg: the kernel log, in util-linux's format. */
final class Dmesg extends Command {
  /** What is printed before the text, and which entries are. */
  private record Format(
      boolean raw,
      boolean decode,
      boolean noTime,
      boolean escape,
      boolean prefixEachLine,
      @Nullable LogStamps stamps,
      @Nullable Period period,
      int levels,
      int facilities) {
    boolean accepts(LogEntry entry) {
      if (period != null && !period.has(entry.timeMicros())) {
        return false;
      }
      int facility = Math.min(entry.facility(), 31);
      return (levels >> (entry.level() & 7) & 1) != 0 && (facilities >> facility & 1) != 0;
    }
  }

  /** Seconds since 1970 that what is printed was logged after and before, 0 for any. */
  private record Period(long since, long until, long bootMicros) {
    boolean has(long micros) {
      long second = bootMicros / 1_000_000 + micros / 1_000_000;
      return (since == 0 || second > since) && (until == 0 || second < until);
    }
  }

  Dmesg() {
    super(
        new Syntax("dmesg [options]")
            .flag('C', "clear", "clear the kernel log")
            .flag('c', "read-clear", "read and clear all messages")
            .flag('d', "show-delta", "time since the line before")
            .flag('e', "reltime", "local time, or time since the line before")
            .value('f', "facility", "LIST", "only these facilities")
            .flag('H', "human", "as -e; no pager is started")
            .flag('J', "json", "use JSON output format")
            .flag('k', "kernel", "only messages of the kernel")
            .value('l', "level", "LIST", "only these levels")
            .flag('P', "nopager", "no pager, which there is none of")
            .flag('p', "force-prefix", "time stamp on each line of a message")
            .flag('r', "raw", "print the raw message buffer")
            .flag('\0', "noescape", "do not escape unprintable characters")
            .value('\0', "since", "TIME", "only what was logged after it")
            .flag('T', "ctime", "human-readable time stamps")
            .flag('t', "notime", "no time stamps")
            .value('\0', "until", "TIME", "only what was logged before it")
            .flag('w', "follow", "wait for new messages")
            .flag('x', "decode", "facility and level in words")
            .search()
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (!arguments.operands().isEmpty()) {
      throw new Failure("bad usage: unexpected argument '" + arguments.operands().getFirst() + "'");
    }
    boolean clear = arguments.has("clear");
    boolean follow = arguments.has("follow");
    if (clear && (arguments.has("read-clear") || follow)) {
      throw new Failure("mutually exclusive arguments: --clear --read-clear --follow");
    }
    if (arguments.has("json") && follow) {
      throw new Failure("mutually exclusive arguments: --json --follow");
    }
    if (arguments.has("raw") && (arguments.has("json") || arguments.has("decode"))) {
      throw new Failure("--raw can be used together with --level or --facility only");
    }
    if (arguments.has("raw")) {
      for (String other : List.of("human", "ctime", "show-delta", "reltime", "notime")) {
        if (arguments.has(other)) {
          throw new Failure(
              other.equals("notime")
                  ? "mutually exclusive arguments: --raw --notime"
                  : "mutually exclusive arguments: --" + other + " --raw");
        }
      }
    }
    String since = arguments.value("since");
    String until = arguments.value("until");
    String kind = arguments.lastOf(List.of("ctime", "notime", "reltime", "human"));
    boolean delta = arguments.has("show-delta");
    boolean stamped = delta || (kind != null && !kind.equals("notime"));
    int levels = set(arguments.value("level"), LogLine.LEVELS, "level");
    int facilities = set(arguments.value("facility"), LogLine.FACILITIES, "facility");
    if (arguments.has("kernel")) {
      facilities &= 1;
    }
    try (KernelConnection kernel = connect(arguments, console)) {
      KernelQueries queries = new KernelQueries(kernel);
      if (clear) {
        queries.clearLog();
        return 0;
      }
      boolean dated = stamped || since != null || until != null;
      long boot = dated ? queries.figures().bootTimeMicros() : 0;
      Format format =
          new Format(
              arguments.has("raw"),
              arguments.has("decode"),
              "notime".equals(kind),
              !arguments.has("noescape"),
              arguments.has("force-prefix"),
              stamped ? LogStamps.of(kind == null ? "" : kind, delta, boot) : null,
              since == null && until == null
                  ? null
                  : new Period(second(since), second(until), boot),
              levels,
              facilities);
      LogDecoder decoder =
          new LogDecoder(
              () -> connect(arguments, console),
              ModuleFiles.of(arguments, console, kernel.identity().release()),
              console);
      if (arguments.has("json")) {
        List<LogEntry> all = new ArrayList<>();
        queries.log(false, arguments.has("read-clear"), all::addAll);
        json(all, decoder.decode(all), format, console);
        return 0;
      }
      if (!follow) {
        List<LogEntry> all = new ArrayList<>();
        queries.log(false, arguments.has("read-clear"), all::addAll);
        print(all, decoder, format, console);
        return 0;
      }
      queries.log(
          true,
          arguments.has("read-clear"),
          entries -> {
            print(entries, decoder, format, console);
            console.flush();
          });
    }
    return 0;
  }

  private static long second(@Nullable String time) {
    return time == null ? 0 : TimeWord.seconds(time, ZonedDateTime.now(ZoneId.systemDefault()));
  }

  /** Returns a bit for each name in the comma-separated {@code list}; all bits for no list. */
  private static int set(@Nullable String list, String[] names, String kind) {
    if (list == null) {
      return -1;
    }
    int bits = 0;
    for (String name : list.split(",", -1)) {
      int index = List.of(names).indexOf(name);
      if (index < 0) {
        throw new Failure("unknown " + kind + " '" + name + "'");
      }
      bits |= 1 << index;
    }
    return bits;
  }

  private static void print(
      List<LogEntry> entries, LogDecoder decoder, Format format, Console console) {
    // those that are not printed may tell of modules that those that are lie in
    List<String> texts = format.raw() ? List.of() : decoder.decode(entries);
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      if (format.accepts(entry)) {
        print(entry, format.raw() ? entry.text() : texts.get(i), format, console);
      }
    }
  }

  private static void print(LogEntry entry, String decoded, Format format, Console console) {
    if (entry.text().isEmpty()) {
      console.line("");
      return;
    }
    String prefix = prefix(entry, format);
    String text = decoded;
    if (format.prefixEachLine()) {
      text = text.replace("\n", "\n" + prefix);
    }
    int indent = format.prefixEachLine() ? 0 : prefix.length();
    console.line(prefix + (format.escape() ? LogLine.printable(text, indent) : text));
  }

  private static String prefix(LogEntry entry, Format format) {
    String time = "[" + LogLine.seconds(entry.timeMicros()) + "] ";
    if (format.raw()) {
      return "<" + (entry.facility() << 3 | entry.level()) + ">" + time;
    }
    LogStamps stamps = format.stamps();
    if (stamps != null) {
      time = stamps.of(entry.timeMicros());
    } else if (format.noTime()) {
      time = "";
    }
    return format.decode() ? LogLine.decoded(entry) + time : time;
  }

  /** As util-linux lays it out, three blanks an indent and the time as a number. */
  private static void json(
      List<LogEntry> entries, List<String> texts, Format format, Console console) {
    console.print("{\n   \"dmesg\": [");
    String separator = "\n      {";
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      if (!format.accepts(entry)) {
        continue;
      }
      console.line(separator);
      String member = "         \"";
      if (format.decode()) {
        console.line(member + "fac\": \"" + LogLine.facility(entry) + "\",");
        console.line(member + "pri\": \"" + LogLine.level(entry) + "\",");
      } else {
        console.line(member + "pri\": " + (entry.facility() << 3 | entry.level()) + ",");
      }
      console.line(member + "time\": " + LogLine.seconds(entry.timeMicros()) + ",");
      console.line(member + "msg\": " + JsonWriter.quoted(texts.get(i)));
      console.print("      }");
      separator = ",{";
    }
    console.print("\n   ]\n}\n");
  }
}
