package io.linkout.kernel.session;

import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.api.UnloadOutcome;
import io.linkout.kernel.kmsg.LogRecord;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer, as the messages of the wire of the same names. Replies that hold modules or handles
 * must be encoded before control returns to the event loop.
 */
public sealed interface Reply {
  /** Not carried out. */
  record Refused(Refusal reason) implements Reply {}

  /** Carried out. */
  record Done() implements Reply {}

  /** Modules newest first; handles newest first. */
  record Modules(List<LoadedModule> modules, List<Handle> handles) implements Reply {}

  /** An entry for each name; null where there is none. */
  record Resolved(List<@Nullable OwnedSymbol> symbols) implements Reply {}

  /** An export with the name of its owner, empty for the kernel. */
  record OwnedSymbol(ExportedSymbol symbol, String owner) {}

  /** Space. */
  record Allocated(Handle handle) implements Reply {}

  /** A live module. */
  record Activated(long loadId, long initResult, long totalNanos, long initNanos)
      implements Reply {}

  /** A module gone, and what it left behind. */
  record Removed(List<UnloadOutcome.Leak> leaks) implements Reply {}

  /** A call returned. */
  record Called(long result, List<byte[]> outputs) implements Reply {}

  /** Part of the log. */
  record Log(List<LogRecord> records, boolean last) implements Reply {}

  /** Figures. */
  record Figures(Statistics statistics) implements Reply {}

  /** Part of the exports. */
  record Exports(List<OwnedSymbol> symbols, boolean last) implements Reply {}

  /** What is mapped, by address. */
  record MemoryMap(List<MappedRegion> regions) implements Reply {}

  /** Open sessions. */
  record Sessions(List<SessionFigures> sessions) implements Reply {}

  /** A name for each address. */
  record Located(List<Location> locations) implements Reply {}

  /**
   * A session as others see it.
   *
   * @param self true for the one that asks
   */
  record SessionFigures(
      long id,
      int pid,
      int uid,
      long ageMillis,
      int handles,
      long handleBytes,
      int pins,
      boolean self) {}

  /**
   * What lies at an address.
   *
   * @param symbol export at or below it, or empty
   * @param offset bytes from the symbol, or from the module's first text byte
   * @param module empty for the kernel
   */
  record Location(String symbol, long offset, String module) {}
}
