package io.linkout.e2e;

import io.linkout.proto.wire.Disconnect;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.LogBatch;
import io.linkout.proto.wire.LogRecord;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ReadLog;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.Session;
import io.linkout.proto.wire.Sessions;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import io.linkout.proto.wire.Symbol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One session, open as long as this is, that looks at the kernel and holds nothing: asking costs a
 * fraction of a millisecond where a command costs a process.
 */
final class Onlooker implements AutoCloseable {
  private final Wire wire;

  /** Opens a session with the kernel at {@code socket}. */
  Onlooker(Path socket) {
    try {
      wire = Wire.open(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the kernel's figures; its {@code sessions} does not count this one. */
  StatsReply stats() {
    return ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()).getStats();
  }

  /** Returns the nine figures that every aborted load, and every load and removal, must restore. */
  Map<String, Long> nine() {
    return nine(stats());
  }

  /** Returns the nine of {@code figures}. */
  static Map<String, Long> nine(StatsReply figures) {
    Map<String, Long> nine = new TreeMap<>();
    nine.put("handles", figures.getHandles());
    nine.put("handle_bytes", figures.getHandleBytes());
    nine.put("pins", figures.getPins());
    nine.put("modules", figures.getModules());
    nine.put("module_bytes", figures.getModuleBytes());
    nine.put("exports", figures.getExports());
    nine.put("heap_objects", figures.getHeapObjects());
    nine.put("heap_bytes", figures.getHeapBytes());
    nine.put("registrations", figures.getRegistrations());
    return nine;
  }

  /** Returns every module, also those that are being loaded or only have space so far. */
  List<Module> modules() {
    return ask(Request.newBuilder().setListModules(ListModules.getDefaultInstance()).build())
        .getModules()
        .getModulesList();
  }

  /** Returns what {@code names} are, and pins nothing. */
  List<Symbol> lookUp(List<String> names) {
    return ask(Request.newBuilder().setResolve(Resolve.newBuilder().addAllNames(names)).build())
        .getResolved()
        .getSymbolsList();
  }

  /** Returns the whole log. */
  List<LogRecord> log() {
    List<LogRecord> records = new ArrayList<>();
    LogBatch batch =
        ask(Request.newBuilder().setReadLog(ReadLog.getDefaultInstance()).build()).getLog();
    while (!batch.getLast()) {
      records.addAll(batch.getRecordsList());
      batch = reply().getLog();
    }
    records.addAll(batch.getRecordsList());
    return records;
  }

  /** Returns every open session but this one. */
  List<Session> sessions() {
    return ask(Request.newBuilder().setSessions(Sessions.getDefaultInstance()).build())
        .getSessions()
        .getSessionsList()
        .stream()
        .filter(s -> !s.getSelf())
        .toList();
  }

  /** Closes a session, as {@code kernel-sim disconnect} does. */
  void disconnect(long session) {
    ask(Request.newBuilder().setDisconnect(Disconnect.newBuilder().setSession(session)).build());
  }

  /** Sends a request that must not be refused, and returns its reply. */
  Reply ask(Request request) {
    try {
      wire.send(request);
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply reply() {
    try {
      Reply reply = wire.reply();
      if (reply.hasError()) {
        throw new AssertionError("refused: " + reply);
      }
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      wire.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
