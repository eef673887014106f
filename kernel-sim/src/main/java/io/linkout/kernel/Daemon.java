package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.kmsg.Kmsg;
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
import io.linkout.kernel.server.Listener;
import io.linkout.kernel.server.ServerLoop;
import io.linkout.kernel.server.SocketMode;
import io.linkout.kernel.server.SocketPlace;
import io.linkout.kernel.session.Controls;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.SessionTable;
import io.linkout.kernel.systemd.ServiceManager;
import io.linkout.kernel.systemd.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
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

  private final DaemonOptions options;
  private final ServiceManager manager;
  private final CountDownLatch stopAsked;
  private final ServerLoop loop;
  private final CpuThread cpu;
  private final SocketPlace place;
  private final GuestKernel guest;
  private final SessionTable sessions;
  private final KernelServer server;
  private final Listener listener;
  private final String release;
  private final Watchdog watchdog;

  /** Makes the guest side, on the CPU thread. */
  interface GuestMaker {
    /**
     * Returns a booted guest that logs to {@code kmsg}, tells {@code references}, and has told
     * {@code exports}.
     */
    Guest make(Kmsg kmsg, GuestReferenceCounts references, ExportKeeper exports);
  }

  /** A booted guest, and who it says it is. */
  record Guest(GuestKernel kernel, KernelIdentity identity, TableForms tables) {}

  private Daemon(
      DaemonOptions options,
      ServiceManager manager,
      SocketPlace place,
      OptionalInt passed,
      GuestBoot boot,
      @Nullable SymbolMapFile map,
      CountDownLatch stopAsked)
      throws IOException {
    this.stopAsked = stopAsked;
    this.options = options;
    this.manager = manager;
    this.place = place;
    this.cpu = boot.cpu();
    DaemonLog.open(options.logFile(), options.logLevel());
    this.loop = new ServerLoop();
    boot.serve(loop);
    this.listener = passed.isPresent() ? loop.adopted(passed.getAsInt()) : loop.listener();
    Guest booted = boot.await();
    if (map == null) {
      SymbolMapFile.remove(options.socket());
    } else {
      map.write(options.socket(), booted.identity(), options.socketMode());
    }
    ModuleTable modules = boot.modules();
    Kmsg kmsg = boot.kmsg();
    this.guest = booted.kernel();
    this.release = booted.identity().release();
    HandleTable handles = new HandleTable();
    int uid = ownUid();
    KernelState kernel =
        new KernelState(
            modules,
            handles,
            options.loadsModules()
                ? new Loader(modules, handles, cpu, guest, kmsg, System::nanoTime, booted.tables())
                : null,
            options.loadsModules()
                ? new Remover(modules, handles, cpu, guest, boot.references())
                : null,
            new FunctionCaller(modules, cpu, guest),
            guest,
            loop.executor(),
            kmsg,
            options.limits(),
            this,
            uid,
            readers(options),
            System::nanoTime,
            boot.bootNanos());
    this.sessions = new SessionTable(kernel);
    Set<Integer> allowed = new HashSet<>(options.allowedUids());
    allowed.addAll(options.readUids());
    allowed.add(0);
    allowed.add(uid);
    this.server =
        new KernelServer(
            loop.scheduler(), kernel, sessions, booted.identity(), allowed, options.deadlines());
    this.watchdog = Watchdog.start(manager, loop.executor());
  }

  /**
   * Accepts connections for a guest that boots.
   *
   * @param boot begun before, at best
   * @param map what {@code boot} told its exports, if they are not to be kept
   * @param stopAsked opened by whoever wants it to stop
   * @throws IOException if it cannot be; the message says why
   */
  static Daemon start(
      DaemonOptions options, GuestBoot boot, @Nullable SymbolMapFile map, CountDownLatch stopAsked)
      throws IOException {
    ServiceManager manager = new ServiceManager(System.getenv());
    OptionalInt passed = manager.passedSocket();
    SocketPlace place =
        SocketPlace.claim(
            options.socket(),
            !options.allowedUids().isEmpty() || !options.readUids().isEmpty(),
            passed.isPresent());
    boolean started = false;
    try {
      Daemon daemon = new Daemon(options, manager, place, passed, boot, map, stopAsked);
      daemon.listen();
      started = true;
      return daemon;
    } finally {
      if (!started) {
        removeMap(options.socket());
        place.close();
      }
    }
  }

  private void listen() throws IOException {
    linkClient();
    listener.serve(server, place.socket());
    if (place.isOurs()) {
      SocketMode.set(place.socket(), options.socketMode());
    }
    LOG.info("{} ready on {}", release, place.socket());
    manager.ready();
  }

  /** A kernel without a link serves as well; who needs the link is told where to go by Welcome. */
  private void linkClient() {
    try {
      place.linkClient(options.clientDirectory());
    } catch (IOException e) {
      LOG.warn("no link to this kernel's client beside {}: {}", place.socket(), e.toString());
    }
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
    listener.close();
    onLoop(sessions::drain);
    cpu.finish(guest::close);
    if (!cpu.await(GRACE) && !insist()) {
      LOG.error("guest code cannot be ended; the process ends with it");
    }
    // Outcomes of the last job were posted before this is.
    onLoop(sessions::closeAll);
    watchdog.close();
    loop.close();
    removeMap(options.socket());
    place.close();
    LOG.info("stopped");
  }

  private static void removeMap(Path socket) {
    try {
      SymbolMapFile.remove(socket);
    } catch (IOException e) {
      LOG.warn("the symbol map stays behind: {}", e.toString());
    }
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
  }

  private void onLoop(Runnable action) {
    CompletableFuture.runAsync(action, loop.executor()).join();
  }

  /** Who may both read and write may write. */
  private static Set<Integer> readers(DaemonOptions options) {
    Set<Integer> readers = new HashSet<>(options.readUids());
    readers.removeAll(options.allowedUids());
    return Set.copyOf(readers);
  }

  private static int ownUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
