package io.linkout.kernel;

import io.linkout.kernel.command.Failure;
import io.linkout.kernel.command.Inquiry;
import io.linkout.kernel.command.StartCommand;
import io.linkout.kernel.command.StopCommand;
import io.linkout.kernel.server.SocketPlace;
import io.linkout.kernel.systemd.Journal;
import io.linkout.proto.Protocol;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The program {@code kernel-sim}. */
public final class KernelSim {
  private static final String USAGE =
      """
      Usage: kernel-sim run   [OPTIONS]    in the foreground, until SIGTERM or SIGINT
             kernel-sim start [OPTIONS]    in the background: returns when it is ready
             kernel-sim stop               returns when it is gone
             kernel-sim status [--quiet]   release, pid, uptime, modules, sessions;
                                           with -q, --quiet only an exit status: 0 if it answers
             kernel-sim stats [--json]     figures
             kernel-sim sessions [--json]  open sessions
             kernel-sim disconnect ID      closes a session: all it owns is freed
             kernel-sim reload [--log-level LEVEL]
      Options of every subcommand:
        --socket PATH           where the kernel is (default: $LINKOUT_SOCKET, else
                                $XDG_RUNTIME_DIR/linkout/kernel.sock, else /run/linkout/kernel.sock)
        -h, --help              show this help
        -V, --version           show the version
      Options of run and start:
        --kernel-headers DIR    be the kernel whose headers are in DIR (default: the built-in one)
        --symbols kernel|userspace  who keeps the exported symbols (default: kernel)
        --no-modules            load no modules: only status, log and calls are served
        --init-timeout SECONDS  for init, exit and calls (default: 10)
        --allow-uid UID         let that uid connect as well; may be repeated
        --socket-mode MODE      of the socket file (default: 0600)
        --allow-read-uid UID    let that uid list modules, read the log and figures; may be repeated
        --session-memory SIZE   bytes one session may hold, with K, M or G (default: 256M)
        --session-handles N     handles one session may hold (default: 1024)
        --max-sessions N        open at once (default: 4096)
        --max-sessions-uid N    of one uid (default: half of --max-sessions)
        --max-queue N           jobs that may wait for the CPU (default: 256)
        --max-frame SIZE        bytes of one frame (default: 1M)
        --max-pipelined N       requests without an answer yet (default: 1024)
        --max-names N           names of one Resolve (default: 65536)
        --max-entries N         exports, or dependencies, of one Activate (default: 65536)
        --max-followers N       sessions that follow the log (default: 256)
        --max-arguments N       arguments of one call, 12 at most (default: 12)
        --max-call-memory SIZE  bytes of one call's buffers (default: 512K)
        --hello-timeout SECONDS  for a client's first frame (default: 10)
        --frame-timeout SECONDS  for the rest of a frame (default: 30)
        --reply-timeout SECONDS  for a client to take a reply (default: 30)
        --log-file FILE         the daemon's own log (default: standard error; start: SOCKET.log)
        --log-level LEVEL       trace, debug, info, warn or error
      """;

  private final Map<String, String> environment;

  private KernelSim(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs the subcommand that {@code arguments} name and exits with 0 or 1. */
  public static void main(String[] arguments) {
    int status = run(Arrays.asList(arguments), System.getenv());
    System.out.flush();
    // Not exit(): a daemon's shutdown hook is for signals, and nothing else has one.
    Runtime.getRuntime().halt(status);
  }

  /** Runs the subcommand that {@code words} name, and returns the exit status. */
  static int run(List<String> words, Map<String, String> environment) {
    try {
      return new KernelSim(environment).dispatch(words) ? 0 : 1;
    } catch (Failure e) {
      System.err.println(
          Journal.prefix(3, environment, Path.of("/proc/self/fd/2"))
              + "kernel-sim: ERROR: "
              + e.line());
    } catch (InterruptedException e) {
      System.err.println("kernel-sim: ERROR: interrupted");
    }
    return 1;
  }

  /** Does what is asked; false if the answer is no. */
  private boolean dispatch(List<String> words) throws Failure, InterruptedException {
    if (asks(words, "-h", "--help")) {
      System.out.print(USAGE);
      return true;
    }
    if (asks(words, "-V", "--version")) {
      System.out.println("kernel-sim (linkout) " + Protocol.RELEASE);
      return true;
    }
    if (words.isEmpty()) {
      throw new Failure("a subcommand is missing; try 'kernel-sim --help'");
    }
    // Options may come before the subcommand as well.
    List<String> rest = words.subList(1, words.size());
    Inquiry inquiry = new Inquiry(environment, System.out);
    switch (words.getFirst()) {
      case "run" -> run(rest);
      case "start" -> start(rest);
      case "stop" -> new StopCommand(environment).run(rest);
      case "status" -> {
        return inquiry.status(rest);
      }
      case "stats" -> inquiry.stats(rest);
      case "sessions" -> inquiry.sessions(rest);
      case "disconnect" -> inquiry.disconnect(rest);
      case "reload" -> inquiry.reload(rest);
      default ->
          throw new Failure("no subcommand '" + words.getFirst() + "'; try 'kernel-sim --help'");
    }
    return true;
  }

  private static boolean asks(List<String> words, String shortName, String longName) {
    int end = words.indexOf("--");
    List<String> options = end < 0 ? words : words.subList(0, end);
    return options.contains(shortName) || options.contains(longName);
  }

  private void run(List<String> words) throws Failure, InterruptedException {
    DaemonOptions options = RunOptions.parse(words, environment).daemon();
    CountDownLatch stopAsked = stopOnSignal();
    SymbolMapFile map = options.keepsSymbols() ? null : new SymbolMapFile();
    GuestBoot boot = GuestBoot.begin(options.maxQueue(), map, new BootedGuest(options));
    Daemon daemon;
    try {
      daemon = Daemon.start(options, boot, map, stopAsked);
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    System.out.println(
        Journal.prefix(6, environment, Path.of("/proc/self/fd/1"))
            + "kernel-sim: "
            + daemon.release()
            + " ready on "
            + options.socket());
    System.out.flush();
    tellStarter();
    daemon.awaitEnd();
  }

  /** Writes a line to the pipe that {@code scripts/start-kernel} reads, if this was started so. */
  private void tellStarter() {
    String pipe = environment.get("LINKOUT_READY");
    if (pipe == null) {
      return;
    }
    // For reading as well: an open for writing only would wait for a reader, and there may be none.
    try (RandomAccessFile file = new RandomAccessFile(pipe, "rw")) {
      file.write('\n');
    } catch (IOException e) {
      System.err.println("kernel-sim: WARNING: cannot write to " + pipe + ": " + e.getMessage());
    }
  }

  /**
   * Returns what SIGTERM and SIGINT open. The signal's hook then waits for this thread, which ends
   * the process with the status that is due: a JVM that ends by its hooks has status 143.
   */
  private static CountDownLatch stopOnSignal() {
    CountDownLatch stopAsked = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopAsked.countDown();
                  try {
                    main.join();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    return stopAsked;
  }

  private void start(List<String> words) throws Failure, InterruptedException {
    RunOptions options = RunOptions.parse(words, environment);
    options.daemon();
    Path socket = options.socket();
    Path logFile = options.logFile();
    new StartCommand(KernelSim.class.getName())
        .run(words, socket, logFile == null ? SocketPlace.beside(socket, ".log") : logFile);
  }
}
