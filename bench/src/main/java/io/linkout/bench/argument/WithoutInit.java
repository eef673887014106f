package io.linkout.bench.argument;

import io.linkout.link.Activated;
import io.linkout.link.Activation;
import io.linkout.link.Allocation;
import io.linkout.link.FailureCause;
import io.linkout.link.Kernel;
import io.linkout.link.KernelIdentity;
import io.linkout.link.KernelSymbol;
import io.linkout.link.SegmentRequest;
import io.linkout.link.UnknownExports;
import io.linkout.rpc.Traffic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that is told of no init and no exit, so that every module goes live, whatever it would
 * do. Counts the time spent in the kernel, or on the way to it, in nanoseconds.
 */
final class WithoutInit implements Kernel {
  private final Kernel kernel;
  private final Supplier<Traffic> traffic;
  private final List<Traffic> marks = new ArrayList<>();
  private long nanos;

  WithoutInit(Kernel kernel, Supplier<Traffic> traffic) {
    this.kernel = kernel;
    this.traffic = traffic;
  }

  /** Forgets the turns so far. */
  void beginTurns() {
    marks.clear();
    marks.add(traffic.get());
  }

  /** Returns what went to and fro in each round trip since then. */
  List<Traffic> turns() {
    List<Traffic> turns = new ArrayList<>();
    for (int i = 1; i < marks.size(); i++) {
      Traffic turn = Argument.between(marks.get(i - 1), marks.get(i));
      if (turn.roundTrips() > 0) {
        turns.add(turn);
      }
    }
    return turns;
  }

  /** Returns nanoseconds spent in calls of the kernel so far. */
  long nanos() {
    return nanos;
  }

  @Override
  public KernelIdentity identity() {
    return kernel.identity();
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    long start = System.nanoTime();
    List<@Nullable KernelSymbol> symbols = kernel.resolve(names);
    nanos += System.nanoTime() - start;
    marks.add(traffic.get());
    return symbols;
  }

  @Override
  public UnknownExports unknownExports() {
    return kernel.unknownExports();
  }

  @Override
  public void announce(String name, List<SegmentRequest> segments, boolean exports) {
    kernel.announce(name, segments, exports);
  }

  @Override
  public void announce(
      String name, List<SegmentRequest> segments, boolean exports, List<String> names) {
    kernel.announce(name, segments, exports, names);
  }

  @Override
  public void withdraw() {
    kernel.withdraw();
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    long start = System.nanoTime();
    Allocation allocation = kernel.allocate(name, segments);
    nanos += System.nanoTime() - start;
    marks.add(traffic.get());
    return allocation;
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    long start = System.nanoTime();
    kernel.write(allocation, segment, offset, bytes);
    nanos += System.nanoTime() - start;
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    return activate(allocation, activation, () -> {});
  }

  @Override
  public Activated activate(Allocation allocation, Activation a, Runnable meanwhile) {
    Activation facts =
        new Activation(
            a.name(),
            a.version(),
            a.srcversion(),
            a.vermagic(),
            0,
            0,
            a.thisModule(),
            a.thisModuleSize(),
            a.exports(),
            a.dependencies(),
            a.buildId(),
            a.taints(),
            a.tables(),
            List.of(),
            a.path(),
            a.ignoredParameters());
    long start = System.nanoTime();
    long[] elsewhere = {0};
    Activated activated =
        kernel.activate(
            allocation,
            facts,
            () -> {
              long begun = System.nanoTime();
              meanwhile.run();
              elsewhere[0] = System.nanoTime() - begun;
            });
    nanos += System.nanoTime() - start - elsewhere[0];
    marks.add(traffic.get());
    return activated;
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
