package io.linkout.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kernel in memory: keeps what it is told. */
public final class FakeKernel implements Kernel {
  /** Version magic of modules that are to link. */
  public static final String VERMAGIC = "6.1.0-test SMP mod_unload modversions ";

  /** Where segments are put, one after the other. */
  public static final long MODULES = 0xffffffffa0000000L;

  private static final long MOST_BYTES = 1 << 26;
  private static final long PERCPU = 0x20000;

  private final Map<String, KernelSymbol> exports = new HashMap<>();
  private final Map<Long, List<byte[]>> memory = new HashMap<>();
  private final List<FailureCause> reported = new ArrayList<>();
  private final List<Activation> activated = new ArrayList<>();
  private final List<List<String>> batches = new ArrayList<>();
  private boolean modversions;
  private int thisModuleSize;
  private List<Integer> features = List.of();
  private long modules = MODULES;
  private long handles;
  private boolean refusing;

  /** Exports {@code name}, usable by all. */
  public FakeKernel export(String name, long address) {
    return export(new KernelSymbol(name, address, null, false, "", "", 0));
  }

  /** Exports {@code symbol}. */
  public FakeKernel export(KernelSymbol symbol) {
    exports.put(symbol.name(), symbol);
    return this;
  }

  /** Makes exports have CRCs. */
  public FakeKernel modversions() {
    modversions = true;
    return this;
  }

  /** Sets sizeof(struct module). */
  public FakeKernel thisModuleSize(int bytes) {
    thisModuleSize = bytes;
    return this;
  }

  /** Sets the CPU's feature words. */
  public FakeKernel features(Integer... words) {
    features = List.of(words);
    return this;
  }

  /** Sets where the next segments go. */
  public FakeKernel modulesAt(long address) {
    modules = address;
    return this;
  }

  /** Makes {@link #activate} fail. */
  public FakeKernel refuse() {
    refusing = true;
    return this;
  }

  @Override
  public KernelIdentity identity() {
    return new KernelIdentity(
        "6.1.0-test", VERMAGIC, "", "", features, thisModuleSize, modversions, false);
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    batches.add(List.copyOf(names));
    List<@Nullable KernelSymbol> answers = new ArrayList<>();
    for (String name : names) {
      answers.add(exports.get(name));
    }
    return answers;
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    List<Long> addresses = new ArrayList<>();
    List<byte[]> bytes = new ArrayList<>();
    long next = modules;
    for (SegmentRequest segment : segments) {
      if (segment.size() <= 0) {
        throw new AssertionError("a segment of " + segment.size() + " bytes was asked for");
      }
      if (segment.kind() == SegmentKind.PERCPU) {
        addresses.add(PERCPU);
      } else {
        next = (next + segment.alignment() - 1) & -segment.alignment();
        addresses.add(next);
        next += (segment.size() + 4095) & -4096L;
      }
      if (segment.size() > MOST_BYTES) {
        throw new KernelException(12, "ENOMEM", "too much", "", List.of());
      }
      bytes.add(new byte[(int) segment.size()]);
    }
    memory.put(++handles, bytes);
    return new Allocation(handles, addresses);
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    byte[] to = memory(allocation).get(segment);
    bytes.duplicate().get(to, (int) offset, bytes.remaining());
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    if (refusing) {
      memory.remove(allocation.handle());
      throw new KernelException(17, "EEXIST", "module is there", "", List.of());
    }
    memory(allocation);
    activated.add(activation);
    return new Activated(1, 0, 1, 1);
  }

  @Override
  public void free(Allocation allocation) {
    if (memory.remove(allocation.handle()) == null) {
      throw new AssertionError("freed twice");
    }
  }

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {
    reported.addAll(causes);
  }

  /** Returns the bytes of each segment of {@code allocation}. */
  public List<byte[]> memory(Allocation allocation) {
    List<byte[]> bytes = memory.get(allocation.handle());
    if (bytes == null) {
      throw new AssertionError("no such allocation");
    }
    return bytes;
  }

  /** Returns the number of allocations that were neither freed nor lost. */
  public int allocations() {
    return memory.size();
  }

  /** Returns what was said for the kernel log. */
  public List<FailureCause> reported() {
    return reported;
  }

  /** Returns what was activated. */
  public List<Activation> activated() {
    return activated;
  }

  /** Returns the names of each resolution. */
  public List<List<String>> batches() {
    return batches;
  }
}
