package io.linkout.kernel.session;

import io.linkout.kernel.module.Refusal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All open sessions, and who may open one more. */
public final class SessionTable {
  private final KernelState kernel;
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private long nextId = 1;
  private boolean stopping;

  /** An empty table. */
  public SessionTable(KernelState kernel) {
    this.kernel = kernel;
  }

  /** Returns why {@code peer} may not open a session now, or null if it may. */
  public @Nullable String refusal(Peer peer) {
    Limits limits = kernel.limits();
    boolean privileged = kernel.privileged(peer.uid());
    int reserved = limits.reservedSessions();
    if (stopping) {
      return "the kernel is going down";
    }
    if (sessions.size() >= limits.sessions() - (privileged ? 0 : reserved)) {
      return "too many sessions: " + sessions.size();
    }
    long ofUid = sessions.values().stream().filter(s -> s.peer().uid() == peer.uid()).count();
    if (ofUid >= limits.sessionsOfUid() + (privileged ? reserved : 0)) {
      return "too many sessions of uid " + peer.uid() + ": " + ofUid;
    }
    return null;
  }

  /** Opens a session for a peer that {@link #refusal} let in. */
  public Session open(Peer peer, Replies replies) {
    Session session = new Session(nextId++, peer, kernel, this, replies);
    sessions.put(session.id(), session);
    EventLog.detail(session, "opened");
    return session;
  }

  /** Returns the open sessions, oldest first. */
  public Collection<Session> all() {
    return List.copyOf(sessions.values());
  }

  /**
   * Closes a session: all it owns is freed when this returns.
   *
   * @throws Refusal if there is none of that number
   */
  void disconnect(long id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw Refusal.notFound("no session " + Long.toUnsignedString(id));
    }
    session.close();
  }

  /**
   * Lets no more sessions in and ends those that do not wait for work under way on the CPU: work
   * that has not begun never will.
   */
  public void drain() {
    stopping = true;
    all().forEach(Session::drain);
  }

  /** Closes all sessions. */
  public void closeAll() {
    all().forEach(Session::close);
  }

  void closed(Session session) {
    sessions.remove(session.id());
  }
}
