package io.linkout.kernel.module;

import java.util.List;

/**
 * A request that will not be carried out, and why. Part of the ordinary course of things, so it
 * records no stack.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What sort of refusal it is; as ErrorCode of the wire. */
  public enum Kind {
    /** A frame that is no request, or one out of order. */
    MALFORMED,
    /** Something that is not this connection's. */
    MISUSE,
    /** A bound on what a client may send or hold. */
    LIMIT,
    /** Not for this uid. */
    FORBIDDEN,
    /** The thing named is not there. */
    NOT_FOUND,
    /** The thing named is there already. */
    EXISTS,
    /** The thing named is in use. */
    BUSY,
    /** No room left. */
    NO_MEMORY,
    /** Init returned an error. */
    INIT_FAILED,
    /** Guest code died. */
    OOPS,
    /** Guest code ran past its limit. */
    SOFT_LOCKUP,
    /** Not to be had here. */
    UNSUPPORTED,
    /** Well formed, but its content cannot be accepted. */
    INVALID,
    /** A parameter's set function returned an error. */
    PARAMETER,
    /** The daemon is going down. */
    STOPPING,
    /** What the client looked at is not all there is by now; nothing has changed. */
    STALE;

    /** Returns true if a client that causes it loses its connection. */
    public boolean closing() {
      return this == MALFORMED || this == MISUSE || this == LIMIT || this == STOPPING;
    }
  }

  private final Kind kind;
  private final int errno;
  private final List<String> oops;

  /** A refusal with the errno Linux would give, positive, and one line for a person. */
  public Refusal(Kind kind, int errno, String message) {
    this(kind, errno, message, List.of());
  }

  /** A refusal with the oops report behind it, one line each. */
  public Refusal(Kind kind, int errno, String message, List<String> oops) {
    super(message, null, false, false);
    this.kind = kind;
    this.errno = errno;
    this.oops = List.copyOf(oops);
  }

  /** Returns a refusal of something that is not the connection's: it closes. */
  public static Refusal misuse(String message) {
    return new Refusal(Kind.MISUSE, Errno.EINVAL, message);
  }

  /** Returns a refusal of a request over a bound: it closes. */
  public static Refusal limit(String message) {
    return new Refusal(Kind.LIMIT, Errno.EMSGSIZE, message);
  }

  /** Returns a refusal of well-formed content that cannot be accepted. */
  public static Refusal invalid(int errno, String message) {
    return new Refusal(Kind.INVALID, errno, message);
  }

  /** Returns a refusal for want of the thing named. */
  public static Refusal notFound(String message) {
    return new Refusal(Kind.NOT_FOUND, Errno.ENOENT, message);
  }

  /** Returns a refusal because the thing named is in use. */
  public static Refusal busy(String message) {
    return new Refusal(Kind.BUSY, Errno.EBUSY, message);
  }

  /** Returns a refusal because no room is left. */
  public static Refusal noMemory(String message) {
    return new Refusal(Kind.NO_MEMORY, Errno.ENOMEM, message);
  }

  /** Returns what sort of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** Returns the errno, positive. */
  public int errno() {
    return errno;
  }

  /** Returns one line for a person. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Returns the oops report, or an empty list. */
  public List<String> oops() {
    return oops;
  }
}
