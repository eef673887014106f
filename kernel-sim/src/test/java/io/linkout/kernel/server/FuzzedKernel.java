package io.linkout.kernel.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.GuestReferences;
import io.linkout.kernel.api.KernelBoot;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.KernelOptions;
import io.linkout.kernel.api.ListedExports;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.CpuJob;
import io.linkout.kernel.module.CpuQueue;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ManualCpu;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.Remover;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.session.Controls;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.Limits;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.session.Scheduler;
import io.linkout.kernel.session.SessionTable;
import io.linkout.kernel.symbol.AddressRegions;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.kernel.testing.FakeGuest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's kernel and server on one thread: the input decides when the CPU works, when the event
 * loop hears of it and when a time-out strikes. All but the socket and the threads is the daemon's
 * own.
 */
final class FuzzedKernel {
  static final int DAEMON_UID = 500;
  static final int READER_UID = 1500;
  static final int USER_UID = 1000;
  static final Limits LIMITS = new Limits(1 << 16, 8, 16, 4, 1 << 20, 16, 12, 4096, 6, 4, 2);

  private static final Duration RUNAWAY = Duration.ofMillis(20);
  private static final int MOST_JOBS = 5;

  /** What broke; anything in it is a fault of the daemon's. */
  private final List<String> broken = new ArrayList<>();

  final HandleTable handles = new HandleTable();
  final ModuleTable modules;
  final SessionTable sessions;
  final KernelServer server;
  final List<KernelExport> kernelExports;
  private final ExportTable exports = new CompressedExportTable(new AddressRegions(List.of()));
  private final GuestKernel guest;
  private final ManualCpu cpu = new ManualCpu();
  private final Deque<Runnable> posted = new ArrayDeque<>();
  private final Deque<Timer> timers = new ArrayDeque<>();

  private static final class Timer implements Scheduler.Timer {
    private final Runnable action;
    private boolean cancelled;

    Timer(Runnable action) {
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private interface Maker {
    GuestKernel make(Kmsg kmsg, GuestReferences references, ListedExports keeper);
  }

  /** A kernel whose guest does as the input says. */
  static FuzzedKernel withoutCpu() {
    return new FuzzedKernel(
        (kmsg, references, keeper) -> {
          keeper.keep(FakeGuest.EXPORTS);
          return new FuzzedGuest(references);
        });
  }

  /** A kernel whose guest is the real one. */
  static FuzzedKernel withCpu() {
    return new FuzzedKernel(
        (kmsg, references, keeper) ->
            KernelBoot.boot(
                Personality.builtIn(),
                new UnicornCpu(),
                kmsg,
                references,
                new KernelOptions(RUNAWAY, 16L << 20, 1),
                (ExportKeeper) keeper));
  }

  private FuzzedKernel(Maker maker) {
    watchTheLog();
    Kmsg kmsg = new Kmsg(100, () -> 0);
    ListedExports keeper = new ListedExports();
    modules = new ModuleTable(exports);
    GuestReferenceCounts references =
        new GuestReferenceCounts(posted::add, modules::guestReference);
    guest = maker.make(kmsg, references, keeper);
    kernelExports = keeper.all();
    exports.add(
        kernelExports.stream()
            .map(
                e ->
                    new ExportedSymbol(
                        e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace(), 0))
            .toList());
    cpu.bound(MOST_JOBS);
    CpuQueue queue = new WatchedCpu();
    KernelState state =
        new KernelState(
            modules,
            handles,
            new Loader(modules, handles, queue, guest, kmsg, () -> 0, TableForms.LINUX_6_1),
            new Remover(modules, handles, queue, guest, references),
            new FunctionCaller(modules, queue, guest),
            guest,
            posted::add,
            kmsg,
            LIMITS,
            new Controls() {
              @Override
              public void shutdown() {
                // The daemon ends; the connection is closed before, as any other.
              }

              @Override
              public void reload(String logLevel) {
                // The log's level is the process's; nothing of a session's.
              }
            },
            DAEMON_UID,
            Set.of(READER_UID),
            () -> 0,
            0);
    sessions = new SessionTable(state);
    server =
        new KernelServer(
            (delay, action) -> {
              Timer timer = new Timer(action);
              timers.add(timer);
              return timer;
            },
            state,
            sessions,
            new KernelIdentity(
                "6.1.0-fuzz",
                "6.1.0-fuzz ",
                "aa",
                "boot",
                1,
                "",
                "",
                "",
                List.of(),
                1088,
                true,
                ""),
            Set.of(0, DAEMON_UID, READER_UID, USER_UID),
            Deadlines.Allowance.DEFAULT);
  }

  /** The CPU's queue; a job that throws is a fault. */
  private final class WatchedCpu implements CpuQueue {
    @Override
    public <T> CpuJob<T> submit(Supplier<T> work, Consumer<CpuJob.End<T>> deliver) {
      return cpu.submit(
          work,
          end -> {
            if (end instanceof CpuJob.End.Broken<T>(Throwable cause)) {
              broken.add("a job of the CPU broke: " + cause);
            }
            deliver.accept(end);
          });
    }

    @Override
    public boolean cancel(CpuJob<?> job) {
      return cpu.cancel(job);
    }
  }

  /** An error in the daemon's own log is a fault. */
  private void watchTheLog() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.ERROR);
      root.detachAndStopAllAppenders();
      AppenderBase<ILoggingEvent> appender =
          new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
              broken.add(
                  event.getFormattedMessage()
                      + (event.getThrowableProxy() == null
                          ? ""
                          : ": " + event.getThrowableProxy().getMessage()));
            }
          };
      appender.setContext(root.getLoggerContext());
      appender.start();
      root.addAppender(appender);
    }
  }

  /** From here on {@code input} decides how guest code ends, unless it is real. */
  void decidedBy(Choices input) {
    if (guest instanceof FuzzedGuest fuzzed) {
      fuzzed.decidedBy(input);
    }
  }

  /** The CPU does its next job; the event loop hears of it later. */
  void cpuStep() {
    if (cpu.waiting() > 0) {
      posted.add(cpu.begin());
    }
  }

  /** The event loop does one thing it was asked to. */
  void loopStep() {
    Runnable next = posted.poll();
    if (next != null) {
      next.run();
    }
  }

  /** The CPU and the event loop work until there is nothing to do. */
  void workOff() {
    while (cpu.waiting() > 0 || !posted.isEmpty()) {
      loopStep();
      cpuStep();
    }
  }

  /** The time of one of those who wait is over. */
  void timeout(int which) {
    timers.removeIf(t -> t.cancelled);
    if (!timers.isEmpty()) {
      Timer timer = timers.stream().skip(which % timers.size()).findFirst().orElseThrow();
      timers.remove(timer);
      timer.action.run();
    }
  }

  /** Returns how many wait for a time-out. */
  int waitingTimers() {
    timers.removeIf(t -> t.cancelled);
    return timers.size();
  }

  /** Guest code gives back what it has taken. */
  void calm() {
    if (guest instanceof FuzzedGuest fuzzed) {
      fuzzed.calm();
    }
    workOff();
  }

  /** Checks what holds at any moment. */
  void check() {
    if (!broken.isEmpty()) {
      throw new AssertionError(broken);
    }
    long handleBytes = 0;
    int activating = 0;
    Set<Long> open = new java.util.HashSet<>();
    sessions.all().forEach(s -> open.add(s.id()));
    for (Handle handle : handles.handles()) {
      handleBytes += handle.bytes();
      activating += handle.activating() ? 1 : 0;
      if (!handle.activating() && !open.contains(handle.owner().session())) {
        throw new AssertionError("handle " + handle.id() + " has outlived its session");
      }
    }
    equal("bytes in handles", handles.handleBytes(), handleBytes);
    int coming = 0;
    long published = kernelExports.size();
    for (LoadedModule module : modules.newestFirst()) {
      switch (module.state()) {
        case COMING -> coming++;
        case LIVE -> published += exports.of(module.loadId()).size();
        case GOING -> equal("exports of " + module.name(), exports.of(module.loadId()).size(), 0);
      }
      for (LoadedModule dependency : module.dependencies()) {
        if (modules.find(dependency.loadId()) != dependency
            || !dependency.holders().contains(module)) {
          throw new AssertionError(module.name() + " does not hold " + dependency.name());
        }
      }
      for (LoadedModule holder : module.holders()) {
        if (modules.find(holder.loadId()) != holder) {
          throw new AssertionError(module.name() + " is held by a module that is gone");
        }
      }
      if (open.isEmpty()) {
        equal("pins on " + module.name(), module.pins(), 0);
      }
    }
    equal("handles being activated", activating, coming);
    if (coming > cpu.waiting() + posted.size()) {
      throw new AssertionError("a module is coming and nothing is on its way to it");
    }
    equal("exports", exports.size(), published);
  }

  /** Checks what holds once nobody is connected and nothing is left to do. */
  void checkQuiet() {
    check();
    equal("sessions", sessions.all().size(), 0);
    equal("handles", handles.count(), 0);
    equal("timers", waitingTimers(), 0);
    for (LoadedModule module : modules.newestFirst()) {
      if (module.state() == io.linkout.kernel.module.ModuleState.COMING) {
        throw new AssertionError(module.name() + " is coming for ever");
      }
    }
    if (guest instanceof FuzzedGuest fuzzed) {
      equal("modules mapped", fuzzed.mapped(), modules.count());
    }
  }

  static void equal(String what, long is, long should) {
    if (is != should) {
      throw new AssertionError(what + ": " + is + ", not " + should);
    }
  }

  /** Returns the peer that may do everything. */
  static Peer administrator() {
    return new Peer(1, DAEMON_UID);
  }
}
