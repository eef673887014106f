package io.linkout.cli;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.FailureCause;
import io.linkout.link.Kernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelIdentity;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleExport;
import io.linkout.link.SegmentRequest;
import io.linkout.link.UnknownExports;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.StaleException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that keeps no symbols, as a linker sees it: symbols come from files, whose modules are
 * pinned by load id, so that a module that was replaced meanwhile is noticed; the kernel is told no
 * exports, and duplicates are looked for here.
 */
final class UserspaceKernel implements Kernel {
  private static final int ENOENT = 2;
  private static final int ENOEXEC = 8;

  /** No lambda: those start slowly. */
  private static final Runnable NOTHING =
      new Runnable() {
        @Override
        public void run() {
          // Nothing is to be done meanwhile.
        }
      };

  private final KernelConnection kernel;
  private final FileSymbols symbols;

  UserspaceKernel(KernelConnection kernel, FileSymbols symbols) {
    this.kernel = kernel;
    this.symbols = symbols;
  }

  @Override
  public KernelIdentity identity() {
    return kernel.identity();
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    List<@Nullable KernelSymbol> found = symbols.usable(names);
    try {
      kernel.pin(owners(found));
    } catch (KernelException e) {
      if (e.errno() != ENOENT) {
        throw e;
      }
      // An owner has gone, maybe long ago.
      symbols.forget();
      found = symbols.usable(names);
      kernel.pin(owners(found));
    }
    return found;
  }

  private static Map<Long, String> owners(List<@Nullable KernelSymbol> found) {
    Map<Long, String> owners = new LinkedHashMap<>();
    for (KernelSymbol symbol : found) {
      if (symbol != null && symbol.ownerLoadId() != 0) {
        owners.put(symbol.ownerLoadId(), symbol.owner());
      }
    }
    return owners;
  }

  @Override
  public UnknownExports unknownExports() {
    return symbols.unknown();
  }

  @Override
  public void announce(String name, List<SegmentRequest> segments, boolean exports) {
    kernel.announce(name, segments, symbols.listingWith(exports));
  }

  @Override
  public void announce(
      String name, List<SegmentRequest> segments, boolean exports, List<String> names) {
    // The symbols are looked for here, when what the kernel is at work with is live.
    kernel.announce(name, segments, List.of(), symbols.listingAhead(exports));
  }

  @Override
  public void withdraw() {
    kernel.withdraw();
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    return kernel.allocate(name, segments);
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    kernel.write(allocation, segment, offset, bytes);
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    return activate(allocation, activation, NOTHING);
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation, Runnable meanwhile) {
    Runnable once = meanwhile;
    while (true) {
      long comparedUpTo = compare(allocation, activation);
      try {
        Activated activated = kernel.activate(allocation, activation, comparedUpTo, once);
        symbols.loaded(activation, activated.loadId());
        return activated;
      } catch (StaleException e) {
        // Each time another module came that exports something, so this ends when they do.
        symbols.outdate();
        once = NOTHING;
      }
    }
  }

  /**
   * Looks whether somebody exports one of the module's names already.
   *
   * @return the highest load id among the modules that were looked at
   * @throws KernelException if so, or if that cannot be told and the module is not forced; the
   *     allocation is gone
   */
  private long compare(Allocation allocation, Activation activation) {
    if (activation.exports().isEmpty()) {
      return 0;
    }
    List<String> names = new ArrayList<>();
    for (ModuleExport export : activation.exports()) {
      names.add(export.name());
    }
    boolean free = false;
    try {
      FileSymbols.Taken taken = symbols.taken(names, activation.name());
      if (taken.symbol() != null) {
        throw duplicate(activation.name(), taken.symbol());
      }
      if (!taken.unknown().isEmpty() && !activation.forced()) {
        throw notCompared(activation.name(), taken.unknown());
      }
      free = true;
      return taken.upTo();
    } finally {
      if (!free) {
        kernel.free(allocation);
      }
    }
  }

  private KernelException duplicate(String module, KernelSymbol symbol) {
    String owner = symbol.owner().isEmpty() ? "kernel" : symbol.owner();
    kernel.reportFailure(
        module,
        List.of(
            new FailureCause(FailureCause.Kind.DUPLICATE_EXPORT, symbol.name(), ENOEXEC, owner)));
    return new KernelException(
        ENOEXEC,
        "ENOEXEC",
        module + ": exports duplicate symbol " + symbol.name() + " (owned by " + owner + ")",
        "",
        List.of());
  }

  private static KernelException notCompared(String module, UnknownExports unknown) {
    return new KernelException(
        ENOEXEC,
        "ENOEXEC",
        unknown.notCompared(module),
        String.join("\n", unknown.lines()) + "\n--force loads it all the same",
        List.of());
  }

  @Override
  public void free(Allocation allocation) {
    kernel.free(allocation);
  }

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {
    kernel.reportFailure(module, causes);
  }
}
