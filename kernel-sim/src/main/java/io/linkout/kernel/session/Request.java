package io.linkout.kernel.session;

import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.module.Activation;
import io.linkout.kernel.module.SegmentSpec;
import java.nio.ByteBuffer;
import java.util.List;

/** One thing a client wants, as the messages of the wire of the same names. */
public sealed interface Request {
  /** What modules there are; of those with a load id greater than {@code after}, unless 0. */
  record ListModules(long after) implements Request {}

  /** Where symbols are; {@code pin} holds their owners. */
  record Resolve(List<String> names, boolean pin) implements Request {}

  /** Space for a module. */
  record Allocate(List<SegmentSpec> segments, String name) implements Request {}

  /**
   * Bytes into a segment; not answered.
   *
   * @param content lies in memory of whoever received it, until {@link Session#receive} returns
   */
  record Write(long handle, long segment, long offset, ByteBuffer content) implements Request {
    /** Returns the same with content of its own. */
    Write kept() {
      ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
      return new Write(handle, segment, offset, copy);
    }
  }

  /** A module of a handle. */
  record Activate(long handle, Activation facts) implements Request {}

  /** A module gone. */
  record Remove(String name, boolean force) implements Request {}

  /** A function called. */
  record Call(CallRequest call) implements Request {}

  /** The kernel log. */
  record ReadLog(boolean follow, boolean clear) implements Request {}

  /** The log so far hidden. */
  record ClearLog() implements Request {}

  /** Figures. */
  record Stats() implements Request {}

  /** A handle given back. */
  record Free(long handle) implements Request {}

  /** A module held. */
  record Pin(String module, long loadId) implements Request {}

  /** All exports. */
  record ListExports() implements Request {}

  /** What is mapped. */
  record MemoryMap() implements Request {}

  /** Who is connected. */
  record Sessions() implements Request {}

  /** A session closed. */
  record Disconnect(long session) implements Request {}

  /** The daemon stopped. */
  record Shutdown() implements Request {}

  /** Settings changed; {@code logLevel} is empty for that of the start. */
  record Reload(String logLevel) implements Request {}

  /** A failed load put into the log. */
  record ReportFailure(String module, List<Cause> causes) implements Request {}

  /** Names for addresses. */
  record Locate(List<Long> addresses) implements Request {}

  /**
   * Why a client did not load a module.
   *
   * @param subject symbol, parameter or version magic
   * @param errno positive; 0 where Linux prints none
   * @param expected expected value, namespace or the value given, where Linux prints one
   */
  record Cause(CauseKind kind, String subject, int errno, String expected) {}

  /** Sorts of {@link Cause}. */
  enum CauseKind {
    /** An undefined symbol that no one exports. */
    UNKNOWN_SYMBOL,
    /** A CRC that differs. */
    VERSION_DISAGREES,
    /** A vermagic that differs. */
    BAD_VERMAGIC,
    /** A value that a parameter does not take. */
    BAD_PARAMETER,
    /** A parameter the module has not. */
    UNKNOWN_PARAMETER,
    /** A namespace not imported. */
    NAMESPACE_NOT_IMPORTED,
    /** An export that another module, or the kernel, has already. */
    DUPLICATE_EXPORT
  }
}
