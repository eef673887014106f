package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.CpuJob;
import io.linkout.kernel.module.CpuThread;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.server.ServerLoop;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.NoExports;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A guest that boots on the CPU thread while its starter makes the server ready on another
 * processor: each takes about half of the daemon's start. What the guest tells the event loop waits
 * until {@link #serve} says which that is.
 */
final class GuestBoot {
  private static final int KMSG_RECORDS = 16_384;

  private final CompletableFuture<ServerLoop> loop;
  private final CompletableFuture<Daemon.Guest> booted = new CompletableFuture<>();
  private final long bootNanos = System.nanoTime();
  private final Kmsg kmsg = new Kmsg(KMSG_RECORDS, () -> (System.nanoTime() - bootNanos) / 1000);
  private final ModuleTable modules;
  private final GuestReferenceCounts references;
  private final CpuThread cpu;

  private GuestBoot(int maxQueue, ExportTable exports, CompletableFuture<ServerLoop> loop) {
    this.loop = loop;
    this.modules = new ModuleTable(exports);
    Executor eventLoop = action -> loop.join().executor().execute(action);
    this.cpu = new CpuThread(maxQueue, eventLoop);
    this.references = new GuestReferenceCounts(eventLoop, modules::guestReference);
  }

  /**
   * Starts the CPU thread and has {@code maker} work on it.
   *
   * @param maxQueue jobs that may wait for the CPU later
   * @param map takes what the kernel exports, which it then does not keep; null: it keeps it
   */
  static GuestBoot begin(int maxQueue, @Nullable SymbolMapFile map, Daemon.GuestMaker maker) {
    CompletableFuture<ServerLoop> loop = new CompletableFuture<>();
    BootedExportTable kept =
        new BootedExportTable((delay, action) -> loop.join().scheduler().after(delay, action));
    GuestBoot boot = new GuestBoot(maxQueue, map == null ? kept : new NoExports(), loop);
    ExportKeeper keeper = map == null ? kept : map;
    Consumer<CpuJob.End<Daemon.Guest>> deliver =
        end -> {
          switch (end) {
            case CpuJob.End.Done<Daemon.Guest>(Daemon.Guest made) -> boot.booted.complete(made);
            case CpuJob.End.Broken<Daemon.Guest>(Throwable cause) ->
                boot.booted.completeExceptionally(cause);
          }
        };
    boot.cpu.submit(() -> maker.make(boot.kmsg, boot.references, keeper), deliver);
    return boot;
  }

  /** Says where outcomes of the CPU thread go; called once. */
  void serve(ServerLoop eventLoop) {
    loop.complete(eventLoop);
  }

  /**
   * Waits for the guest; {@link #serve} was called before.
   *
   * @throws IOException if it cannot boot; the message says why
   */
  Daemon.Guest await() throws IOException {
    try {
      return booted.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw new IOException(
          cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage(),
          e);
    }
  }

  /** Returns the thread, whose end is its user's business. */
  CpuThread cpu() {
    return cpu;
  }

  /** Returns the kernel's log, which has begun. */
  Kmsg kmsg() {
    return kmsg;
  }

  /** Returns when the kernel's time began, on the clock of {@link System#nanoTime}. */
  long bootNanos() {
    return bootNanos;
  }

  /** Returns the module table, which belongs to the event loop. */
  ModuleTable modules() {
    return modules;
  }

  /** Returns the references that guest code takes. */
  GuestReferenceCounts references() {
    return references;
  }
}
