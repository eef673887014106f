package io.linkout.kernel;

import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.CpuJob;
import io.linkout.kernel.module.CpuThread;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.module.Remover;
import io.linkout.kernel.server.KernelIdentity;
import io.linkout.kernel.server.KernelServer;
import io.linkout.kernel.server.ServerLoop;
import io.linkout.kernel.server.SocketMode;
import io.linkout.kernel.server.SocketPlace;
import io.linkout.kernel.session.Controls;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.SessionTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.kernel.symbol.SortedExportTable;
import io.linkout.kernel.systemd.ServiceManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running kernel: all parts of it put together. Started by {@link #start}, stopped once {@link
 * #stop} was asked for by {@link #awaitEnd}'s caller, which is the thread that started it.
 */
final class Daemon implements Controls {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /** How long the guest may go on when the daemon is to stop. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** How often it is told to end after that. */
  private static final Duration INSIST = Duration.ofMillis(20);

  private static final int INSIST_TIMES = 250;

  private static final int KMSG_RECORDS = 16_384;

  private final DaemonOptions options;
  private final ServiceManager manager;
  private final CountDownLatch stopAsked;
  private final ServerLoop loop;
  private final CpuThread cpu;
  private final SocketPlace place;
  private final GuestKernel guest;
  private final SessionTable sessions;
  private final KernelServer server;
  private final String release;

  /** Makes the guest side, on the CPU thread. */
  interface GuestMaker {
    /** Returns a booted guest that logs to {@code kmsg} and tells {@code references}. */
    Guest make(Kmsg kmsg, GuestReferenceCounts references);
  }

  /** A booted guest, and who it says it is. */
  record Guest(GuestKernel kernel, KernelIdentity identity, TableForms tables) {}

  private Daemon(
      DaemonOptions options,
      ServiceManager manager,
      SocketPlace place,
      GuestMaker maker,
      CountDownLatch stopAsked)
      throws IOException {
    this.stopAsked = stopAsked;
    this.options = options;
    this.manager = manager;
    this.place = place;
    // The guest boots on one processor while the server is made ready on another.
    CompletableFuture<ServerLoop> loopToCome = new CompletableFuture<>();
    Executor owner = action -> loopToCome.join().executor().execute(action);
    this.cpu = new CpuThread(options.maxQueue(), owner);
    long bootNanos = System.nanoTime();
    Kmsg kmsg = new Kmsg(KMSG_RECORDS, () -> (System.nanoTime() - bootNanos) / 1000);
    SortedExportTable exports = new SortedExportTable();
    ModuleTable modules = new ModuleTable(exports);
    GuestReferenceCounts references =
        new GuestReferenceCounts(owner, modules::guestReference);
    CompletableFuture<Guest> boot = boot(maker, kmsg, references);
    DaemonLog.open(options.logFile(), options.logLevel());
    this.loop = new ServerLoop();
    loopToCome.complete(loop);
    Guest booted = booted(boot);
    this.guest = booted.kernel();
    this.release = booted.identity().release();
    exports.add(guest.exports().stream().map(Daemon::exported).toList());
    HandleTable handles = new HandleTable();
    int uid = ownUid();
    KernelState kernel =
        new KernelState(
            modules,
            handles,
            new Loader(modules, handles, cpu, guest, kmsg, System::nanoTime, booted.tables()),
            new Remover(modules, handles, cpu, guest, references),
            new FunctionCaller(modules, cpu, guest),
            guest,
            cpu,
            loop.executor(),
            kmsg,
            options.limits(),
            this,
            uid,
            System::nanoTime,
            bootNanos);
    this.sessions = new SessionTable(kernel);
    Set<Integer> allowed = new HashSet<>(options.allowedUids());
    allowed.add(0);
    allowed.add(uid);
    this.server =
        new KernelServer(loop, kernel, sessions, booted.identity(), allowed, options.deadlines());
  }

  /**
   * Boots a kernel and accepts connections.
   *
   * @param stopAsked opened by whoever wants it to stop
   * @throws IOException if it cannot be; the message says why
   */
  static Daemon start(DaemonOptions options, GuestMaker maker, CountDownLatch stopAsked)
      throws IOException {
    ServiceManager manager = new ServiceManager(System.getenv());
    OptionalInt passed = manager.passedSocket();
    SocketPlace place =
        SocketPlace.claim(options.socket(), !options.allowedUids().isEmpty(), passed.isPresent());
    boolean started = false;
    try {
      Daemon daemon = new Daemon(options, manager, place, maker, stopAsked);
      daemon.listen(passed);
      started = true;
      return daemon;
    } finally {
      if (!started) {
        place.close();
      }
    }
  }

  private void listen(OptionalInt passed) throws IOException {
    place.linkClient(options.clientDirectory());
    if (passed.isPresent()) {
      server.adopt(passed.getAsInt());
    } else {
      server.listen(place.socket());
      SocketMode.set(place.socket(), options.socketMode());
    }
    LOG.info("{} ready on {}", release, place.socket());
    manager.ready();
  }

  /** Returns the kernel's release. */
  String release() {
    return release;
  }

  /** Asks the daemon to stop; {@link #awaitEnd} does it. Any thread may ask. */
  void stop() {
    stopAsked.countDown();
  }

  /**
   * Waits until the daemon is asked to stop, and stops it: no new sessions, work on the CPU
   * finished or stopped, all sessions closed, the socket removed.
   *
   * @throws InterruptedException if this thread was interrupted before all was done
   */
  void awaitEnd() throws InterruptedException {
    stopAsked.await();
    LOG.info("stopping");
    try {
      manager.stopping();
    } catch (IOException e) {
      LOG.warn("the service manager cannot be told: {}", e.toString());
    }
    server.stopListening();
    onLoop(sessions::drain);
    cpu.finish(guest::close);
    if (!cpu.await(GRACE) && !insist()) {
      LOG.error("guest code cannot be ended; the process ends with it");
    }
    // Outcomes of the last job were posted before this is.
    onLoop(sessions::closeAll);
    loop.close();
    place.close();
    LOG.info("stopped");
  }

  /** Ends guest code that goes on; false if it cannot be ended. */
  private boolean insist() throws InterruptedException {
    boolean ended = false;
    for (int i = 0; i < INSIST_TIMES && !ended; i++) {
      guest.interrupt();
      ended = cpu.await(INSIST);
    }
    return ended;
  }

  @Override
  public void shutdown() {
    stop();
  }

  @Override
  public void reload(String logLevel) {
    if (!logLevel.isEmpty() && !DaemonLog.isLevel(logLevel)) {
      throw Refusal.invalid(io.linkout.kernel.module.Errno.EINVAL, "no log level " + logLevel);
    }
    DaemonLog.open(options.logFile(), logLevel.isEmpty() ? options.logLevel() : logLevel);
    LOG.info("settings reloaded");
  }

  private void onLoop(Runnable action) {
    CompletableFuture.runAsync(action, loop.executor()).join();
  }

  private CompletableFuture<Guest> boot(
      GuestMaker maker, Kmsg kmsg, GuestReferenceCounts references) {
    CompletableFuture<Guest> booted = new CompletableFuture<>();
    Consumer<CpuJob.End<Guest>> deliver =
        end -> {
          switch (end) {
            case CpuJob.End.Done<Guest>(Guest made) -> booted.complete(made);
            case CpuJob.End.Broken<Guest>(Throwable cause) -> booted.completeExceptionally(cause);
          }
        };
    cpu.submit(() -> maker.make(kmsg, references), deliver);
    return booted;
  }

  private static Guest booted(CompletableFuture<Guest> boot) throws IOException {
    try {
      return boot.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      LOG.debug("boot failed", cause);
      throw new IOException(
          cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage(),
          e);
    }
  }

  private static ExportedSymbol exported(KernelExport export) {
    return new ExportedSymbol(
        export.name(), export.address(), export.crc(), export.gplOnly(), export.namespace(), 0);
  }

  private static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
