package io.linkout.kernel.command;

import io.linkout.proto.wire.Disconnect;
import io.linkout.proto.wire.Reload;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Session;
import io.linkout.proto.wire.Sessions;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** The subcommands that ask a running kernel one thing. */
public final class Inquiry {
  private final Map<String, String> environment;
  private final PrintStream out;

  /** Commands that print to {@code out}. */
  public Inquiry(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  /**
   * Prints release, pid, uptime, modules and sessions.
   *
   * @return false if only the answer was wanted, and there is no kernel that answers
   */
  public boolean status(List<String> words) throws Failure {
    Arguments arguments =
        Arguments.parse(new Options().addOption("q", "quiet", false, null), words);
    arguments.noOperands();
    if (arguments.has("quiet")) {
      return HealthCheck.answers(arguments.clientSocket(environment), HealthCheck.PATIENCE);
    }
    try (ControlClient client = ControlClient.connect(arguments.clientSocket(environment))) {
      StatsReply stats = stats(client);
      out.println("release:  " + stats.getRelease());
      out.println("pid:      " + stats.getPid());
      out.println("uptime:   " + uptime(stats.getUptimeMs()));
      out.println("modules:  " + (stats.getModulesOff() ? "off" : stats.getModules()));
      out.println("sessions: " + stats.getSessions());
      return true;
    }
  }

  /** Prints the figures, a line each or as one JSON object. */
  public void stats(List<String> words) throws Failure {
    Arguments arguments =
        Arguments.parse(new Options().addOption(null, "json", false, null), words);
    arguments.noOperands();
    try (ControlClient client = ControlClient.connect(arguments.clientSocket(environment))) {
      Map<String, Object> figures = figures(stats(client));
      if (arguments.has("json")) {
        out.println(Json.write(figures));
      } else {
        figures.forEach((name, value) -> out.println("%-23s %s".formatted(name, value)));
      }
    }
  }

  /** Prints the open sessions, this one not counted. */
  public void sessions(List<String> words) throws Failure {
    Arguments arguments =
        Arguments.parse(new Options().addOption(null, "json", false, null), words);
    arguments.noOperands();
    try (ControlClient client = ControlClient.connect(arguments.clientSocket(environment))) {
      List<Session> sessions =
          client
              .ask(Request.newBuilder().setSessions(Sessions.getDefaultInstance()).build())
              .getSessions()
              .getSessionsList()
              .stream()
              .filter(s -> !s.getSelf())
              .toList();
      if (arguments.has("json")) {
        List<Object> list = new ArrayList<>();
        sessions.forEach(s -> list.add(session(s)));
        out.println(Json.write(list));
        return;
      }
      out.println(
          "%6s %8s %8s %10s %8s %12s %5s"
              .formatted("ID", "PID", "UID", "AGE", "HANDLES", "BYTES", "PINS"));
      for (Session s : sessions) {
        out.println(
            "%6d %8d %8d %9.1fs %8d %12d %5d"
                .formatted(
                    s.getId(),
                    s.getPid(),
                    Integer.toUnsignedLong(s.getUid()),
                    s.getAgeMs() / 1000.0,
                    s.getHandles(),
                    s.getHandleBytes(),
                    s.getPins()));
      }
    }
  }

  /** Closes a session by its number. */
  public void disconnect(List<String> words) throws Failure {
    Arguments arguments = Arguments.parse(new Options(), words);
    if (arguments.operands().size() != 1) {
      throw new Failure("disconnect takes the number of one session");
    }
    long id;
    try {
      id = Long.parseUnsignedLong(arguments.operands().getFirst());
    } catch (NumberFormatException e) {
      throw new Failure("'" + arguments.operands().getFirst() + "' is no number of a session");
    }
    try (ControlClient client = ControlClient.connect(arguments.clientSocket(environment))) {
      client.ask(
          Request.newBuilder().setDisconnect(Disconnect.newBuilder().setSession(id)).build());
    }
  }

  /** Opens the log anew, with another level if one is given. */
  public void reload(List<String> words) throws Failure {
    Arguments arguments =
        Arguments.parse(new Options().addOption(Arguments.option("log-level", "LEVEL")), words);
    arguments.noOperands();
    String level = arguments.value("log-level");
    try (ControlClient client = ControlClient.connect(arguments.clientSocket(environment))) {
      client.ask(
          Request.newBuilder()
              .setReload(Reload.newBuilder().setLogLevel(level == null ? "" : level))
              .build());
    }
  }

  static StatsReply stats(ControlClient client) throws Failure {
    return client.ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()).getStats();
  }

  private static Map<String, Object> figures(StatsReply s) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("release", s.getRelease());
    figures.put("boot_id", s.getBootId());
    figures.put("protocol_fingerprint", s.getProtocolFingerprint());
    figures.put("symbols_mode", s.getSymbolsMode());
    figures.put("modules_off", s.getModulesOff());
    figures.put("pid", s.getPid());
    figures.put("uptime_ms", s.getUptimeMs());
    figures.put("boot_time_us", s.getBootTimeUs());
    figures.put("taints", s.getTaints());
    figures.put("sessions", s.getSessions());
    figures.put("handles", s.getHandles());
    figures.put("handle_bytes", s.getHandleBytes());
    figures.put("pins", s.getPins());
    figures.put("modules", s.getModules());
    figures.put("module_bytes", s.getModuleBytes());
    figures.put("module_area_free_bytes", s.getModuleAreaFreeBytes());
    figures.put("exports", s.getExports());
    figures.put("export_table_bytes", s.getExportTableBytes());
    figures.put("heap_objects", s.getHeapObjects());
    figures.put("heap_bytes", s.getHeapBytes());
    figures.put("registrations", s.getRegistrations());
    figures.put("calls", s.getCalls());
    figures.put("oopses", s.getOopses());
    figures.put("soft_lockups", s.getSoftLockups());
    return figures;
  }

  private static Map<String, Object> session(Session s) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("id", s.getId());
    figures.put("pid", s.getPid());
    figures.put("uid", Integer.toUnsignedLong(s.getUid()));
    figures.put("age_ms", s.getAgeMs());
    figures.put("handles", s.getHandles());
    figures.put("bytes", s.getHandleBytes());
    figures.put("pins", s.getPins());
    return figures;
  }

  private static String uptime(long millis) {
    long seconds = millis / 1000;
    return seconds < 60
        ? "%d.%03ds".formatted(seconds, millis % 1000)
        : seconds < 3600
            ? "%dm %02ds".formatted(seconds / 60, seconds % 60)
            : "%dd %02dh %02dm".formatted(seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
  }
}
