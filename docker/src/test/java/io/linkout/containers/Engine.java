package io.linkout.containers;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/**
 * The container engine that is reachable here ({@code DOCKER_HOST}, else Docker's own socket), and
 * the image under test, built on it once from files of this machine: nothing is pulled.
 */
final class Engine {
  /**
   * The image that {@code scripts/image machine} builds of the tar that {@code make dist} makes.
   */
  static final String IMAGE = "linkout-test";

  private static final Path TOP =
      Path.of(System.getProperty("linkout.top", "..")).toAbsolutePath().normalize();

  private static final String MISSING = missing();
  private static boolean built;

  private Engine() {}

  /**
   * Returns the engine with the image on it; without an engine the calling test is skipped, with
   * the engine's own reason.
   */
  static synchronized DockerClient orSkip() {
    Assumptions.assumeTrue(MISSING.isEmpty(), MISSING);
    if (!built) {
      script(Map.of(), "scripts/dist");
      script(Map.of("IMAGE", IMAGE, "BUILD_NETWORK", "none"), "scripts/image", "machine");
      built = true;
    }
    return DockerClientFactory.lazyClient();
  }

  /** Runs a script of the clone, which must succeed. */
  static void script(Map<String, String> environment, String name, String... arguments) {
    Said said = run(environment, name, arguments);
    if (said.status() != 0) {
      throw new AssertionError(name + " ended with status " + said.status() + ":\n" + said.text());
    }
  }

  /** What a program said, both streams together. */
  record Said(int status, String text) {}

  /** Runs a program, by its path in the clone or by its name on the PATH. */
  static Said run(Map<String, String> environment, String name, String... arguments) {
    java.util.ArrayList<String> command = new java.util.ArrayList<>();
    command.add(name.contains("/") ? TOP.resolve(name).toString() : name);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      return new Said(process.waitFor(), text);
    } catch (IOException e) {
      return new Said(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns why there is no engine, or nothing. Tells Testcontainers which API the engine has. */
  private static String missing() {
    Said said = run(Map.of(), "docker", "version", "--format", "{{.Server.APIVersion}}");
    String reason = System.getenv("LINKOUT_NO_ENGINE");
    if (said.status() != 0) {
      return "no container engine: "
          + (reason != null && !reason.isEmpty()
              ? reason
              : said.text().lines().filter(l -> !l.isBlank()).reduce((a, b) -> b).orElse("?"));
    }
    // It asks for 1.44 by itself, which engines before 2024 do not have.
    System.setProperty("api.version", said.text().strip());
    return "";
  }
}
