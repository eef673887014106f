package io.linkout.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code docker kill -s KILL}: of a client's container, the kernel keeps nothing of the load; of
 * the kernel's, every client says so in one line.
 */
@Timeout(300)
class KilledContainersTest {
  private static final String EXAMPLES = "/opt/linkout/share/linkout/examples/";

  /** Bytes of big.ko's segments: a load of it that waits for the CPU holds more than this. */
  private static final long BIG = 8L << 20;

  @Test
  void aClientInTheMiddleOfALoad() {
    try (Kernel kernel = Kernel.start()) {
      var before = kernel.nine();
      try (Client slow = kernel.client("insmod", EXAMPLES + "slow_init.ko", "ms=8000").start();
          Client big = client(kernel, "big")) {
        awaitLoading(kernel, "slow_init");
        big.start();
        awaitLoading(kernel, "big");
        assertThat(kernel.figure("handle_bytes")).isGreaterThan(BIG);
        big.signal("KILL");
        assertThat(big.await().status()).isEqualTo(137);
        await(kernel, "lsmod -v", list -> !list.contains("big"), "lsmod", "-v");
        assertThat(kernel.figure("handle_bytes")).isLessThan(BIG);
        assertThat(slow.await().ok().out()).isEmpty();
      }
      kernel.run("rmmod", "slow_init").ok();
      assertThat(kernel.nine()).isEqualTo(before);
      kernel.run("insmod", EXAMPLES + "big.ko").ok();
      kernel.run("rmmod", "big").ok();
      assertThat(kernel.nine()).isEqualTo(before);
    }
  }

  @Test
  void aClientThatHoldsAHandleWhileStopped() {
    try (Kernel kernel = Kernel.start()) {
      var before = kernel.nine();
      try (Client slow = kernel.client("insmod", EXAMPLES + "slow_init.ko", "ms=8000").start();
          Client big = client(kernel, "big")) {
        awaitLoading(kernel, "slow_init");
        big.start();
        awaitLoading(kernel, "big");
        big.signal("STOP");
        assertThat(kernel.figure("handle_bytes")).as("stopped, not gone").isGreaterThan(BIG);
        big.signal("KILL");
        assertThat(big.await().status()).isEqualTo(137);
        await(kernel, "lsmod -v", list -> !list.contains("big"), "lsmod", "-v");
        slow.await().ok();
      }
      kernel.run("rmmod", "slow_init").ok();
      assertThat(kernel.nine()).isEqualTo(before);
    }
  }

  @Test
  void clientsAtAnyMoment() throws InterruptedException {
    Random random = new Random(20261123);
    try (Kernel kernel = Kernel.start()) {
      var before = kernel.nine();
      for (int i = 0; i < 8; i++) {
        try (Client big = client(kernel, "big").start()) {
          Thread.sleep(random.nextInt(120));
          // One that has ended already cannot be killed, and is live.
          Engine.run(java.util.Map.of(), "docker", "kill", "-s", "KILL", big.id());
          big.await();
        }
        await(kernel, "no session", l -> l.lines().count() == 1, "kernel-sim", "sessions");
        await(kernel, "live or gone", l -> !l.contains("Loading"), "lsmod", "-v");
        if (kernel.run("lsmod").ok().out().contains("big")) {
          kernel.run("rmmod", "big").ok();
        }
        assertThat(kernel.nine()).as("after kill %d", i).isEqualTo(before);
      }
    }
  }

  @Test
  void theKernelWhileAClientWaits() {
    try (Kernel kernel = Kernel.start();
        Client slow = kernel.client("insmod", EXAMPLES + "slow_init.ko", "ms=8000").start()) {
      awaitLoading(kernel, "slow_init");
      kernel.signal("KILL");
      assertThat(kernel.awaitEnd()).isEqualTo(137);
      assertThat(slow.await().failed().err().lines())
          .singleElement()
          .asString()
          .startsWith("insmod: ERROR: could not insert module " + EXAMPLES + "slow_init.ko: ");
      // Its socket file is still there: nobody is behind it.
      assertThat(kernel.run("lsmod").failed().err())
          .isEqualTo(
              "lsmod: ERROR: no kernel at /run/linkout/kernel.sock: is kernel-sim running?\n");
      assertThat(kernel.run("kernel-sim", "status", "-q")).isEqualTo(new Client.Outcome(1, "", ""));
    }
  }

  @SuppressWarnings("resource") // the caller's
  private static Client client(Kernel kernel, String module) {
    return kernel.client("insmod", EXAMPLES + module + ".ko");
  }

  private static void awaitLoading(Kernel kernel, String module) {
    await(
        kernel,
        module + " is being loaded",
        list -> list.lines().anyMatch(l -> l.startsWith(module) && l.contains("Loading")),
        "lsmod",
        "-v");
  }

  /** Runs a client's command until {@code wanted} is said. */
  private static void await(
      Kernel kernel, String what, Predicate<String> wanted, String... command) {
    for (int i = 0; i < 100; i++) {
      if (wanted.test(kernel.run(command).ok().out())) {
        return;
      }
    }
    throw new AssertionError("not within 100 looks: " + what + " by " + List.of(command));
  }
}
