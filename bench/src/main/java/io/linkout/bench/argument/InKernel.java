package io.linkout.bench.argument;

import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.KernelBoot;
import io.linkout.kernel.api.KernelOptions;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.DirectCpu;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.Remover;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.personality.PersonalityException;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.Limits;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.session.Replies;
import io.linkout.kernel.session.Reply;
import io.linkout.kernel.session.Request;
import io.linkout.kernel.session.Session;
import io.linkout.kernel.session.SessionTable;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.FailureCause;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelIdentity;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's own kernel in the linker's process, on the caller's thread: no socket, no frames, no
 * other thread. With it a linker does what the loader behind {@code finit_module} does, with all
 * the checks of an activation. Each request is carried out by a session, as a client's is.
 */
final class InKernel implements Kernel, AutoCloseable {
  /** Keeps the last reply. */
  private static final class LastReply implements Replies {
    private @Nullable Reply reply;

    @Override
    public void send(Reply sent) {
      reply = sent;
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void readOn() {
      // Nothing is held back.
    }

    @Override
    public void finish() {
      // There is no connection.
    }

    Reply take() {
      Reply taken = reply;
      reply = null;
      if (taken == null) {
        throw new IllegalStateException("no reply");
      }
      if (taken instanceof Reply.Refused(var reason)) {
        throw new KernelException(1, "EPERM", reason.reason(), "", List.of());
      }
      return taken;
    }
  }

  private final KernelIdentity identity;
  private final GuestKernel guest;
  private final DirectCpu cpu = new DirectCpu();
  private final LastReply replies = new LastReply();
  private final Session session;

  /** Boots a kernel with the personality of the headers at {@code headers}. */
  InKernel(Path headers) throws PersonalityException {
    Personality personality = Personality.fromHeaders(headers, notice -> {});
    Kmsg kmsg = new Kmsg(16_384, () -> System.nanoTime() / 1000);
    CompressedExportTable exports = new CompressedExportTable(KernelForms.REGIONS);
    ModuleTable modules = new ModuleTable(exports);
    HandleTable handles = new HandleTable();
    GuestReferenceCounts references =
        new GuestReferenceCounts(Runnable::run, modules::guestReference);
    guest =
        KernelBoot.boot(
            personality,
            new UnicornCpu(),
            kmsg,
            references,
            KernelOptions.defaults(),
            new KernelForms.Keeper(exports));
    KernelState state =
        new KernelState(
            modules,
            handles,
            new Loader(
                modules,
                handles,
                cpu,
                guest,
                kmsg,
                System::nanoTime,
                TableForms.of(personality.layout())),
            new Remover(modules, handles, cpu, guest, references),
            new FunctionCaller(modules, cpu, guest),
            guest,
            Runnable::run,
            kmsg,
            Limits.DEFAULT,
            new KernelForms.NoControls(),
            0,
            Set.of(),
            System::nanoTime,
            System.nanoTime());
    session =
        new SessionTable(state).open(new Peer((int) ProcessHandle.current().pid(), 0), replies);
    identity =
        new KernelIdentity(
            personality.release(),
            personality.vermagic(),
            headers.toString(),
            "",
            Arrays.stream(guest.features()).boxed().toList(),
            personality.thisModuleSize(),
            personality.modversions(),
            false);
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    List<@Nullable KernelSymbol> symbols = new ArrayList<>(names.size());
    if (ask(new Request.Resolve(names, true)) instanceof Reply.Resolved(var found)) {
      for (int i = 0; i < names.size(); i++) {
        symbols.add(KernelForms.symbol(found.get(i)));
      }
    }
    return symbols;
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    if (ask(new Request.Allocate(KernelForms.segments(segments), name))
        instanceof Reply.Allocated(var handle)) {
      List<Long> addresses = new ArrayList<>(segments.size());
      handle.segments().forEach(segment -> addresses.add(segment.address()));
      return new Allocation(handle.id(), addresses);
    }
    throw new IllegalStateException("not allocated");
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    session.receive(
        new Request.Write(allocation.handle(), segment, offset, bytes.asReadOnlyBuffer()), 0);
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    if (ask(new Request.Activate(allocation.handle(), KernelForms.activation(activation)))
        instanceof Reply.Activated(long loadId, long initResult, long totalNanos, long initNanos)) {
      return new Activated(loadId, initResult, totalNanos, initNanos);
    }
    throw new IllegalStateException("not activated");
  }

  @Override
  public void free(Allocation allocation) {
    ask(new Request.Free(allocation.handle()));
  }

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {
    throw new IllegalStateException(module + " cannot be loaded: " + causes);
  }

  /** Removes the module {@code name}. */
  void remove(String name) {
    ask(new Request.Remove(name, false));
  }

  private Reply ask(Request request) {
    session.receive(request, 0);
    cpu.work();
    return replies.take();
  }

  @Override
  public void close() {
    session.close();
    guest.close();
  }
}
