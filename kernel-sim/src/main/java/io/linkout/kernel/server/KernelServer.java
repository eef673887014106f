package io.linkout.kernel.server;

import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.Limits;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.session.Scheduler;
import io.linkout.kernel.session.SessionTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives each connection a session, if its uid is welcome. */
public final class KernelServer {
  private final Scheduler scheduler;
  private final SessionTable sessions;
  private final Limits limits;
  private final Greeting greeting;
  private final WireRequests requests;
  private final WireReplies replies;
  private final Set<Integer> allowedUids;
  private final Deadlines.Allowance allowance;

  /**
   * A server of {@code kernel}; a {@link Listener} brings its connections.
   *
   * @param scheduler of the event loop
   * @param allowedUids who may connect
   */
  public KernelServer(
      Scheduler scheduler,
      KernelState kernel,
      SessionTable sessions,
      KernelIdentity identity,
      Set<Integer> allowedUids,
      Deadlines.Allowance allowance) {
    this.scheduler = scheduler;
    this.sessions = sessions;
    this.limits = kernel.limits();
    this.greeting = new Greeting(identity, limits);
    this.requests = new WireRequests(limits.callBytes());
    this.replies = new WireReplies(identity);
    this.allowedUids = Set.copyOf(allowedUids);
    this.allowance = allowance;
  }

  /** Returns why {@code peer} is not let in, or null if it is. */
  @Nullable String refusal(Peer peer) {
    return allowedUids.contains(peer.uid())
        ? sessions.refusal(peer)
        : "Operation not permitted: uid " + peer.uid() + " may not use this kernel";
  }

  SessionTable sessions() {
    return sessions;
  }

  Limits limits() {
    return limits;
  }

  Greeting greeting() {
    return greeting;
  }

  WireRequests requests() {
    return requests;
  }

  WireReplies replies() {
    return replies;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Deadlines.Allowance allowance() {
    return allowance;
  }
}
