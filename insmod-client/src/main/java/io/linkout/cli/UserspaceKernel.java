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
import io.linkout.rpc.KernelConnection;
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
    List<@Nullable KernelSymbol> found = symbols.find(names);
    try {
      kernel.pin(owners(found));
    } catch (KernelException e) {
      if (e.errno() != ENOENT) {
        throw e;
      }
      // An owner has gone, maybe long ago.
      symbols.forget();
      found = symbols.find(names);
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
  public void announce(String name, List<SegmentRequest> segments) {
    kernel.announce(name, segments);
  }

  @Override
  public void announce(String name, List<SegmentRequest> segments, List<String> names) {
    // The symbols are looked for here, when what the kernel is at work with is live.
    kernel.announce(name, segments, List.of());
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
    try {
      checkDuplicates(activation);
    } catch (KernelException e) {
      kernel.free(allocation);
      throw e;
    }
    return known(activation, kernel.activate(allocation, activation.withoutExports()));
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation, Runnable meanwhile) {
    try {
      checkDuplicates(activation);
    } catch (KernelException e) {
      kernel.free(allocation);
      throw e;
    }
    return known(activation, kernel.activate(allocation, activation.withoutExports(), meanwhile));
  }

  private Activated known(Activation activation, Activated activated) {
    symbols.loaded(activation, activated.loadId());
    return activated;
  }

  private void checkDuplicates(Activation activation) {
    if (activation.exports().isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (ModuleExport export : activation.exports()) {
      names.add(export.name());
    }
    for (KernelSymbol symbol : symbols.find(names, true)) {
      if (symbol != null && !symbol.owner().equals(activation.name())) {
        throw new KernelException(
            ENOEXEC,
            "ENOEXEC",
            activation.name()
                + ": exports duplicate symbol "
                + symbol.name()
                + " (owned by "
                + (symbol.owner().isEmpty() ? "kernel" : symbol.owner())
                + ")",
            "",
            List.of());
      }
    }
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
