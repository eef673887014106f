package io.linkout.kernel.api;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module about to be loaded; every address was checked to lie in its segments. Addresses are
 * guest addresses, 0 where there is none.
 *
 * @param loadId never reused
 * @param coreBytes bytes of its core segments, for messages
 * @param taints letters
 * @param path of its file as the client gave it, for messages only
 * @param buildId in hexadecimal digits, for messages only
 */
public record LoadImage(
    long loadId,
    String name,
    List<Segment> segments,
    long init,
    long exit,
    long thisModule,
    long thisModuleSize,
    long coreBytes,
    String taints,
    String path,
    String buildId,
    ExportNames exports,
    List<Table> tables,
    List<ParameterCall> parameters,
    List<String> ignoredParameters) {

  /** What a segment is for; as SegmentKind of the wire. */
  public enum Kind {
    /** Code. */
    TEXT,
    /** Constants. */
    RODATA,
    /** Read only after init. */
    RO_AFTER_INIT,
    /** Read and write. */
    DATA,
    /** Code freed after init. */
    INIT_TEXT,
    /** Data freed after init. */
    INIT_DATA,
    /** Constants freed after init. */
    INIT_RODATA,
    /**
     * Template of a per-CPU area: {@code address} is an offset from gs base, {@code host} the
     * template.
     */
    PERCPU;

    /** Returns true if freed after init. */
    public boolean init() {
      return this == INIT_TEXT || this == INIT_DATA || this == INIT_RODATA;
    }
  }

  /** A segment: {@code host} is its memory in whole pages (PERCPU: any size), already filled. */
  public record Segment(Kind kind, long address, MemorySegment host) {}

  /** Its exports, for traces. */
  @FunctionalInterface
  public interface ExportNames {
    /** Returns the name of its export at {@code address}, or null; any thread may ask. */
    @Nullable String at(long address);
  }

  /** Tables of the image, as TableKind of the wire. */
  public enum TableKind {
    /** struct jump_entry. */
    JUMP_TABLE,
    /** struct static_call_site. */
    STATIC_CALL_SITES,
    /** struct exception_table_entry. */
    EX_TABLE,
    /** struct bug_entry. */
    BUG_TABLE,
    /** Sorted instruction addresses. */
    ORC_UNWIND_IP,
    /** struct orc_entry. */
    ORC_UNWIND,
    /** Pointers to struct tracepoint. */
    TRACEPOINTS_PTRS,
    /** Constructors. */
    CONSTRUCTORS
  }

  /**
   * A table: guest address and bytes, entries checked to point into the module or, keys, anywhere.
   */
  public record Table(TableKind kind, long address, long length) {}

  /** A set function of the module's own to be called before init. */
  @SuppressWarnings("ArrayRecordComponent")
  public record ParameterCall(String name, long setFunction, long kernelParam, byte[] text) {}
}
