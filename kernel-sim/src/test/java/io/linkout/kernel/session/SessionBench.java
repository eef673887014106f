package io.linkout.kernel.session;

import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.Activation;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.Images;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ManualCpu;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.Remover;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.testing.FakeGuest;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A kernel and its sessions without a socket: the test is the event loop, the CPU and the peer. */
final class SessionBench {
  static final int DAEMON_UID = 500;
  static final int READER_UID = 1500;
  static final Peer USER = new Peer(100, 1000);

  final FakeGuest guest = new FakeGuest();
  final ManualCpu cpu = new ManualCpu();
  final Kmsg kmsg = new Kmsg(1000, () -> 0);
  final ExportTable exports;
  final ModuleTable modules;
  final HandleTable handles = new HandleTable();
  final Deque<Runnable> loop = new ArrayDeque<>();
  final GuestReferenceCounts references;
  final List<String> controls = new ArrayList<>();
  final SessionTable sessions;

  SessionBench() {
    this(SymbolsIn.KERNEL);
  }

  SessionBench(SymbolsIn symbols) {
    this(new Limits(1 << 20, 8, 16, 4, 1 << 20, 16, 12, 64, 8, 4, 2), symbols);
  }

  SessionBench(Limits limits) {
    this(limits, SymbolsIn.KERNEL);
  }

  private SessionBench(Limits limits, SymbolsIn symbols) {
    exports = symbols.table();
    modules = new ModuleTable(exports);
    references = new GuestReferenceCounts(loop::add, modules::guestReference);
    sessions =
        new SessionTable(
            new KernelState(
                modules,
                handles,
                new Loader(
                    modules,
                    handles,
                    cpu,
                    guest,
                    kmsg,
                    () -> 0,
                    io.linkout.kernel.api.oops.TableForms.LINUX_6_1),
                new Remover(modules, handles, cpu, guest, references),
                new FunctionCaller(modules, cpu, guest),
                guest,
                loop::add,
                kmsg,
                limits,
                new Controls() {
                  @Override
                  public void shutdown() {
                    controls.add("shutdown");
                  }

                  @Override
                  public void reload(String logLevel) {
                    controls.add("reload " + logLevel);
                  }
                },
                DAEMON_UID,
                java.util.Set.of(READER_UID),
                () -> 0,
                0));
  }

  /** One client: what it says goes straight to its session, what it hears is kept. */
  final class Client implements Replies {
    final List<Reply> heard = new ArrayList<>();
    final Session session;
    boolean writable = true;
    boolean finished;
    int readOns;

    Client(Peer peer) {
      session = sessions.open(peer, this);
    }

    @Override
    public void send(Reply reply) {
      if (finished) {
        throw new IllegalStateException("sent after the end: " + reply);
      }
      heard.add(reply);
    }

    @Override
    public boolean writable() {
      return writable;
    }

    @Override
    public void readOn() {
      readOns++;
    }

    @Override
    public void finish() {
      finished = true;
    }

    Client say(Request... requests) {
      for (Request request : requests) {
        session.receive(request, 10);
      }
      return this;
    }

    /** Returns the last thing heard. */
    Reply last() {
      return heard.getLast();
    }

    /** Returns the refusal heard last. */
    io.linkout.kernel.module.Refusal refusal() {
      if (last() instanceof Reply.Refused(var reason)) {
        return reason;
      }
      throw new AssertionError("not a refusal: " + last());
    }

    Handle allocate() {
      say(new Request.Allocate(Images.SEGMENTS, "x"));
      if (last() instanceof Reply.Allocated(Handle handle)) {
        return handle;
      }
      throw new AssertionError("no handle: " + last());
    }

    /** Asks for a plain module called {@code name}, changed by {@code change}. */
    Handle activate(String name, UnaryOperator<Images> change) {
      Handle handle = allocate();
      Activation facts = change.apply(Images.of(name, handle)).build();
      say(new Request.Activate(handle.id(), facts));
      return handle;
    }

    /**
     * Loads a plain module that exports {@code symbol}, which a kernel without a table is not told,
     * and returns its load id.
     */
    long load(String name, String symbol) {
      Handle handle = allocate();
      Images image = Images.of(name, handle);
      if (exports.keeps()) {
        image.export(symbol, Images.address(handle, 0));
      }
      say(new Request.Activate(handle.id(), image.build()));
      cpu.runAll();
      if (last() instanceof Reply.Activated activated) {
        return activated.loadId();
      }
      throw new AssertionError("not live: " + last());
    }

    Statistics statistics() {
      say(new Request.Stats());
      if (last() instanceof Reply.Figures(Statistics statistics)) {
        return statistics;
      }
      throw new AssertionError("no figures: " + last());
    }
  }

  Client client() {
    return new Client(USER);
  }

  Client client(int uid) {
    return new Client(new Peer(1, uid));
  }

  /** Returns the module of that name, which is there. */
  LoadedModule module(String name) {
    return Objects.requireNonNull(modules.find(name));
  }

  void runLoop() {
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
  }

  /** What a session must leave as it was. */
  List<Long> figures() {
    return List.of(
        (long) handles.count(),
        handles.handleBytes(),
        handles.freeBytes(),
        handles.moduleBytes(),
        (long) modules.count(),
        (long) exports.size(),
        modules.newestFirst().stream().mapToLong(m -> m.pins()).sum(),
        modules.newestFirst().stream().mapToLong(m -> m.references()).sum());
  }
}
