package io.linkout.link;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a linker needs of a kernel: the interfaces of the design, and nothing of how they are
 * reached. Every method may throw {@link KernelException}: the kernel refused, or went away.
 */
public interface Kernel {
  /** Returns which kernel this is. */
  KernelIdentity identity();

  /**
   * Returns one entry for each of {@code names}, null where no such symbol is exported. Owners stay
   * pinned as long as the connection.
   */
  List<@Nullable KernelSymbol> resolve(List<String> names);

  /**
   * Returns the modules whose exports {@link #resolve} could not look at the last time it did not
   * find a name.
   */
  default UnknownExports unknownExports() {
    return UnknownExports.NONE;
  }

  /**
   * Tells what {@link #allocate} is about to be asked, so that a kernel far away can be asked for
   * it together with {@link #resolve}. Either that {@code allocate} or {@link #withdraw} follows.
   *
   * @param exports true if the module exports something
   */
  default void announce(String name, List<SegmentRequest> segments, boolean exports) {}

  /** Ends what {@link #announce} began without using it: space that came early is given back. */
  default void withdraw() {}

  /**
   * Announces a load whose symbols will be asked for by these {@code names}, so that a kernel far
   * away can answer both while it makes another module live. To be called by what {@link
   * #activate(Allocation, Activation, Runnable)} runs, once. {@link #resolve} or {@link #withdraw}
   * follows.
   */
  default void announce(
      String name, List<SegmentRequest> segments, boolean exports, List<String> names) {
    announce(name, segments, exports);
  }

  /** Asks for space, with {@code name} as a label for lists. */
  Allocation allocate(String name, List<SegmentRequest> segments);

  /**
   * Puts {@code bytes}, from its position to its limit, at {@code offset} of segment {@code
   * segment} of the allocation. {@code bytes} is left as it is and not used after the call. A
   * refusal may surface only at a later call.
   */
  void write(Allocation allocation, int segment, long offset, ByteBuffer bytes);

  /** Makes the module live; on a refusal the allocation is gone. */
  Activated activate(Allocation allocation, Activation activation);

  /**
   * Makes the module live like {@link #activate(Allocation, Activation)}; runs {@code meanwhile},
   * which must not fail, at some time before it returns or refuses.
   */
  default Activated activate(Allocation allocation, Activation activation, Runnable meanwhile) {
    try {
      return activate(allocation, activation);
    } finally {
      meanwhile.run();
    }
  }

  /** Gives the allocation back. */
  void free(Allocation allocation);

  /** Tells the kernel log why {@code module} will not be loaded. */
  void reportFailure(String module, List<FailureCause> causes);
}
