package io.linkout.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A kernel in a container of its own, confined as docker/compose.yaml confines it, and the volume
 * with its socket, which client containers are given as well.
 */
final class Kernel implements AutoCloseable {
  private final DockerClient engine;
  private final String volume = "linkout-test-" + UUID.randomUUID();
  private final GenericContainer<?> container;

  private Kernel(DockerClient engine, List<String> options) {
    this.engine = engine;
    List<String> command = new java.util.ArrayList<>(List.of("kernel-sim", "run"));
    command.addAll(options);
    this.container =
        confined(Engine.IMAGE, volume, command)
            .waitingFor(
                Wait.forLogMessage(".* ready on .*\n", 1)
                    .withStartupTimeout(Duration.ofSeconds(60)));
  }

  /** Starts one and waits until it is ready; skips the test where no engine is. */
  static Kernel start(String... options) {
    DockerClient engine = Engine.orSkip();
    Kernel kernel = new Kernel(engine, List.of(options));
    engine.createVolumeCmd().withName(kernel.volume).exec();
    kernel.container.start();
    return kernel;
  }

  /** Returns a container that shares {@code volume} and nothing else with anyone. */
  @SuppressWarnings("resource") // the caller's
  static GenericContainer<?> confined(String image, String volume, List<String> command) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withImagePullPolicy(name -> false)
        .withCommand(command.toArray(String[]::new))
        .withCreateContainerCmdModifier(
            create -> {
              HostConfig host = create.getHostConfig();
              if (host == null) {
                throw new IllegalStateException("Testcontainers sets one");
              }
              host.withNetworkMode("none")
                  .withReadonlyRootfs(true)
                  .withCapDrop(Capability.ALL)
                  .withSecurityOpts(List.of("no-new-privileges"))
                  .withBinds(new Bind(volume, new Volume("/run/linkout"), AccessMode.rw));
            });
  }

  /** Returns a client that is not started yet. */
  Client client(String... command) {
    return new Client(engine, Engine.IMAGE, volume, List.of(command));
  }

  /** Returns a client of another image. */
  Client clientOf(String image, String... command) {
    return new Client(engine, image, volume, List.of(command));
  }

  /** Runs a client to its end. */
  Client.Outcome run(String... command) {
    try (Client client = client(command)) {
      return client.start().await();
    }
  }

  /** Returns one figure of {@code kernel-sim stats}. */
  long figure(String name) {
    return run("kernel-sim", "stats")
        .ok()
        .out()
        .lines()
        .filter(l -> l.startsWith(name + " "))
        .mapToLong(l -> Long.parseLong(l.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the nine figures that a load that came to nothing must restore, a line each. */
  List<String> nine() {
    List<String> names =
        List.of(
            "handles",
            "handle_bytes",
            "pins",
            "modules",
            "module_bytes",
            "exports",
            "heap_objects",
            "heap_bytes",
            "registrations");
    return run("kernel-sim", "stats")
        .ok()
        .out()
        .lines()
        .filter(l -> names.contains(l.split(" +", -1)[0]))
        .toList();
  }

  /** Returns the container's id. */
  String id() {
    return container.getContainerId();
  }

  /** Returns the engine. */
  DockerClient engine() {
    return engine;
  }

  /** Returns what it printed. */
  String printed() {
    return container.getLogs();
  }

  /** Sends the container's first process a signal. */
  void signal(String name) {
    engine.killContainerCmd(id()).withSignal(name).exec();
  }

  /** Waits for its end and returns the exit status. */
  int awaitEnd() {
    return Client.exitStatus(engine, id());
  }

  @Override
  public void close() {
    container.stop();
    engine.removeVolumeCmd(volume).exec();
  }
}
