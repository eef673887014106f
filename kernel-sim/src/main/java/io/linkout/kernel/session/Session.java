package io.linkout.kernel.session;

import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.Caller;
import io.linkout.kernel.module.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One connection's state. Requests are carried out strictly in order, one at a time: while one
 * waits for the CPU or its answer is not taken yet, later ones wait here. {@link #close} returns
 * all it owns; it is the end of every session, whatever the reason, and may come at any moment.
 */
public final class Session {
  /** What a waiting request costs beside its frame, for {@link #full}. */
  private static final int REQUEST_BYTES = 512;

  /** Waiting requests may take this much before no more is read. */
  private static final int WAITING_BYTES = 1 << 20;

  private record Waiting(Request request, int bytes) {}

  private final long id;
  private final Peer peer;
  private @Nullable Caller caller;
  private final KernelState kernel;
  private final SessionTable table;
  private final Replies replies;
  private final long openedNanos;
  private final Holdings holdings;
  private final RequestHandler handler;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int waitingAnswered;
  private boolean busy;
  private boolean pumping;
  private boolean closed;

  Session(long id, Peer peer, KernelState kernel, SessionTable table, Replies replies) {
    this.id = id;
    this.peer = peer;
    this.kernel = kernel;
    this.table = table;
    this.replies = replies;
    this.openedNanos = kernel.nanoTime().getAsLong();
    this.holdings = new Holdings(kernel.handles());
    this.handler = new RequestHandler(kernel, table, this, holdings);
  }

  /** Returns its number, never reused. */
  public long id() {
    return id;
  }

  /** Returns the process at the other end. */
  public Peer peer() {
    return peer;
  }

  /** Returns it as who asks for loads, removals and calls; its name is read once, when needed. */
  Caller caller() {
    Caller known = caller;
    if (known == null) {
      known = new Caller(peer.pid(), ProcessName.of(peer.pid()));
      caller = known;
    }
    return known;
  }

  /** Returns true once nothing of it remains. */
  public boolean closed() {
    return closed;
  }

  /** Returns true if no more requests should be read for now; {@link Replies#readOn} ends that. */
  public boolean full() {
    return waitingBytes >= WAITING_BYTES;
  }

  /**
   * A request came.
   *
   * @param bytes of its frame
   */
  public void receive(Request request, int bytes) {
    if (closed) {
      return;
    }
    if (holdings.follower() != null) {
      refuse(
          new Refusal(
              Refusal.Kind.MALFORMED,
              io.linkout.kernel.module.Errno.EPROTO,
              "ReadLog with follow is the last request of its connection"));
      return;
    }
    int weight = bytes + REQUEST_BYTES + bufferBytes(request);
    boolean waits = busy || pumping || !waiting.isEmpty() || !replies.writable();
    Request kept = waits && request instanceof Request.Write write ? write.kept() : request;
    waiting.add(new Waiting(kept, weight));
    waitingBytes += weight;
    if (answered(request) && ++waitingAnswered > kernel.limits().pipelinedRequests()) {
      refuse(
          Refusal.limit(
              "more than " + kernel.limits().pipelinedRequests() + " requests without an answer"));
      return;
    }
    pump();
  }

  /** The client has taken what was sent: there is room for more. */
  public void writable() {
    LogFollower follower = holdings.follower();
    if (follower != null) {
      follower.send();
    } else {
      handler.resume();
      pump();
    }
  }

  /** Something is wrong with what the client sent: it hears of it, and the session ends. */
  public void refuse(Refusal reason) {
    if (!closed) {
      EventLog.session(this, "closed: " + reason.reason());
      close(new Reply.Refused(reason));
    }
  }

  /** Ends the session: everything it owns is returned before this does. */
  public void close() {
    release();
    replies.finish();
  }

  /** Ends the session unless the CPU is at work for it; work not begun is called off. */
  void drain() {
    if (!busy || holdings.follower() != null) {
      close();
    } else if (holdings.callOff()) {
      refuse(
          new Refusal(
              Refusal.Kind.STOPPING,
              io.linkout.kernel.module.Errno.ESHUTDOWN,
              "the kernel is going down"));
    }
  }

  /** Ends the session with a last word, sent once everything is returned. */
  void close(Reply last) {
    release();
    replies.send(last);
    replies.finish();
  }

  /** Returns the figures of this session; {@code self} marks the one that asks. */
  Reply.SessionFigures figures(boolean self) {
    return new Reply.SessionFigures(
        id,
        peer.pid(),
        peer.uid(),
        (kernel.nanoTime().getAsLong() - openedNanos) / 1_000_000,
        holdings.handleCount(),
        holdings.handleBytes(),
        holdings.pins().size(),
        self);
  }

  /** Returns true if it follows the log. */
  boolean follows() {
    return holdings.follower() != null;
  }

  Replies replies() {
    return replies;
  }

  /** Later requests wait until {@link #answer} or {@link #fail}. */
  void hold() {
    busy = true;
  }

  /** Answers the request under way. */
  void answer(Reply reply) {
    if (!closed) {
      busy = false;
      replies.send(reply);
      pump();
    }
  }

  /** Refuses the request under way, and ends the session if the reason is such. */
  void fail(Refusal reason) {
    if (reason.kind().closing()) {
      refuse(reason);
    } else {
      answer(new Reply.Refused(reason));
    }
  }

  /** The request under way needs no (further) answer. */
  void next() {
    busy = false;
    pump();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    boolean wasFull = full();
    try {
      while (!closed && !busy && !waiting.isEmpty() && replies.writable()) {
        Waiting next = waiting.remove();
        waitingBytes -= next.bytes();
        if (answered(next.request())) {
          waitingAnswered--;
        }
        try {
          handler.handle(next.request());
        } catch (Refusal refusal) {
          fail(refusal);
        }
      }
    } finally {
      pumping = false;
    }
    if (!closed && wasFull && !full()) {
      replies.readOn();
    }
  }

  private void release() {
    if (closed) {
      return;
    }
    closed = true;
    waiting.clear();
    waitingBytes = 0;
    holdings.release();
    EventLog.detail(this, "ended");
    table.closed(this);
  }

  /** A call's output buffers take memory here and next to none in its frame. */
  private static int bufferBytes(Request request) {
    return request instanceof Request.Call(CallRequest call)
        ? call.arguments().stream()
            .mapToInt(a -> a instanceof CallRequest.Argument.Buffer b ? b.content().length : 0)
            .sum()
        : 0;
  }

  private static boolean answered(Request request) {
    return !(request instanceof Request.Write);
  }
}
