package io.linkout.kernel.module;

import io.linkout.kernel.memory.HostPages;
import java.util.List;

/**
 * The segments of one module or module to be: guest addresses and the memory behind them. Init
 * segments have host memory of their own, so that it can go when init has returned.
 */
final class ModuleMemory {
  private List<PlacedSegment> segments;
  private final HostPages core;
  private final HostPages init;
  private boolean initFreed;

  ModuleMemory(List<PlacedSegment> segments, HostPages core, HostPages init) {
    this.segments = List.copyOf(segments);
    this.core = core;
    this.init = init;
  }

  /** Returns the segments that are still there, in the order asked for. */
  List<PlacedSegment> segments() {
    return segments;
  }

  /** Returns how many bytes the segments take. */
  long bytes() {
    return segments.stream().mapToLong(PlacedSegment::takenBytes).sum();
  }

  /** Forgets the init segments, frees their host memory, and returns what they were. */
  List<PlacedSegment> dropInit() {
    List<PlacedSegment> dropped = segments.stream().filter(s -> s.kind().init()).toList();
    segments = segments.stream().filter(s -> !s.kind().init()).toList();
    init.close();
    initFreed = true;
    return dropped;
  }

  /** Frees all host memory; nothing may be mapped any more. */
  void close() {
    core.close();
    if (!initFreed) {
      init.close();
    }
  }
}
