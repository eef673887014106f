package io.linkout.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;

/** A tool in a container of its own; removed, and killed if need be, by {@link #close}. */
final class Client implements AutoCloseable {
  /** What it printed and how it ended. */
  record Outcome(int status, String out, String err) {
    /** Returns this if it succeeded and complained of nothing. */
    Outcome ok() {
      if (status != 0 || !err.isEmpty()) {
        throw new AssertionError(this);
      }
      return this;
    }

    /** Returns this if it failed with status 1 and said why, in words. */
    Outcome failed() {
      if (status != 1 || err.isEmpty() || err.contains("\tat ") || err.contains("Exception")) {
        throw new AssertionError(this);
      }
      return this;
    }
  }

  /** It may have ended, well or not, before anyone looks: both are a start. */
  private static final class Any extends StartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient engine, String id) {
      InspectContainerResponse.ContainerState state = getCurrentState(engine, id);
      return "created".equals(state.getStatus())
          ? StartupStatus.NOT_YET_KNOWN
          : StartupStatus.SUCCESSFUL;
    }
  }

  private final DockerClient engine;
  private final GenericContainer<?> container;

  Client(DockerClient engine, String image, String volume, List<String> command) {
    this.engine = engine;
    this.container = Kernel.confined(image, volume, command).withStartupCheckStrategy(new Any());
  }

  /** Has it run as {@code uid}, before it is started. */
  Client as(int uid) {
    container.withCreateContainerCmdModifier(create -> create.withUser(uid + ":" + uid));
    return this;
  }

  /** Starts it and returns at once. */
  Client start() {
    container.start();
    return this;
  }

  /** Sends its first process a signal, as {@code docker kill -s} does. */
  void signal(String name) {
    engine.killContainerCmd(container.getContainerId()).withSignal(name).exec();
  }

  /** Returns the container's id. */
  String id() {
    return container.getContainerId();
  }

  /** Waits for its end. */
  Outcome await() {
    int status = exitStatus(engine, container.getContainerId());
    return new Outcome(
        status, container.getLogs(OutputType.STDOUT), container.getLogs(OutputType.STDERR));
  }

  /** Waits for the end of a container and returns its exit status. */
  static int exitStatus(DockerClient engine, String id) {
    return engine
        .waitContainerCmd(id)
        .exec(new WaitContainerResultCallback())
        .awaitStatusCode(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    container.stop();
  }
}
