package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two clients load exporters into a kernel that keeps no symbols, and each has looked at what is
 * there before the other's module came.
 */
class ExportersRaceTest {
  private final Daemon daemon = Daemon.startWith("userspace");
  private final Map<String, Long> before = daemon.nine();

  @AfterEach
  void end() {
    daemon.closeAsItWas(before);
  }

  private String module(String name, String export) throws IOException {
    Path file = daemon.directory().resolve(name + ".ko");
    ModuleSource.compile(
        name,
        "int "
            + export
            + "(void) { return 1; }\nEXPORT_SYMBOL("
            + export
            + ");\nstatic int __init start(void) { return 0; }\n"
            + "static void __exit stop(void) {}\n",
        file);
    return file.toString();
  }

  /**
   * Loads {@code slow}; its Activate is held back until {@code fast} is live. Adds what the slow
   * one's client asked, but for its Writes, to {@code asked}.
   */
  private Tool.Outcome race(String slow, String fast, List<String> asked) throws IOException {
    Path socket = daemon.directory().resolve("slow.sock");
    try (FaultProxy proxy =
        new FaultProxy(
            socket, daemon.socket(), frame -> frame.kind().equals("ACTIVATE") ? 0 : -1)) {
      Tool.Running running = Tool.start(socket, "insmod", slow);
      proxy.awaitHalt();
      daemon.run("insmod", fast).ok();
      proxy.goOn();
      Tool.Outcome outcome = running.await();
      for (Frame frame : proxy.frames()) {
        if (frame.direction() == Frame.Direction.TO_KERNEL && !frame.kind().equals("WRITE")) {
          asked.add(frame.kind());
        }
      }
      return outcome;
    }
  }

  @Test
  void theSlowerOfTwoWithTheSameExportIsRefused() throws IOException {
    List<String> asked = new ArrayList<>();
    String slow = module("slow", "answer");
    Tool.Outcome outcome = race(slow, module("fast", "answer"), asked).failed();
    assertThat(outcome.err())
        .isEqualTo(
            "insmod: ERROR: could not insert module "
                + slow
                + ": Invalid module format\n"
                + "  slow: exports duplicate symbol answer (owned by fast)\n");
    assertThat(asked)
        .startsWith("HELLO", "ALLOCATE", "LIST_MODULES", "ACTIVATE", "LIST_MODULES")
        .containsOnlyOnce("ACTIVATE");
    assertThat(daemon.live()).containsExactly("fast");
  }

  @Test
  void theSlowerOfTwoWithOtherExportsLooksOnceMoreAndIsLoaded() throws IOException {
    List<String> asked = new ArrayList<>();
    race(module("slow", "answer"), module("fast", "question"), asked).ok();
    assertThat(asked)
        .containsExactly(
            "HELLO", "ALLOCATE", "LIST_MODULES", "ACTIVATE", "LIST_MODULES", "ACTIVATE");
    assertThat(daemon.live()).containsExactly("slow", "fast");
  }

  @Test
  void oneThatExportsNothingIsInNobodysWay() throws IOException {
    List<String> asked = new ArrayList<>();
    race(module("slow", "answer"), Tool.example("hello"), asked).ok();
    assertThat(asked).containsExactly("HELLO", "ALLOCATE", "LIST_MODULES", "ACTIVATE");
  }
}
