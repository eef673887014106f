package io.linkout.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import org.junit.jupiter.api.Test;

/** Loading, listing and removing from containers that share only the socket with the kernel's. */
class ContainersTest {
  private static final String EXAMPLES = "/opt/linkout/share/linkout/examples/";

  @Test
  void loadListAndRemove() {
    try (Kernel kernel = Kernel.start()) {
      assertThat(kernel.run("lsmod").ok().out())
          .isEqualTo("Module                  Size  Used by\n");
      var before = kernel.nine();
      assertThat(before).hasSize(9);
      kernel.run("insmod", EXAMPLES + "hello.ko", "whom=container").ok();
      kernel.run("insmod", EXAMPLES + "exporter.ko").ok();
      kernel.run("insmod", EXAMPLES + "importer.ko").ok();
      assertThat(kernel.run("lsmod").ok().out().lines().map(l -> l.substring(0, l.indexOf(' '))))
          .containsExactly("Module", "importer", "exporter", "hello");
      assertThat(kernel.run("dmesg").ok().out()).contains("hello: Hello, container.");
      assertThat(kernel.run("kcall", "hello:hello_add", "2", "40").ok().out())
          .isEqualTo("0x000000000000002a\n");
      assertThat(kernel.run("rmmod", "exporter").failed().err())
          .isEqualTo("rmmod: ERROR: Module exporter is in use by: importer\n");
      kernel.run("rmmod", "importer", "exporter", "hello").ok();
      assertThat(kernel.nine()).isEqualTo(before);
      assertThat(kernel.printed())
          .isEqualTo("kernel-sim: 6.1.0-linkout ready on /run/linkout/kernel.sock\n");
    }
  }

  @Test
  void theKernelHasNothingButItsSocket() {
    try (Kernel kernel = Kernel.start()) {
      InspectContainerResponse container = kernel.engine().inspectContainerCmd(kernel.id()).exec();
      assertThat(container.getConfig().getUser()).isEqualTo("10001:10001");
      assertThat(container.getConfig().getEntrypoint()).containsExactly("linkout");
      assertThat(container.getMounts())
          .singleElement()
          .satisfies(m -> assertThat(String.valueOf(m.getDestination())).contains("/run/linkout"));
      assertThat(container.getNetworkSettings().getNetworks()).containsOnlyKeys("none");
      // What the first process really has, from within: proc(5) and capabilities(7).
      assertThat(within(kernel, "cat", "/proc/1/status"))
          .contains(
              "CapEff:\t0000000000000000\n", "CapBnd:\t0000000000000000\n", "NoNewPrivs:\t1\n")
          .contains("Uid:\t10001\t10001\t10001\t10001\n");
      assertThat(within(kernel, "touch", "/opt/linkout/x")).contains("Read-only file system");
      assertThat(within(kernel, "cat", "/proc/net/dev").lines().skip(2)).as("lo alone").hasSize(1);
      assertThat(within(kernel, "ls", "-ld", "/run/linkout")).startsWith("drwxr-xr-x");
    }
  }

  @Test
  void sigtermEndsTheKernelWell() {
    try (Kernel kernel = Kernel.start()) {
      kernel.run("insmod", EXAMPLES + "hello.ko").ok();
      kernel.signal("TERM");
      assertThat(kernel.awaitEnd()).isZero();
      assertThat(kernel.run("lsmod").failed().err())
          .isEqualTo(
              "lsmod: ERROR: no kernel at /run/linkout/kernel.sock: is kernel-sim running?\n");
    }
  }

  @Test
  void theHealthCheckSaysWhetherTheKernelAnswers() {
    try (Kernel kernel = Kernel.start()) {
      InspectContainerResponse container = kernel.engine().inspectContainerCmd(kernel.id()).exec();
      assertThat(container.getConfig().getHealthcheck().getTest())
          .containsExactly("CMD", "kernel-sim", "status", "--quiet");
      Client.Outcome well = kernel.run("kernel-sim", "status", "--quiet").ok();
      assertThat(well.out()).isEmpty();
      kernel.signal("STOP");
      Client.Outcome ill = kernel.run("kernel-sim", "status", "--quiet");
      kernel.signal("CONT");
      assertThat(ill).isEqualTo(new Client.Outcome(1, "", ""));
      kernel.run("kernel-sim", "status", "--quiet").ok();
    }
  }

  private static String within(Kernel kernel, String... command) {
    return Engine.run(
            java.util.Map.of(),
            "docker",
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of("exec", kernel.id()),
                    java.util.stream.Stream.of(command))
                .toArray(String[]::new))
        .text();
  }
}
