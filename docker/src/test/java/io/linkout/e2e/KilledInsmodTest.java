package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.e2e.FrameProxy.Direction;
import io.linkout.e2e.FrameProxy.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * SIGKILL to the real insmod before, within and after every single frame of a load, in both
 * directions: afterwards the module is live or not there at all, and the kernel holds nothing it
 * did not hold before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledInsmodTest {
  /** One place in a load's conversation. */
  private record Point(Direction direction, int number, Moment moment) {}

  private final Daemon daemon = Daemon.start();

  @BeforeAll
  void loadExporter() {
    daemon.run("insmod", Tool.example("exporter")).ok();
  }

  @AfterAll
  void stopKernel() {
    daemon.run("rmmod", "exporter").ok();
    daemon.close();
  }

  @TestFactory
  List<DynamicTest> killedAtEveryFrame() throws IOException {
    List<Point> points = conversation();
    assertThat(
            points.stream()
                .filter(p -> p.direction() == Direction.TO_KERNEL && p.moment() == Moment.BEFORE))
        .as("Hello, Resolve, Allocate, at least one Write, Activate")
        .hasSizeGreaterThanOrEqualTo(5);
    List<DynamicTest> tests = new ArrayList<>();
    for (Point point : points) {
      tests.add(DynamicTest.dynamicTest(point.toString(), () -> killAt(point)));
    }
    return tests;
  }

  @Test
  void killedWhileInitRuns() throws Exception {
    Map<String, Long> before = daemon.nine();
    CountDownLatch activated = new CountDownLatch(1);
    Path socket = daemon.directory().resolve("proxy.sock");
    int frames = frames("slow_init", "ms=300").getOrDefault(Direction.TO_KERNEL, 0);
    try (FrameProxy proxy =
        new FrameProxy(
            socket,
            daemon.socket(),
            (direction, number, moment) -> {
              if (direction == Direction.TO_KERNEL
                  && number == frames - 1
                  && moment == Moment.AFTER) {
                activated.countDown();
              }
              return true;
            })) {
      Tool.Running insmod = Tool.start(socket, "insmod", Tool.example("slow_init"), "ms=1500");
      assertThat(activated.await(60, TimeUnit.SECONDS)).isTrue();
      awaitComing("slow_init");
      insmod.kill();
      proxy.await();
    }
    daemon.awaitNoSessions();
    awaitSettled("slow_init");
    assertThat(daemon.live()).as("init finishes and its outcome stands").contains("slow_init");
    daemon.run("rmmod", "slow_init").ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void ofTwoInsmodsOfOneNameOneWins() {
    for (int round = 0; round < 5; round++) {
      Map<String, Long> before = daemon.nine();
      Tool.Running a = Tool.start(daemon.socket(), "insmod", Tool.example("slow_init"), "ms=200");
      Tool.Running b = Tool.start(daemon.socket(), "insmod", Tool.example("slow_init"), "ms=200");
      List<Tool.Outcome> outcomes = List.of(a.await(), b.await());
      assertThat(outcomes)
          .filteredOn(o -> o.status() == 0)
          .as("winners of %s", outcomes)
          .hasSize(1);
      Tool.Outcome loser =
          outcomes.stream().filter(o -> o.status() != 0).findFirst().orElseThrow().failed();
      assertThat(loser.err()).contains("could not insert module").contains("File exists");
      daemon.run("rmmod", "slow_init").ok();
      daemon.awaitNoSessions();
      assertThat(daemon.nine()).isEqualTo(before);
    }
  }

  private void killAt(Point point) throws IOException {
    Map<String, Long> before = daemon.nine();
    CompletableFuture<Tool.Running> insmod = new CompletableFuture<>();
    AtomicInteger kills = new AtomicInteger();
    Path socket = daemon.directory().resolve("proxy.sock");
    try (FrameProxy proxy =
        new FrameProxy(
            socket,
            daemon.socket(),
            (direction, number, moment) -> {
              if (!new Point(direction, number, moment).equals(point)) {
                return true;
              }
              insmod.join().kill();
              insmod.join().process().onExit().join();
              kills.incrementAndGet();
              return false;
            })) {
      insmod.complete(Tool.start(socket, "insmod", Tool.example("importer")));
      proxy.await();
      insmod.join().await();
    }
    assertThat(kills).as("the insmod was killed at the point").hasValue(1);
    daemon.awaitNoSessions();
    awaitSettled("importer");
    List<String> live = daemon.live();
    if (live.contains("importer")) {
      daemon.run("rmmod", "importer").ok();
    } else {
      assertThat(daemon.run("ksym", "importer_answer").status()).isEqualTo(1);
    }
    assertThat(daemon.nine()).isEqualTo(before);
    daemon.run("insmod", Tool.example("importer")).ok();
    daemon.run("rmmod", "importer").ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  /** Returns every point of an undisturbed load. */
  private List<Point> conversation() throws IOException {
    List<Point> points = new ArrayList<>();
    frames("importer")
        .forEach(
            (direction, count) -> {
              for (int number = 0; number < count; number++) {
                for (Moment moment : Moment.values()) {
                  points.add(new Point(direction, number, moment));
                }
              }
            });
    return points;
  }

  /** Loads and removes a module undisturbed and returns how many frames went each way. */
  private Map<Direction, Integer> frames(String module, String... parameters) throws IOException {
    Map<Direction, Integer> counts = new java.util.concurrent.ConcurrentHashMap<>();
    Path socket = daemon.directory().resolve("proxy.sock");
    String[] arguments = new String[parameters.length + 1];
    arguments[0] = Tool.example(module);
    System.arraycopy(parameters, 0, arguments, 1, parameters.length);
    try (FrameProxy proxy =
        new FrameProxy(
            socket,
            daemon.socket(),
            (direction, number, moment) -> {
              counts.merge(direction, number + 1, Math::max);
              return true;
            })) {
      Tool.run(socket, "insmod", arguments).ok();
      proxy.await();
    }
    daemon.run("rmmod", module).ok();
    return counts;
  }

  private void awaitComing(String module) {
    for (int i = 0; i < 2000; i++) {
      if (daemon.run("lsmod", "-v").ok().out().contains(module)) {
        return;
      }
      Daemon.pause(5);
    }
    throw new AssertionError(module + " is not being loaded");
  }

  private void awaitSettled(String module) {
    for (int i = 0; i < 2000; i++) {
      String list = daemon.run("lsmod", "-v").ok().out();
      if (list.lines().noneMatch(l -> l.startsWith(module) && l.contains("Loading"))) {
        return;
      }
      Daemon.pause(5);
    }
    throw new AssertionError(module + " is still being loaded");
  }
}
