package io.linkout.kernel;

import io.linkout.kernel.server.KernelIdentity;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.Limits;
import io.linkout.kernel.testing.FakeGuest;
import io.linkout.kernel.testing.RawClient;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Stats;
import io.linkout.proto.wire.StatsReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A whole daemon in this process, with a guest whose every outcome the test decides. */
final class TestDaemon implements AutoCloseable {
  static final Limits LIMITS =
      new Limits(1 << 16, 32, 100, 8, 1 << 24, 100, 12, 4096, 4096, 2048, 256);

  final FakeGuest guest = new FakeGuest();
  final Path directory;
  final Path socket;
  private final Daemon daemon;
  private final Thread keeper;

  TestDaemon() {
    this(Deadlines.Allowance.DEFAULT);
  }

  TestDaemon(Deadlines.Allowance deadlines) {
    this(deadlines, LIMITS);
  }

  TestDaemon(Deadlines.Allowance deadlines, Limits limits) {
    this(deadlines, limits, null);
  }

  /** One that writes its symbols to {@code map} and keeps none; null: it keeps them. */
  TestDaemon(Deadlines.Allowance deadlines, Limits limits, @Nullable SymbolMapFile map) {
    try {
      directory = Files.createTempDirectory("linkout");
      socket = directory.resolve("run").resolve("k.sock");
      daemon =
          Daemon.start(
              options(socket, deadlines, limits),
              GuestBoot.begin(
                  16,
                  map,
                  (kmsg, references, exports) -> {
                    exports.keep(FakeGuest.EXPORTS);
                    kmsg.log(5, "booted");
                    return new Daemon.Guest(
                        guest,
                        identity(map == null ? "" : socket + ".symbols"),
                        io.linkout.kernel.api.oops.TableForms.LINUX_6_1);
                  }),
              map,
              new java.util.concurrent.CountDownLatch(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keeper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    daemon.awaitEnd();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  static DaemonOptions options(Path socket, Deadlines.Allowance deadlines, Limits limits) {
    return new DaemonOptions(
        socket,
        null,
        true,
        true,
        Duration.ofSeconds(10),
        Set.of(),
        Set.of(),
        0600,
        limits,
        deadlines,
        16,
        null,
        "ERROR",
        "/opt/client");
  }

  static KernelIdentity identity(String symbolMap) {
    return new KernelIdentity(
        "6.1.0-test",
        "6.1.0-test SMP ",
        "aa".repeat(20),
        "boot",
        1,
        "/opt/client",
        "",
        "",
        List.of(7, 8),
        1088,
        true,
        symbolMap);
  }

  RawClient open() throws IOException {
    return RawClient.open(socket);
  }

  /** Asks for the figures over and over until no session but the asker's is open. */
  StatsReply settled() throws IOException {
    try (RawClient client = open()) {
      while (true) {
        StatsReply stats = stats(client);
        if (stats.getSessions() == 0) {
          return stats;
        }
      }
    }
  }

  /** The figures that must be as before once sessions have ended. */
  List<Long> figures() throws IOException {
    StatsReply s = settled();
    List<Long> figures = new ArrayList<>();
    figures.add(s.getHandles());
    figures.add(s.getHandleBytes());
    figures.add(s.getPins());
    figures.add(s.getModules());
    figures.add(s.getModuleBytes());
    figures.add(s.getModuleAreaFreeBytes());
    figures.add(s.getExports());
    figures.add(s.getExportTableBytes());
    return figures;
  }

  static StatsReply stats(RawClient client) throws IOException {
    return client.ask(Request.newBuilder().setStats(Stats.getDefaultInstance()).build()).getStats();
  }

  /** Asks it to stop. */
  void stop() {
    daemon.stop();
  }

  /** Waits until it has stopped. */
  void awaitEnd() throws InterruptedException {
    keeper.join();
  }

  @Override
  public void close() {
    daemon.stop();
    try {
      keeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
