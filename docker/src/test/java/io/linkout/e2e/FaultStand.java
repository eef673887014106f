package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.e2e.Frame.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A kernel of its own in which one scenario is played again and again, with faults. */
final class FaultStand implements AutoCloseable {
  private final FaultScenario scenario;
  private final Daemon daemon = Daemon.start();
  private final Path proxySocket = daemon.directory().resolve("proxy.sock");
  private Onlooker onlooker;
  private FaultAftermath aftermath;

  /** Starts a kernel with the scenario's bystanders. */
  FaultStand(FaultScenario scenario) {
    this.scenario = scenario;
    onlooker = new Onlooker(daemon.socket());
    aftermath = newAftermath();
  }

  private FaultAftermath newAftermath() {
    assertThat(onlooker.modules()).isEmpty();
    FaultScenario.load(daemon.socket(), scenario.bystanders());
    return new FaultAftermath(onlooker, daemon.socket(), scenario);
  }

  /** Loads and removes the scenario's modules a number of times. */
  void warmUp(int times) {
    for (int i = 0; i < times; i++) {
      aftermath.checkReload();
    }
  }

  /** Plays the scenario undisturbed and returns what was said. */
  List<Frame> record() throws IOException {
    prepare();
    try (FaultProxy proxy = new FaultProxy(proxySocket, daemon.socket(), FaultProxy.Halt.NEVER)) {
      Tool.Outcome outcome = scenario.start(proxySocket).await();
      proxy.await();
      if (scenario.succeeds()) {
        outcome.ok();
      } else {
        outcome.failed();
      }
      assertThat(aftermath.check().size()).isEqualTo(scenario.outcome());
      return proxy.frames();
    }
  }

  /**
   * Plays the scenario up to a point, where its fault strikes.
   *
   * @throws AssertionError if something does not hold afterwards
   */
  void strike(FaultPoint point) throws IOException {
    prepare();
    try (FaultProxy proxy =
        new FaultProxy(
            proxySocket,
            daemon.socket(),
            frame -> frame.isAt(point.frame()) ? point.offset() : -1)) {
      Tool.Running client = scenario.start(proxySocket);
      try {
        proxy.awaitHalt();
        assertThat(proxy.frames()).as("the frame meant").anyMatch(point.frame()::hasKindOf);
        List<String> left = point.fault().strike(new Scene(point, client, proxy));
        if (client.await().status() == 0 && point.fault() != Fault.KERNEL_KILLED) {
          assertThat(left).as("after a client that succeeded").hasSize(scenario.outcome());
        }
      } finally {
        client.kill();
        proxy.hangUp();
      }
      proxy.await();
    }
    aftermath.checkReload();
  }

  private void prepare() {
    if (scenario.removes()) {
      scenario.load(daemon.socket());
      aftermath.awaitSettled();
    }
  }

  @Override
  public void close() {
    onlooker.close();
    daemon.close();
  }

  /** Who and what is there when the fault of {@code point} strikes. */
  private final class Scene implements Fault.Stage {
    private final FaultPoint point;
    private final Tool.Running client;
    private final FaultProxy proxy;

    Scene(FaultPoint point, Tool.Running client, FaultProxy proxy) {
      this.point = point;
      this.client = client;
      this.proxy = proxy;
    }

    @Override
    public Tool.Running client() {
      return client;
    }

    @Override
    public FaultProxy proxy() {
      return proxy;
    }

    @Override
    public Direction direction() {
      return point.frame().direction();
    }

    @Override
    public Onlooker onlooker() {
      return onlooker;
    }

    @Override
    public FaultAftermath aftermath() {
      return aftermath;
    }

    @Override
    public boolean mayHaveEnded() {
      return direction() == Direction.TO_CLIENT && point.offset() == FaultPoint.WHOLE;
    }

    /** At boundaries with the real command, which is a process, else with the request it makes. */
    @Override
    public void disconnect(long session) {
      if (point.atBoundary()) {
        Tool.Outcome outcome = daemon.run("kernel-sim", "disconnect", Long.toString(session));
        if (outcome.status() != 0 && mayHaveEnded()) {
          assertThat(outcome.failed().err()).contains("no session " + session);
        } else {
          outcome.ok();
        }
      } else {
        onlooker.disconnect(session);
      }
    }

    @Override
    public void killKernel() {
      daemon.kill().onExit().join();
      onlooker.close();
    }

    @Override
    public void replaceKernel() {
      daemon.starting().await().ok();
      onlooker = new Onlooker(daemon.socket());
      aftermath = newAftermath();
    }
  }
}
