package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.session.Scheduler;
import io.linkout.kernel.symbol.CompressedExportTable;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's export table, which a booting kernel fills with its own exports. They are compressed
 * by a thread of their own while the rest of the daemon gets ready and even after that: that takes
 * longer than all there is to wait for, and no client asks so soon. Who does waits.
 */
final class BootedExportTable implements ExportTable, ExportKeeper {
  /**
   * Who loads one module after the other is answered first, about the next one, too, and is at work
   * itself then.
   */
  private static final Duration PAUSE = Duration.ofNanos(200_000);

  private final CompletableFuture<CompressedExportTable> filled = new CompletableFuture<>();
  private final Scheduler eventLoop;

  /** A table that is changed, and packed a little later, on {@code eventLoop}. */
  BootedExportTable(Scheduler eventLoop) {
    this.eventLoop = eventLoop;
  }

  @Override
  public void keep(List<KernelExport> exports) {
    Thread.ofPlatform().name("exports").daemon().start(() -> fill(exports));
  }

  private void fill(List<KernelExport> exports) {
    try {
      CompressedExportTable table = new CompressedExportTable(SymbolRegions.OF_X86_64);
      List<ExportedSymbol> symbols = new ArrayList<>(exports.size());
      for (KernelExport e : exports) {
        symbols.add(
            new ExportedSymbol(e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace(), 0));
      }
      table.add(symbols);
      table.pack();
      filled.complete(table);
    } catch (RuntimeException | Error e) {
      filled.completeExceptionally(e);
    }
  }

  private CompressedExportTable table() {
    return filled.join();
  }

  @Override
  public @Nullable String at(long address) {
    ExportedSymbol symbol = table().atOrBelow(address, 0);
    return symbol != null && symbol.address() == address ? symbol.name() : null;
  }

  @Override
  public void add(Collection<ExportedSymbol> exports) {
    CompressedExportTable table = table();
    table.add(exports);
    try {
      Scheduler.Timer _ = eventLoop.after(PAUSE, table::pack);
    } catch (RejectedExecutionException e) {
      // The daemon is ending.
      table.pack();
    }
  }

  @Override
  public List<ExportedSymbol> of(long owner) {
    return table().of(owner);
  }

  @Override
  public List<ExportedSymbol> removeAll(long owner) {
    return table().removeAll(owner);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return table().find(name);
  }

  @Override
  public @Nullable ExportedSymbol atOrBelow(long address, long owner) {
    return table().atOrBelow(address, owner);
  }

  @Override
  public List<@Nullable ExportedSymbol> atOrBelow(long[] addresses, long owner) {
    return table().atOrBelow(addresses, owner);
  }

  @Override
  public List<@Nullable ExportedSymbol> findAll(Collection<String> names) {
    return table().findAll(names);
  }

  @Override
  public Iterator<ExportedSymbol> after(String name) {
    return table().after(name);
  }

  @Override
  public int size() {
    return table().size();
  }

  @Override
  public long bytes() {
    return table().bytes();
  }
}
