package io.linkout.bench;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.FailureCause;
import io.linkout.link.Kernel;
import io.linkout.link.KernelIdentity;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentKind;
import io.linkout.link.SegmentRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kernel that has every symbol and takes every byte: so that only the linker is measured. */
final class OfferingKernel implements Kernel {
  private static final long TEXT = 0xffffffff81000000L;
  private static final long MODULES = 0xffffffffa0000000L;

  @Override
  public KernelIdentity identity() {
    return new KernelIdentity("bench", "bench", "", "", List.of(), 0, false, false);
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    List<@Nullable KernelSymbol> symbols = new ArrayList<>(names.size());
    long address = TEXT;
    for (String name : names) {
      symbols.add(new KernelSymbol(name, address, null, false, "", "", 0));
      address += 16;
    }
    return symbols;
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    List<Long> addresses = new ArrayList<>();
    long next = MODULES;
    for (SegmentRequest segment : segments) {
      addresses.add(segment.kind() == SegmentKind.PERCPU ? 0x20000 : next);
      next += (segment.size() + 8191) & -4096L;
    }
    return new Allocation(1, addresses);
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {}

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    return new Activated(1, 0, 0, 0);
  }

  @Override
  public void free(Allocation allocation) {}

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {}
}
