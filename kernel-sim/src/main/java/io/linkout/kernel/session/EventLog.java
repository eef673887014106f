package io.linkout.kernel.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions do, in the daemon's own log: one line an event, {@code session=ID pid=PID uid=UID
 * module=NAME what}, with {@code -} for what it does not concern. What comes from a client is last,
 * so that it cannot pass for one of the fields; control characters are the log's to escape.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private EventLog() {}

  /** A peer that gets no session. */
  public static void refused(Peer peer, String reason) {
    if (LOG.isInfoEnabled()) {
      LOG.info(line("-", peer, "-", "refused: " + reason));
    }
  }

  /** Something that happens to each and every session. */
  static void detail(Session session, String what) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(line(Long.toUnsignedString(session.id()), session.peer(), "-", what));
    }
  }

  /** Something worth a line that concerns no module. */
  static void session(Session session, String what) {
    if (LOG.isInfoEnabled()) {
      LOG.info(line(Long.toUnsignedString(session.id()), session.peer(), "-", what));
    }
  }

  /** Something done to a module, or not. */
  static void module(Session session, String module, String what) {
    if (LOG.isInfoEnabled()) {
      LOG.info(line(Long.toUnsignedString(session.id()), session.peer(), word(module), what));
    }
  }

  private static String line(String session, Peer peer, String module, String what) {
    return "session="
        + session
        + " pid="
        + peer.pid()
        + " uid="
        + Integer.toUnsignedString(peer.uid())
        + " module="
        + module
        + " "
        + what;
  }

  /** A name is one word here, whatever a client made of it. */
  private static String word(String name) {
    return name.isEmpty() ? "-" : name.replace(' ', '?');
  }
}
