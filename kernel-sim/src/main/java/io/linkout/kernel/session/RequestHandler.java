package io.linkout.kernel.session;

import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.kmsg.LogRecord;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ModuleState;
import io.linkout.kernel.module.Owner;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.module.Remover;
import io.linkout.kernel.module.SegmentSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries out one session's requests, one at a time. */
final class RequestHandler {
  /** Records or symbols of one reply where an answer comes in several. */
  private static final int BATCH = 512;

  private static final int KERN_ERR = 3;

  private final KernelState kernel;
  private final SessionTable sessions;
  private final Session session;
  private final Holdings holdings;
  private final Lookup lookup;

  /** Makes the next part of an answer in several parts; null from it: that was the last. */
  private @Nullable Supplier<@Nullable Reply> parts;

  RequestHandler(KernelState kernel, SessionTable sessions, Session session, Holdings holdings) {
    this.kernel = kernel;
    this.sessions = sessions;
    this.session = session;
    this.holdings = holdings;
    this.lookup = new Lookup(kernel.modules());
  }

  /**
   * Carries out {@code request}: answers it, or holds the session until it is answered.
   *
   * @throws Refusal if it cannot be
   */
  void handle(Request request) {
    if (kernel.readsOnly(session.peer().uid()) && !reads(request)) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          Errno.EPERM,
          "uid " + session.peer().uid() + " may only list modules, read the log and statistics");
    }
    if (!kernel.loadsModules() && isForModules(request)) {
      throw new Refusal(
          Refusal.Kind.UNSUPPORTED,
          Errno.ENOSYS,
          "this kernel was started with --no-modules: it has no interface for them");
    }
    switch (request) {
      case Request.ListModules(long after) -> listModules(after);
      case Request.Resolve resolve -> resolve(resolve);
      case Request.Allocate allocate -> allocate(allocate);
      case Request.Write write ->
          holdings.handle(write.handle()).write(write.segment(), write.offset(), write.content());
      case Request.Activate activate -> activate(activate);
      case Request.Remove remove -> remove(remove);
      case Request.Call(CallRequest call) -> call(call);
      case Request.ReadLog readLog -> readLog(readLog);
      case Request.ClearLog() -> {
        kernel.kmsg().clear();
        done();
      }
      case Request.Stats() -> session.answer(new Reply.Figures(statistics()));
      case Request.Free(long handle) -> {
        holdings.free(holdings.handle(handle));
        done();
      }
      case Request.Pin pin -> pin(pin);
      case Request.ListExports() -> listExports();
      case Request.MemoryMap() -> memoryMap();
      case Request.Sessions() -> listSessions();
      case Request.Disconnect(long other) -> disconnect(other);
      case Request.Shutdown() -> {
        checkPrivileged("stop the kernel");
        EventLog.session(session, "asks the kernel to stop");
        session.close(new Reply.Done());
        kernel.controls().shutdown();
      }
      case Request.Reload(String logLevel) -> {
        checkPrivileged("reload the kernel's settings");
        kernel.controls().reload(logLevel);
        EventLog.session(
            session, "settings reloaded" + (logLevel.isEmpty() ? "" : ", log level " + logLevel));
        done();
      }
      case Request.ReportFailure report -> {
        bound("causes", report.causes().size(), kernel.limits().resolveNames());
        FailureReport.log(kernel.kmsg(), report);
        done();
      }
      case Request.Locate(List<Long> addresses) -> {
        bound("addresses", addresses.size(), kernel.limits().resolveNames());
        session.answer(new Reply.Located(addresses.stream().map(lookup::locate).toList()));
      }
    }
  }

  /** Returns true if {@code request} changes nothing and takes nothing. */
  private static boolean reads(Request request) {
    return switch (request) {
      case Request.ListModules _, Request.Stats _, Request.Sessions _ -> true;
      case Request.ReadLog readLog -> !readLog.clear();
      case Request.Resolve _,
          Request.Allocate _,
          Request.Write _,
          Request.Activate _,
          Request.Remove _,
          Request.Call _,
          Request.ClearLog _,
          Request.Free _,
          Request.Pin _,
          Request.ListExports _,
          Request.MemoryMap _,
          Request.Disconnect _,
          Request.Shutdown _,
          Request.Reload _,
          Request.ReportFailure _,
          Request.Locate _ ->
          false;
    };
  }

  /** Returns true if {@code request} is of no use where no modules are loaded. */
  private static boolean isForModules(Request request) {
    return switch (request) {
      case Request.ListModules _,
          Request.Resolve _,
          Request.Allocate _,
          Request.Write _,
          Request.Activate _,
          Request.Remove _,
          Request.Free _,
          Request.Pin _,
          Request.ListExports _,
          Request.MemoryMap _,
          Request.ReportFailure _,
          Request.Locate _ ->
          true;
      case Request.Call _,
          Request.ReadLog _,
          Request.ClearLog _,
          Request.Stats _,
          Request.Sessions _,
          Request.Disconnect _,
          Request.Shutdown _,
          Request.Reload _ ->
          false;
    };
  }

  /** Goes on with an answer in several parts, as far as the client takes it. */
  void resume() {
    while (parts != null && !session.closed() && session.replies().writable()) {
      Reply part = parts.get();
      if (part == null) {
        parts = null;
        session.next();
        return;
      }
      session.replies().send(part);
    }
  }

  private void done() {
    session.answer(new Reply.Done());
  }

  private void listModules(long after) {
    if (after != 0) {
      List<LoadedModule> newer = new ArrayList<>();
      for (LoadedModule module : kernel.modules().newestFirst()) {
        if (Long.compareUnsigned(module.loadId(), after) > 0) {
          newer.add(module);
        }
      }
      session.answer(new Reply.Modules(newer, List.of()));
      return;
    }
    List<Handle> handles = new ArrayList<>(kernel.handles().handles());
    handles.removeIf(Handle::activating);
    session.answer(new Reply.Modules(kernel.modules().newestFirst(), handles.reversed()));
  }

  private void resolve(Request.Resolve resolve) {
    bound("names", resolve.names().size(), kernel.limits().resolveNames());
    checkSymbolsKept();
    List<Reply.@Nullable OwnedSymbol> symbols = new ArrayList<>(resolve.names().size());
    for (String name : resolve.names()) {
      Reply.OwnedSymbol symbol = lookup.find(name);
      symbols.add(symbol);
      if (resolve.pin() && symbol != null && symbol.symbol().owner() != 0) {
        LoadedModule owner = kernel.modules().find(symbol.symbol().owner());
        if (owner != null) {
          holdings.pin(owner);
        }
      }
    }
    session.answer(new Reply.Resolved(symbols));
  }

  private void allocate(Request.Allocate allocate) {
    Limits limits = kernel.limits();
    bound("segments", allocate.segments().size(), Limits.SEGMENTS);
    if (allocate.segments().isEmpty()) {
      throw Refusal.invalid(Errno.EINVAL, "an allocation of no segment");
    }
    bound("handles", holdings.handleCount() + 1L, limits.sessionHandles());
    long left = limits.sessionBytes() - holdings.handleBytes();
    for (SegmentSpec segment : allocate.segments()) {
      if (segment.size() > left) {
        throw new Refusal(
            Refusal.Kind.LIMIT,
            Errno.ENOMEM,
            "this connection may hold %d bytes".formatted(limits.sessionBytes()));
      }
      left -= Math.max(0, segment.size());
    }
    Owner owner = new Owner(session.id(), session.peer().pid(), session.peer().uid());
    Handle handle = kernel.handles().allocate(owner, label(allocate.name()), allocate.segments());
    holdings.add(handle);
    session.answer(new Reply.Allocated(handle));
  }

  private void activate(Request.Activate activate) {
    Handle handle = holdings.handle(activate.handle());
    int most = kernel.limits().activateEntries();
    bound("exports", activate.facts().exports().size(), most);
    bound("exports", Integer.toUnsignedLong(activate.facts().exportCount()), most);
    bound("dependencies", activate.facts().dependencies().size(), most);
    bound("tables", activate.facts().tables().size(), most);
    bound("parameters", activate.facts().parameters().size(), most);
    bound("ignored parameters", activate.facts().ignoredParameters().size(), most);
    try {
      holdings.await(
          loader()
              .activate(
                  handle,
                  activate.facts(),
                  new HashSet<>(holdings.pins()),
                  loadWaiter(activate.facts().name())));
    } catch (Refusal refusal) {
      if (refusal.kind() == Refusal.Kind.STALE) {
        // The client looks again and comes back, with what it has written.
        throw refusal;
      }
      EventLog.module(session, activate.facts().name(), "not loaded: " + refusal.reason());
      // Nothing of a refused activation remains, whatever the reason.
      holdings.free(handle);
      throw refusal;
    }
    holdings.forget(handle);
    session.hold();
  }

  private Loader loader() {
    return Objects.requireNonNull(kernel.loader());
  }

  private Remover remover() {
    return Objects.requireNonNull(kernel.remover());
  }

  private Loader.Waiter loadWaiter(String name) {
    return new Loader.Waiter() {
      @Override
      public Caller caller() {
        return session.caller();
      }

      @Override
      public void live(LoadedModule module, long initResult, long totalNanos, long initNanos) {
        holdings.workDone();
        module.dependencies().forEach(holdings::unpin);
        EventLog.module(session, name, "loaded");
        session.answer(new Reply.Activated(module.loadId(), initResult, totalNanos, initNanos));
      }

      @Override
      public void refused(Refusal reason) {
        holdings.workDone();
        EventLog.module(session, name, "not loaded: " + reason.reason());
        session.fail(reason);
      }
    };
  }

  private void remove(Request.Remove remove) {
    try {
      holdings.await(remover().remove(remove.name(), remove.force(), removeWaiter(remove)));
    } catch (Refusal refusal) {
      EventLog.module(session, remove.name(), "not removed: " + refusal.reason());
      throw refusal;
    }
    session.hold();
  }

  private Remover.Waiter removeWaiter(Request.Remove remove) {
    return new Remover.Waiter() {
      @Override
      public Caller caller() {
        return session.caller();
      }

      @Override
      public void removed(List<UnloadOutcome.Leak> leaks) {
        holdings.workDone();
        EventLog.module(
            session,
            remove.name(),
            leaks.isEmpty() ? "removed" : "removed; left behind: " + leaks.size());
        session.answer(new Reply.Removed(leaks));
      }

      @Override
      public void refused(Refusal reason) {
        holdings.workDone();
        EventLog.module(session, remove.name(), "not removed: " + reason.reason());
        if (died(reason)) {
          tell(remove.name(), "is going and stays: it died in its exit");
        }
        session.fail(reason);
      }
    };
  }

  private static boolean died(Refusal reason) {
    return reason.kind() == Refusal.Kind.OOPS || reason.kind() == Refusal.Kind.SOFT_LOCKUP;
  }

  /** Says in the kernel log what has become of a module whose code died. */
  private void tell(String module, String state) {
    kernel.kmsg().log(KERN_ERR, "linkout: " + module + " " + state + "; rmmod -f removes it");
  }

  private void call(CallRequest call) {
    bound("arguments", call.arguments().size(), kernel.limits().callArguments());
    long bytes =
        call.arguments().stream()
            .mapToLong(a -> a instanceof CallRequest.Argument.Buffer b ? b.content().length : 0)
            .sum();
    bound("bytes of buffers", bytes, kernel.limits().callBytes());
    holdings.await(
        kernel
            .caller()
            .call(
                call,
                new FunctionCaller.Waiter() {
                  @Override
                  public Caller caller() {
                    return session.caller();
                  }

                  @Override
                  public void returned(long result, List<byte[]> buffers) {
                    holdings.workDone();
                    session.answer(new Reply.Called(result, buffers));
                  }

                  @Override
                  public void refused(Refusal reason) {
                    holdings.workDone();
                    EventLog.module(
                        session, nameOf(call.loadId()), "call failed: " + reason.reason());
                    LoadedModule module = kernel.modules().find(call.loadId());
                    if (module != null && died(reason)) {
                      tell(module.name(), "stays live after its function died");
                    }
                    session.fail(reason);
                  }
                }));
    session.hold();
  }

  private String nameOf(long loadId) {
    for (LoadedModule module : kernel.modules().newestFirst()) {
      if (module.loadId() == loadId) {
        return module.name();
      }
    }
    return "-";
  }

  private void readLog(Request.ReadLog readLog) {
    if (readLog.follow()) {
      long following = sessions.all().stream().filter(Session::follows).count();
      bound("followers of the log", following + 1, kernel.limits().followers());
    }
    List<LogRecord> records = kernel.kmsg().read(0, Integer.MAX_VALUE);
    if (readLog.clear()) {
      kernel.kmsg().clear(records.isEmpty() ? 0 : records.getLast().sequence() + 1);
    }
    if (readLog.follow()) {
      LogFollower follower =
          new LogFollower(
              kernel.kmsg(),
              kernel.eventLoop(),
              session.replies(),
              readLog.clear() || records.isEmpty()
                  ? kernel.kmsg().end()
                  : records.getFirst().sequence());
      holdings.follow(follower);
      session.hold();
      follower.send();
    } else {
      inParts(records, (batch, last) -> new Reply.Log(batch, last));
    }
  }

  private interface Part<T> {
    Reply make(List<T> batch, boolean last);
  }

  private <T> void inParts(List<T> all, Part<T> part) {
    session.hold();
    parts =
        new Supplier<>() {
          private int from;
          private boolean ended;

          @Override
          public @Nullable Reply get() {
            if (ended) {
              return null;
            }
            int to = Math.min(all.size(), from + BATCH);
            List<T> batch = all.subList(from, to);
            from = to;
            ended = to == all.size();
            return part.make(batch, ended);
          }
        };
    resume();
  }

  private void pin(Request.Pin pin) {
    LoadedModule module = kernel.modules().find(pin.module());
    if (module == null || module.loadId() != pin.loadId() || module.state() != ModuleState.LIVE) {
      throw Refusal.notFound(
          "module %s with load id %s is not loaded"
              .formatted(pin.module(), Long.toUnsignedString(pin.loadId())));
    }
    holdings.pin(module);
    done();
  }

  private void checkSymbolsKept() {
    if (!kernel.modules().exports().keeps()) {
      throw new Refusal(
          Refusal.Kind.UNSUPPORTED,
          Errno.EOPNOTSUPP,
          "this kernel keeps no symbols: they are in its symbol map and in the modules' files");
    }
  }

  private void listExports() {
    checkSymbolsKept();
    session.hold();
    parts =
        new Supplier<>() {
          private String from = "";
          private boolean ended;

          @Override
          public @Nullable Reply get() {
            if (ended) {
              return null;
            }
            // By name, so that modules may come and go between two parts.
            List<Reply.OwnedSymbol> batch = lookup.after(from, BATCH);
            ended = batch.size() < BATCH;
            if (!ended) {
              from = batch.getLast().symbol().name();
            }
            return new Reply.Exports(batch, ended);
          }
        };
    resume();
  }

  private void memoryMap() {
    session.answer(
        new Reply.MemoryMap(MemoryMaps.withHandles(kernel.guest().memoryMap(), kernel.handles())));
  }

  private void listSessions() {
    session.answer(
        new Reply.Sessions(sessions.all().stream().map(s -> s.figures(s == session)).toList()));
  }

  private void disconnect(long other) {
    checkPrivileged("close sessions");
    if (other == session.id()) {
      session.close(new Reply.Done());
    } else {
      sessions.disconnect(other);
      EventLog.session(session, "disconnects session " + Long.toUnsignedString(other));
      done();
    }
  }

  private Statistics statistics() {
    return new Statistics(
        (kernel.nanoTime().getAsLong() - kernel.bootNanos()) / 1_000_000,
        sessions.all().size() - 1,
        kernel.handles().count(),
        kernel.handles().handleBytes(),
        // As the modules have them, not the sessions: a pin that was lost would show.
        kernel.modules().newestFirst().stream().mapToInt(LoadedModule::pins).sum(),
        kernel.modules().count(),
        kernel.handles().moduleBytes(),
        kernel.handles().freeBytes(),
        kernel.modules().exports().size(),
        kernel.modules().exports().bytes(),
        kernel.guest().counters(),
        !kernel.loadsModules());
  }

  private void checkPrivileged(String what) {
    if (!kernel.privileged(session.peer().uid())) {
      throw new Refusal(
          Refusal.Kind.FORBIDDEN,
          Errno.EPERM,
          "uid %d may not %s".formatted(session.peer().uid(), what));
    }
  }

  private static void bound(String what, long count, long most) {
    if (count > most) {
      throw Refusal.limit("%d %s, at most %d are allowed".formatted(count, what, most));
    }
  }

  /** A label is for lists only, so what does not belong in one is replaced. */
  private static String label(String name) {
    String safe =
        name.codePoints()
            .limit(55)
            .map(c -> c > ' ' && c < 0x7f ? c : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return safe;
  }
}
