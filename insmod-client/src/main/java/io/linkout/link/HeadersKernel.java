package io.linkout.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that is not there: it answers from a kernel's headers, so that a module can be linked
 * without a daemon. Every export of the kernel and of all its modules has an address of its own;
 * space is promised and nothing kept; nothing can be activated. May be shared by threads.
 */
public final class HeadersKernel implements Kernel {
  private static final long EXPORTS = 0xffffffff90000000L;
  private static final long EXPORT_STRIDE = 16;
  private static final long MODULES = 0xffffffffa0000000L;
  private static final long PERCPU = 0x20000;
  private static final long PAGE = 4096;
  private static final int EOPNOTSUPP = 95;

  /** Words of x86_capability and of bugs in 6.1: NCAPINTS + NBUGINTS. */
  private static final int FEATURE_WORDS = 24;

  private static final int ALWAYS = 3 * 32 + 21;
  private static final int XENPV = 8 * 32 + 16;

  private final KernelHeaders headers;
  private final KernelIdentity identity;
  private final AtomicLong handles = new AtomicLong();

  /** The kernel of {@code headers}, on a CPU with the features that every guest here has. */
  public HeadersKernel(KernelHeaders headers) {
    this.headers = headers;
    this.identity =
        new KernelIdentity(
            headers.release(),
            headers.vermagic(),
            headers.directory().toString(),
            headers.directory().resolve("Module.symvers").toString(),
            features(),
            0,
            headers.modversions(),
            false);
  }

  private static List<Integer> features() {
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < FEATURE_WORDS; i++) {
      int word = i == ALWAYS / 32 ? 1 << ALWAYS % 32 : 0;
      words.add(i == XENPV / 32 ? 1 << XENPV % 32 : word);
    }
    return words;
  }

  @Override
  public KernelIdentity identity() {
    return identity;
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    List<@Nullable KernelSymbol> answers = new ArrayList<>(names.size());
    for (String name : names) {
      Symvers.Row row = headers.symvers().find(name);
      answers.add(row == null ? null : symbol(row));
    }
    return answers;
  }

  private KernelSymbol symbol(Symvers.Row row) {
    return new KernelSymbol(
        row.name(),
        EXPORTS + row.line() * EXPORT_STRIDE,
        headers.modversions() ? row.crc() : null,
        row.gplOnly(),
        row.namespace(),
        row.module(),
        0);
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    List<Long> addresses = new ArrayList<>(segments.size());
    long next = MODULES;
    for (SegmentRequest segment : segments) {
      if (segment.kind() == SegmentKind.PERCPU) {
        addresses.add((PERCPU + segment.alignment() - 1) & -segment.alignment());
        continue;
      }
      long alignment = Math.max(segment.alignment(), PAGE);
      next = (next + alignment - 1) & -alignment;
      addresses.add(next);
      next += segment.size();
    }
    return new Allocation(handles.incrementAndGet(), addresses);
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {}

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    throw new KernelException(
        EOPNOTSUPP,
        "EOPNOTSUPP",
        "there is no kernel to activate " + activation.name() + " in",
        "",
        List.of());
  }

  @Override
  public void free(Allocation allocation) {}

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {}
}
