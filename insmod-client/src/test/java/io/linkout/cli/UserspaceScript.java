package io.linkout.cli;

import com.google.protobuf.ByteString;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Activated;
import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleList;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.rpc.FakeKernel;
import io.linkout.rpc.FakeSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A kernel that keeps no symbols: it has {@code _printk}, gives space, lets modules live that are
 * not stale, and does what its test wants before an Activate or a Pin.
 */
final class UserspaceScript implements FakeKernel.Script {
  private final List<Module> modules = new ArrayList<>();
  private final Deque<Runnable> beforeActivate = new ArrayDeque<>();
  private final Deque<Runnable> beforePin = new ArrayDeque<>();
  private final FakeSpace space = new FakeSpace();
  private long nextId = 1;

  /** Returns what this kernel says to a client; its map is written into {@code directory}. */
  static Welcome welcome(Path directory) throws IOException {
    Path map = directory.resolve("k.sock.symbols");
    Files.writeString(
        map,
        """
        linkout-symbols 1 0102 boot 6.1.0-test
        _printk 0xffffffff81000000 - T -
        \uff5e 0xffffffff81000010 - T -
        \ud83d\ude00 0xffffffff81000020 - T -
        """);
    return FakeKernel.WELCOME.toBuilder()
        .setRelease("6.1.0-test")
        .setVermagic(io.linkout.link.FakeKernel.VERMAGIC)
        .setBuildId(ByteString.copyFrom(new byte[] {1, 2}))
        .setBootId("boot")
        .setSymbolsInUserspace(true)
        .setSymbolMapPath(map.toString())
        .build();
  }

  /** Has {@code what} done when the next Activate arrives. */
  void beforeActivate(Runnable what) {
    beforeActivate.add(what);
  }

  /** Has {@code what} done when the next Pin arrives. */
  void beforePin(Runnable what) {
    beforePin.add(what);
  }

  /** Another client loads {@code module}, whose segments all lie at its load id. */
  synchronized void add(Module.Builder module) {
    modules.add(module.setState(ModuleState.STATE_LIVE).setLoadId(nextId++).build());
  }

  /** Another client removes the module {@code name}. */
  synchronized void remove(String name) {
    modules.removeIf(module -> module.getName().equals(name));
  }

  @Override
  public synchronized List<Reply> answer(Request request) {
    Reply.Builder reply = Reply.newBuilder();
    switch (request.getKindCase()) {
      case WRITE -> {
        return List.of();
      }
      case LIST_MODULES -> reply.setModules(list(request.getListModules()));
      case ALLOCATE -> reply.setAllocated(space.allocate(request.getAllocate().getSegmentsList()));
      case PIN -> {
        run(beforePin);
        long id = request.getPin().getLoadId();
        if (modules.stream().anyMatch(module -> module.getLoadId() == id)) {
          reply.setDone(Done.getDefaultInstance());
        } else {
          reply.setError(Error.newBuilder().setErrno(2).setErrnoName("ENOENT"));
        }
      }
      case ACTIVATE -> {
        run(beforeActivate);
        activate(request.getActivate(), reply);
      }
      default -> reply.setDone(Done.getDefaultInstance());
    }
    return List.of(reply.build());
  }

  private static void run(Deque<Runnable> surprises) {
    Runnable surprise = surprises.poll();
    if (surprise != null) {
      surprise.run();
    }
  }

  private ModuleList list(ListModules list) {
    ModuleList.Builder newest = ModuleList.newBuilder();
    for (Module module : modules.reversed()) {
      if (module.getLoadId() > list.getAfter()) {
        newest.addModules(module);
      }
    }
    return newest.build();
  }

  private void activate(Activate activate, Reply.Builder reply) {
    if (activate.getExportCount() > 0
        && modules.stream()
            .anyMatch(m -> m.getExportCount() > 0 && m.getLoadId() > activate.getComparedUpTo())) {
      reply.setError(
          Error.newBuilder()
              .setCode(ErrorCode.ERROR_STALE)
              .setErrno(116)
              .setErrnoName("ESTALE")
              .setMessage("others came"));
      return;
    }
    reply.setActivated(Activated.newBuilder().setLoadId(nextId));
    add(
        Module.newBuilder()
            .setName(activate.getName())
            .setPath(activate.getPath())
            .setBuildId(activate.getBuildId())
            .setExportCount(activate.getExportCount())
            .addAllSegments(space.placed()));
  }
}
