package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SIGKILL to the kernel: whoever waits for it hears so at once, in one line; the next kernel takes
 * over the socket and the lock that the dead one left; and there is never more than one.
 */
@Timeout(120)
class DaemonKilledTest {
  private final Daemon daemon = Daemon.start("--init-timeout", "100");
  private final List<Tool.Running> waiting = new ArrayList<>();

  @AfterEach
  void stopKernel() {
    waiting.forEach(Tool.Running::kill);
    daemon.close();
  }

  @Test
  @Tag("loader")
  void whoWaitsForItHearsSoInOneLine() throws IOException {
    Path sleeper = compileSleeper();
    Path dozer = compileDozer();
    String[] load = {"insmod", dozer.toString()};
    String[] call = {"kcall", "sleeper_sleep", "100000"};
    String[] remove = {"rmmod", "sleeper"};
    String[] removeAnother = {"rmmod", "hello"};
    String[] modprobe = {"modprobe", Tool.example("importer")};
    String[] follow = {"dmesg", "-w"};
    // The CPU is one: what comes first runs, what comes after waits for it, all in the kernel.
    for (List<String[]> commands :
        List.of(
            List.of(load, follow, call, modprobe, removeAnother),
            List.of(call, follow, load, removeAnother),
            List.of(remove, modprobe, removeAnother))) {
      daemon.run("insmod", Tool.example("exporter")).ok();
      daemon.run("insmod", Tool.example("hello")).ok();
      daemon.run("insmod", sleeper.toString()).ok();
      startAll(commands);
      daemon.kill();
      for (Tool.Running command : waiting) {
        Tool.Outcome outcome = command.await().failed();
        assertThat(outcome.err().lines())
            .as("%s", outcome)
            .singleElement()
            .asString()
            .matches(".*: (the kernel (at .* )?closed the connection|no answer of a kernel at ).*");
      }
      waiting.clear();
      daemon.starting().await().ok();
      assertThat(daemon.live()).isEmpty();
    }
  }

  @Test
  void whoComesLaterHearsThatThereIsNone() {
    daemon.kill().onExit().join();
    String none = "no kernel at " + daemon.socket() + ": is kernel-sim running?";
    for (String[] command :
        new String[][] {
          {"lsmod"},
          {"dmesg", "-w"},
          {"insmod", Tool.example("hello")},
          {"rmmod", "hello"},
          {"modprobe", Tool.example("hello")},
          {"ksym", "printk"},
          {"kcall", "printk"},
          {"kmap"},
          {"modcheck", Tool.example("hello")},
          {"modinfo", "hello"},
          {"kernel-sim", "status"},
          {"kernel-sim", "stats"},
          {"kernel-sim", "sessions"},
          {"kernel-sim", "disconnect", "1"},
          {"kernel-sim", "reload"},
          {"kernel-sim", "stop"},
        }) {
      Tool.Outcome outcome = run(command).failed();
      assertThat(outcome.err()).isEqualTo(command[0] + ": ERROR: " + none + "\n");
    }
    daemon.starting().await().ok();
    daemon.run("insmod", Tool.example("hello")).ok();
  }

  @Test
  @Tag("loader")
  void itIsReplacedWithoutWaitingForItsEnd() {
    for (int round = 0; round < 3; round++) {
      daemon.kill();
      daemon.starting().await().ok();
      daemon.run("insmod", Tool.example("hello")).ok();
    }
  }

  /** Whatever the next one keeps, nobody reads the dead one's. */
  @Test
  void theSymbolMapThatItLeftIsReplacedOrRemoved() throws IOException {
    Path map = daemon.socket().resolveSibling(daemon.socket().getFileName() + ".symbols");
    replaceBy("--symbols=userspace");
    String first = Files.readAllLines(map).getFirst();
    daemon.run("insmod", Tool.example("exporter")).ok();
    replaceBy("--symbols=userspace");
    assertThat(Files.readAllLines(map).getFirst()).isNotEqualTo(first);
    daemon.run("insmod", Tool.example("exporter")).ok();
    daemon.run("insmod", Tool.example("importer")).ok();
    replaceBy("--symbols=kernel");
    assertThat(map).doesNotExist();
    daemon.run("insmod", Tool.example("exporter")).ok();
    daemon.run("insmod", Tool.example("importer")).ok();
  }

  private void replaceBy(String option) {
    daemon.kill().onExit().join();
    Tool.run(daemon.socket(), "kernel-sim", "start", option).ok();
  }

  @Test
  void ofManyThatStartAtOnceOneServes() throws IOException {
    for (int round = 0; round < 3; round++) {
      daemon.kill().onExit().join();
      assertThat(daemon.socket()).as("left behind").exists();
      for (int i = 0; i < 3; i++) {
        waiting.add(daemon.starting());
      }
      List<Tool.Outcome> outcomes = waiting.stream().map(Tool.Running::await).toList();
      waiting.clear();
      String pid = Integer.toUnsignedString(daemon.stats().getPid());
      assertThat(outcomes).filteredOn(o -> o.status() == 0).as("%s", outcomes).hasSize(1);
      assertThat(outcomes)
          .filteredOn(o -> o.status() != 0)
          .allSatisfy(
              o ->
                  assertThat(o.failed().err())
                      .isEqualTo(
                          "kernel-sim: ERROR: "
                              + daemon.socket()
                              + ": a kernel runs there already, pid "
                              + pid
                              + "\n"));
      assertThat(lock()).hasContent(pid);
      assertThat(kernels()).as("processes that serve the socket").containsExactly(pid);
      daemon.run("insmod", Tool.example("hello")).ok();
    }
  }

  /** Those that start at once share a log, in which the one that serves says that it is ready. */
  @Test
  void whatAnotherSaysInTheLogIsNotTakenForItsOwn() throws IOException {
    Path log = daemon.directory().resolve("shared.log");
    Files.createFile(log);
    // Not its plain form, which waits for a line of its own.
    Tool.Running second =
        Tool.start(daemon.socket(), "kernel-sim", "start", "--log-f", log.toString());
    while (second.process().isAlive()) {
      Files.writeString(
          log,
          "kernel-sim: 6.1.0-linkout ready on " + daemon.socket() + "\n",
          StandardOpenOption.APPEND);
      Daemon.pause(2);
    }
    assertThat(second.await().failed().err()).contains("a kernel runs there already");
  }

  @Test
  void withoutItsLockFileALiveOneIsStillNotReplaced() throws IOException {
    Files.delete(lock());
    Tool.Outcome second = daemon.starting().await().failed();
    assertThat(second.err())
        .isEqualTo("kernel-sim: ERROR: " + daemon.socket() + " is served by another program\n");
    daemon.run("lsmod").ok();
  }

  /** Starts the commands one after the other, each once the one before talks to the kernel. */
  private void startAll(List<String[]> commands) {
    try (Onlooker onlooker = new Onlooker(daemon.socket())) {
      for (String[] command : commands) {
        Tool.Running running = start(command);
        waiting.add(running);
        while (onlooker.sessions().stream().noneMatch(s -> of(s, running))) {
          assertThat(running.process().isAlive()).as("%s", running.command()).isTrue();
          Daemon.pause(2);
        }
        while (onlooker.log().stream().noneMatch(r -> r.getText().equals("sleeper: sleeps"))) {
          Daemon.pause(2);
        }
      }
    }
  }

  private Path compileSleeper() throws IOException {
    Path file = daemon.directory().resolve("sleeper.ko");
    ModuleSource.compile(
        "sleeper",
        """
        #include <linux/jiffies.h>
        #include <linux/processor.h>
        void sleeper_sleep(unsigned int ms);
        void sleeper_sleep(unsigned int ms)
        {
          unsigned long end = jiffies + msecs_to_jiffies(ms);
          pr_info("sleeper: sleeps\\n");
          while (time_before(jiffies, end))
            cpu_relax();
        }
        EXPORT_SYMBOL(sleeper_sleep);
        static int __init start(void) { return 0; }
        static void __exit stop(void) { sleeper_sleep(100000); }
        """,
        file);
    return file;
  }

  private Path compileDozer() throws IOException {
    Path file = daemon.directory().resolve("dozer.ko");
    ModuleSource.compile(
        "dozer",
        """
        extern void sleeper_sleep(unsigned int ms);
        static int __init start(void) { sleeper_sleep(100000); return 0; }
        static void __exit stop(void) {}
        """,
        file);
    return file;
  }

  private static boolean of(Session session, Tool.Running command) {
    return session.getPid() == command.process().pid();
  }

  private Tool.Outcome run(String[] command) {
    return start(command).await();
  }

  private Tool.Running start(String[] command) {
    return Tool.start(
        daemon.socket(), command[0], java.util.Arrays.copyOfRange(command, 1, command.length));
  }

  private Path lock() {
    return daemon.socket().resolveSibling(daemon.socket().getFileName() + ".lock");
  }

  /** Returns the pids of all processes whose command line has {@code run} and the socket. */
  private Set<String> kernels() {
    return ProcessHandle.allProcesses()
        .filter(
            p -> {
              List<String> words = List.of(p.info().arguments().orElse(new String[0]));
              return words.contains("run") && words.contains(daemon.socket().toString());
            })
        .map(p -> Long.toString(p.pid()))
        .collect(Collectors.toSet());
  }
}
