package io.linkout.rpc;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.FailureCause;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelIdentity;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentRequest;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.Free;
import io.linkout.proto.wire.Pin;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.SegmentSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a running kernel. All that the kernel gives to it goes back when it is closed.
 * Confined to one thread.
 *
 * <p>Requests without a reply are queued and leave with the next one that has a reply, and what was
 * announced is asked for together with the symbols, so a load takes two round trips after the
 * handshake: resolve and allocate, write and activate. With symbols in userspace a list of modules
 * goes along in place of the symbols.
 */
public final class KernelConnection implements Kernel, AutoCloseable {
  /** Bytes of a Write frame beside the content: tags, lengths, handle, segment and offset. */
  private static final int WRITE_OVERHEAD = 64;

  /** Bytes of content of one Write at most. */
  private static final int CHUNK = 1 << 18;

  private final Conversation kernel;
  private final Welcome welcome;
  private final KernelIdentity identity;

  /** Announce no listing of modules. */
  public static final long NO_LISTING = -1;

  /** An Allocate, maybe a ListModules after it: they go with the next request of the load. */
  private List<Request> announced = List.of();

  /** The answer to the Allocate that was announced, which nobody has asked for yet. */
  private @Nullable Reply early;

  /** The ListModules that was announced, with its answer, which nobody has asked for yet. */
  private @Nullable Listing listing;

  /** Asked for behind an activation, and not answered yet; null if nothing is. */
  private @Nullable Ahead ahead;

  /** True while an activation waits for its reply. */
  private boolean activating;

  /** A ListModules and what came of it. */
  private record Listing(Request request, Reply reply) {}

  /** Symbols and space of the next load, on their way. */
  private static final class Ahead {
    final List<String> names;
    final List<Request> announced;
    final List<@Nullable KernelSymbol> symbols = new ArrayList<>();
    boolean complete;
    @Nullable KernelException refusal;

    Ahead(List<String> names, List<Request> announced) {
      this.names = names;
      this.announced = announced;
    }
  }

  private KernelConnection(Conversation kernel) {
    this.kernel = kernel;
    welcome = kernel.welcome();
    identity =
        new KernelIdentity(
            welcome.getRelease(),
            welcome.getVermagic(),
            welcome.getHeadersDirectory(),
            welcome.getSymversPath(),
            welcome.getCpuFeaturesList(),
            welcome.getThisModuleSize(),
            welcome.getModversions(),
            welcome.getSymbolsInUserspace());
  }

  /**
   * Connects to the kernel that listens at {@code path} and shakes hands.
   *
   * @throws KernelException if there is none, or it refuses this client
   */
  public static KernelConnection open(String path) {
    return new KernelConnection(Conversation.open(path, false));
  }

  /**
   * Returns the release of the kernel that listens at {@code path}, whatever protocol it speaks
   * after the handshake.
   *
   * @throws KernelException if there is none, or it refuses its clients for another reason
   */
  public static String release(String path) {
    try (Conversation kernel = Conversation.open(path, true)) {
      return kernel.welcome().getRelease();
    }
  }

  /** Returns where a kernel that keeps no symbols has written down its own; else empty. */
  public String symbolMapPath() {
    return welcome.getSymbolMapPath();
  }

  /** Returns what has passed over this connection so far. */
  public Traffic traffic() {
    return kernel.traffic();
  }

  /** Returns the kernel's build id in hexadecimal digits. */
  public String buildId() {
    return HexFormat.of().formatHex(welcome.getBuildId().toByteArray());
  }

  /** Returns the UUID of the kernel's boot. */
  public String bootId() {
    return welcome.getBootId();
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    return resolve(names, true);
  }

  /** Returns what {@code names} are, pinning no owner. */
  public List<@Nullable KernelSymbol> lookUp(List<String> names) {
    return resolve(names, false);
  }

  private List<@Nullable KernelSymbol> resolve(List<String> names, boolean pin) {
    settle();
    Ahead there = ahead;
    if (there != null && pin && there.names.equals(names)) {
      ahead = null;
      if (there.refusal != null) {
        throw there.refusal;
      }
      return there.symbols;
    }
    for (Request request : resolveRequests(names, pin)) {
      kernel.queue(request);
    }
    List<Request> along = queueAnnounced();
    List<@Nullable KernelSymbol> symbols = new ArrayList<>(names.size());
    try {
      receiveSymbols(names, symbols);
    } catch (KernelException e) {
      awaitEarly(along, e);
      throw e;
    }
    awaitEarly(along, null);
    return symbols;
  }

  private int resolveBatch(int names) {
    int limit = welcome.getLimits().getResolveNames();
    return limit == 0 ? Math.max(1, names) : limit;
  }

  private List<Request> resolveRequests(List<String> names, boolean pin) {
    int batch = resolveBatch(names.size());
    List<Request> requests = new ArrayList<>(1);
    for (int from = 0; from < names.size(); from += batch) {
      List<String> some = names.subList(from, Math.min(names.size(), from + batch));
      Resolve resolve = Resolve.newBuilder().addAllNames(some).setPin(pin).build();
      requests.add(Request.newBuilder().setResolve(resolve).build());
    }
    return requests;
  }

  /** Takes in the replies to {@link #resolveRequests}, all of them even if one is a refusal. */
  private void receiveSymbols(List<String> names, List<@Nullable KernelSymbol> symbols) {
    int batch = resolveBatch(names.size());
    KernelException refusal = null;
    for (int from = 0; from < names.size(); from += batch) {
      try {
        for (var symbol : receive().getResolved().getSymbolsList()) {
          String name = names.get(symbols.size());
          symbols.add(symbol.getFound() ? WireForms.symbol(name, symbol) : null);
        }
      } catch (KernelException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  /** Queues what is announced, and returns it: {@link #awaitEarly} takes the replies. */
  private List<Request> queueAnnounced() {
    List<Request> along = announced;
    announced = List.of();
    for (Request request : along) {
      kernel.queue(request);
    }
    return along;
  }

  /** Takes the replies to what went along, so that none is taken for one to a later request. */
  private void awaitEarly(List<Request> along, @Nullable KernelException refusal) {
    try {
      for (Request request : along) {
        Reply reply = kernel.next();
        if (request.hasAllocate()) {
          early = reply;
        } else {
          listing = new Listing(request, reply);
        }
      }
    } catch (KernelException gone) {
      if (refusal == null) {
        throw gone;
      }
      refusal.addSuppressed(gone);
    }
  }

  @Override
  public void announce(String name, List<SegmentRequest> segments, boolean exports) {
    announce(name, segments, NO_LISTING);
  }

  /**
   * Announces an allocation, and a listing of the modules that came after load id {@code after}
   * unless that is {@link #NO_LISTING}, which {@link KernelQueries#modules(long)} is to ask for.
   */
  public void announce(String name, List<SegmentRequest> segments, long after) {
    withdraw();
    announced = announcements(name, segments, after);
  }

  private static List<Request> announcements(
      String name, List<SegmentRequest> segments, long after) {
    Request allocate = allocateRequest(name, segments);
    return after == NO_LISTING
        ? List.of(allocate)
        : List.of(allocate, KernelQueries.listRequest(after));
  }

  @Override
  public void announce(
      String name, List<SegmentRequest> segments, boolean exports, List<String> names) {
    announce(name, segments, names, NO_LISTING);
  }

  /**
   * Announces a load as {@link #announce(String, List, boolean, List)} does, with a listing as
   * {@link #announce(String, List, long)} does.
   */
  public void announce(String name, List<SegmentRequest> segments, List<String> names, long after) {
    Ahead next = new Ahead(List.copyOf(names), announcements(name, segments, after));
    listing = null;
    List<Request> requests = resolveRequests(names, true);
    requests.addAll(next.announced);
    // Whoever waits for the activation's reply finds the connection gone, if that did not come.
    ahead = kernel.sendAhead(requests) ? next : null;
  }

  /** Takes in what was asked for ahead, so that the next reply is that to the next request. */
  private void settle() {
    if (activating) {
      throw new IllegalStateException("asked while an activation waits for its reply");
    }
    Ahead next = ahead;
    if (next == null || next.complete) {
      return;
    }
    next.complete = true;
    try {
      receiveSymbols(next.names, next.symbols);
    } catch (KernelException e) {
      next.refusal = e;
    }
    try {
      awaitEarly(next.announced, null);
    } catch (KernelException gone) {
      if (next.refusal == null) {
        next.refusal = gone;
      }
    }
  }

  @Override
  public void withdraw() {
    settle();
    ahead = null;
    announced = List.of();
    listing = null;
    Reply reply = early;
    early = null;
    if (reply != null && reply.hasAllocated()) {
      try {
        free(allocation(reply));
      } catch (KernelException gone) {
        // It gives back by itself what a closed connection owned; why it was closed, the next use
        // of the connection tells.
        early = null;
      }
    }
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    settle();
    if (early == null && !announced.isEmpty()) {
      awaitEarly(queueAnnounced(), null);
    }
    Reply reply = early;
    early = null;
    return allocation(
        reply == null ? ask(allocateRequest(name, segments)) : Conversation.checked(reply));
  }

  /** Returns the reply to a ListModules: the one that came early, if it is the same. */
  Reply list(Request request) {
    settle();
    if (announced.contains(request)) {
      awaitEarly(queueAnnounced(), null);
    }
    Listing there = listing;
    listing = null;
    return there != null && there.request.equals(request)
        ? Conversation.checked(there.reply)
        : ask(request);
  }

  private static Allocation allocation(Reply reply) {
    Allocated allocated = reply.getAllocated();
    return new Allocation(allocated.getHandle(), allocated.getAddressesList());
  }

  private static Request allocateRequest(String name, List<SegmentRequest> segments) {
    Allocate.Builder allocate = Allocate.newBuilder().setName(name);
    for (SegmentRequest segment : segments) {
      allocate.addSegments(
          SegmentSpec.newBuilder()
              .setKind(WireForms.kind(segment.kind()))
              .setSize(segment.size())
              .setAlignment(segment.alignment()));
    }
    return Request.newBuilder().setAllocate(allocate).build();
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    int limit = welcome.getLimits().getFrameBytes();
    int most = limit == 0 ? CHUNK : Math.max(1, Math.min(CHUNK, limit - WRITE_OVERHEAD));
    int size = bytes.remaining();
    for (int done = 0; done < size; done += most) {
      int count = Math.min(most, size - done);
      settle();
      kernel.queue(
          WireForms.writeHead(allocation.handle(), segment, offset + done, count),
          bytes.slice(bytes.position() + done, count));
    }
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    return activated(ask(activate(allocation.handle(), activation)));
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation, Runnable meanwhile) {
    return activate(activate(allocation.handle(), activation), meanwhile);
  }

  /**
   * Makes the module live in a kernel that keeps no symbols like {@link #activate(Allocation,
   * Activation, Runnable)}: tells how many exports it has in place of them.
   *
   * @param comparedUpTo highest load id among the modules that the exports were compared with
   * @throws StaleException if others that export something came since; the allocation is as before
   */
  public Activated activate(
      Allocation allocation, Activation activation, long comparedUpTo, Runnable meanwhile) {
    Request request =
        Request.newBuilder()
            .setActivate(WireForms.counted(allocation.handle(), activation, comparedUpTo))
            .build();
    return activate(request, meanwhile);
  }

  private Activated activate(Request request, Runnable meanwhile) {
    send(request);
    activating = true;
    try {
      kernel.flush();
      meanwhile.run();
    } finally {
      activating = false;
    }
    return activated(receive());
  }

  private static Request activate(long handle, Activation activation) {
    return Request.newBuilder().setActivate(WireForms.activate(handle, activation)).build();
  }

  private static Activated activated(Reply reply) {
    var activated = reply.getActivated();
    return new Activated(
        activated.getLoadId(),
        activated.getInitResult(),
        activated.getTotalNs(),
        activated.getInitNs());
  }

  @Override
  public void free(Allocation allocation) {
    Free free = Free.newBuilder().setHandle(allocation.handle()).build();
    ask(Request.newBuilder().setFree(free).build());
  }

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {
    ask(Request.newBuilder().setReportFailure(WireForms.failure(module, causes)).build());
  }

  /**
   * Holds each of {@code modules}, names by load id, for as long as the connection. What was
   * announced is asked for with them.
   */
  public void pin(Map<Long, String> modules) {
    settle();
    if (modules.isEmpty()) {
      return;
    }
    for (Map.Entry<Long, String> module : modules.entrySet()) {
      Pin pin = Pin.newBuilder().setModule(module.getValue()).setLoadId(module.getKey()).build();
      kernel.queue(Request.newBuilder().setPin(pin).build());
    }
    List<Request> along = queueAnnounced();
    KernelException refusal = null;
    for (int i = 0; i < modules.size(); i++) {
      try {
        receive();
      } catch (KernelException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    awaitEarly(along, refusal);
    if (refusal != null) {
      throw refusal;
    }
  }

  /** Sends {@code request} with all that is queued, and returns its reply. */
  Reply ask(Request request) {
    send(request);
    return receive();
  }

  /** Queues {@code request}, whose reply will be the next. */
  void send(Request request) {
    settle();
    kernel.queue(request);
  }

  /** Sends what is queued and waits for the next reply. */
  Reply receive() {
    return kernel.receive();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
