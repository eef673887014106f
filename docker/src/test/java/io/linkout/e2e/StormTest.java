package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.StatsReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sixteen clients load and remove sixty modules that need each other, and a third of the commands
 * are killed. Now and then all pause: then the kernel must hold exactly what follows from the inits
 * and exits that have run.
 *
 * <p>{@code linkout.storm.seed} gives the same modules and commands again, though not the same
 * moments; {@code linkout.storm.minutes} says how long, instead of until 2,000 loads and removals,
 * 600 of them in a kernel that keeps no symbols.
 */
@Tag("loader")
class StormTest {
  private static final int MODULES = 60;
  private static final int CLIENTS = 16;
  private static final int COMMANDS = 4;
  private static final int LOADS_AND_REMOVALS = Daemon.USERSPACE ? 600 : 1400;

  private final long seed = Long.getLong("linkout.storm.seed", System.nanoTime() & 0xffffff);
  private final long minutes = Long.getLong("linkout.storm.minutes", 0);
  private final List<StormClient> clients = new ArrayList<>();
  private final long start = System.nanoTime();

  @Test
  void whatIsLeftIsWhatTheInitsAndExitsThatRanSay() throws Exception {
    try (Daemon daemon = Daemon.start();
        Onlooker kernel = new Onlooker(daemon.socket())) {
      say("seed " + seed + ", symbols in " + Daemon.SYMBOLS);
      StormModules modules =
          new StormModules(MODULES, new Random(seed), daemon.directory().resolve("root"));
      modules.build();
      StatsReply before = kernel.stats();
      StormLedger ledger = new StormLedger(modules, before, kernel.log());
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new StormClient(modules, daemon.socket(), new Random(seed * CLIENTS + i)));
      }
      Flatness flatness = new Flatness(before.getPid());
      storm(kernel, daemon.socket(), ledger, flatness);
      agreesWithCommands(daemon, ledger);
      removeAll(daemon, modules);
      ledger.check(kernel, daemon.socket());
      assertThat(ledger.live()).isEmpty();
      assertThat(kernel.sessions()).isEmpty();
      say(summary(ledger) + "; daemon: " + ProcessFigures.of(before.getPid()));
      flatness.check(minutes);
    }
  }

  private void storm(Onlooker kernel, Path socket, StormLedger ledger, Flatness flatness)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int quiet = 0; !enough(ledger); quiet++) {
        List<Future<?>> running = new ArrayList<>();
        for (StormClient client : clients) {
          running.add(
              threads.submit(
                  () -> {
                    client.run(COMMANDS);
                    return null;
                  }));
        }
        for (Future<?> client : running) {
          client.get();
        }
        awaitRest(kernel);
        ledger.check(kernel, socket);
        if (flatness.due(quiet)) {
          say("quiet point " + quiet + ": " + summary(ledger) + "; daemon: " + flatness.measure());
        }
      }
    }
  }

  private boolean enough(StormLedger ledger) {
    return minutes > 0
        ? System.nanoTime() - start >= TimeUnit.MINUTES.toNanos(minutes)
        : ledger.loads() + ledger.removals() >= LOADS_AND_REMOVALS;
  }

  /** Waits until no session is open and no init or exit is under way. */
  private void awaitRest(Onlooker kernel) {
    for (int i = 0; i < 6000; i++) {
      if (kernel.stats().getSessions() == 0
          && kernel.modules().stream().allMatch(m -> m.getState() == ModuleState.STATE_LIVE)) {
        return;
      }
      Daemon.pause(5);
    }
    throw new AssertionError("no rest (seed " + seed + "): " + kernel.modules());
  }

  /** The commands say what the wire says. */
  private static void agreesWithCommands(Daemon daemon, StormLedger ledger) {
    String stats = daemon.run("kernel-sim", "stats", "--json").ok().out();
    assertThat(stats.replace(" ", "")).contains("\"modules\":" + ledger.live().size());
    assertThat(daemon.live()).containsExactlyInAnyOrderElementsOf(ledger.live());
    String list = daemon.run("lsmod", "--json").ok().out();
    for (String name : ledger.live()) {
      assertThat(list).contains('"' + name + '"');
    }
  }

  private static void removeAll(Daemon daemon, StormModules modules) {
    List<String> live = daemon.live();
    String[] names =
        modules.kinds().reversed().stream()
            .map(StormModules.Kind::name)
            .filter(live::contains)
            .toArray(String[]::new);
    if (names.length > 0) {
      daemon.run("rmmod", names).ok();
    }
  }

  private String summary(StormLedger ledger) {
    return "%d s, %d commands, %d killed, %d loads, %d inits that failed, %d removals, %d live"
        .formatted(
            (System.nanoTime() - start) / 1_000_000_000,
            clients.stream().mapToInt(StormClient::commands).sum(),
            clients.stream().mapToInt(StormClient::kills).sum(),
            ledger.loads(),
            ledger.refusals(),
            ledger.removals(),
            ledger.live().size());
  }

  private static void say(String what) throws java.io.IOException {
    String line = "storm: " + what;
    System.out.println(line);
    String file = System.getProperty("linkout.storm.report");
    if (file != null) {
      Files.writeString(
          Path.of(file),
          line + "\n",
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    }
  }

  /** The daemon's own use of the machine, once a minute. */
  private static final class Flatness {
    private final int pid;
    private final List<ProcessFigures> measured = new ArrayList<>();
    private long next = System.nanoTime();

    Flatness(int pid) {
      this.pid = pid;
    }

    boolean due(int quiet) {
      return System.nanoTime() >= next && quiet > 0;
    }

    ProcessFigures measure() {
      next = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      ProcessFigures now = ProcessFigures.of(pid);
      measured.add(now);
      return now;
    }

    /** Nothing may grow with the work done; the heap needs some minutes to find its size. */
    void check(long minutes) {
      ProcessFigures end = ProcessFigures.of(pid);
      int descriptors = measured.getFirst().descriptors();
      assertThat(end.descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors);
      assertThat(end.threads())
          .as("threads")
          .isLessThanOrEqualTo(measured.getFirst().threads() + 2);
      if (minutes >= 10) {
        long early =
            measured.stream()
                .limit(measured.size() / 2)
                .mapToLong(ProcessFigures::residentKilobytes)
                .max()
                .orElseThrow();
        assertThat(end.residentKilobytes()).as("resident kB").isLessThan(early * 11 / 10);
      }
    }
  }
}
