package io.linkout.kernel.server;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.GuestCounters;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.GuestReferences;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.MappedRegion;
import io.linkout.kernel.api.UnloadOutcome;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A guest without a CPU whose outcomes are decided by the input. It keeps to the contract: it
 * touches the memory of what it has loaded, and nothing it has let go of is touched by anyone.
 */
final class FuzzedGuest implements GuestKernel {
  private static final List<String> REPORT = List.of("BUG: fuzzed", "RIP: 0010:0x0");

  private final GuestReferences references;
  private final Map<Long, LoadImage> loaded = new HashMap<>();
  private final Map<Long, Integer> taken = new HashMap<>();

  /** Those whose exit died. */
  private final Set<Long> exited = new HashSet<>();

  private Choices choices = new Choices(new byte[0]);

  FuzzedGuest(GuestReferences references) {
    this.references = references;
  }

  /** From here on {@code input} decides. */
  void decidedBy(Choices input) {
    choices = input;
  }

  /** Gives back every reference it has taken, and decides for the best from here on. */
  void calm() {
    choices = new Choices(new byte[0]);
    taken.forEach((id, count) -> references.changed(id, -count));
    taken.clear();
  }

  /** Returns how many modules are mapped. */
  int mapped() {
    return loaded.size();
  }

  @Override
  public int[] features() {
    return new int[] {1, 2};
  }

  @Override
  public LoadOutcome load(LoadImage image) {
    touch(image, true);
    int decision = choices.below(12);
    return switch (decision) {
      case 7 -> new LoadOutcome.InitFailed(1 + choices.next());
      case 8 -> new LoadOutcome.ParameterFailed("p", 22);
      case 9 -> new LoadOutcome.Oopsed(REPORT);
      case 10 -> new LoadOutcome.SoftLockup(REPORT);
      case 11 -> new LoadOutcome.Rejected(8, "fuzzed");
      default -> {
        if (loaded.put(image.loadId(), image) != null) {
          throw new IllegalStateException("loaded twice: " + image.loadId());
        }
        if (decision == 6) {
          takeOne();
        }
        yield new LoadOutcome.Live(decision, 1);
      }
    };
  }

  @Override
  public UnloadOutcome unload(long loadId) {
    LoadImage image = loaded.get(loadId);
    if (image == null) {
      throw new IllegalStateException("not loaded: " + loadId);
    }
    touch(image, false);
    if (exited.add(loadId)) {
      switch (choices.below(8)) {
        case 6 -> {
          return new UnloadOutcome.Oopsed(REPORT);
        }
        case 7 -> {
          return new UnloadOutcome.SoftLockup(REPORT);
        }
        default -> {
          // It goes.
        }
      }
    }
    exited.remove(loadId);
    loaded.remove(loadId);
    taken.remove(loadId);
    return new UnloadOutcome.Gone(
        choices.oneIn(3) ? List.of(new UnloadOutcome.Leak("kmalloc-64", 1, 64, 2)) : List.of());
  }

  @Override
  public CallOutcome call(CallRequest request) {
    loaded.values().forEach(image -> touch(image, false));
    return switch (choices.below(8)) {
      case 3 -> new CallOutcome.Oopsed(REPORT);
      case 4 -> new CallOutcome.SoftLockup(REPORT);
      case 5 -> new CallOutcome.NoMemory();
      case 6 -> new CallOutcome.NotCallable("fuzzed");
      case 7 -> {
        takeOne();
        yield new CallOutcome.Returned(-1, List.of());
      }
      default -> {
        List<byte[]> back = new ArrayList<>();
        for (CallRequest.Argument argument : request.arguments()) {
          if (argument instanceof CallRequest.Argument.Buffer buffer && buffer.returned()) {
            back.add(buffer.content());
          }
        }
        yield new CallOutcome.Returned(request.function(), back);
      }
    };
  }

  private void takeOne() {
    if (!loaded.isEmpty()) {
      List<Long> ids = new ArrayList<>(loaded.keySet());
      long id = ids.get(choices.below(ids.size()));
      taken.merge(id, 1, Integer::sum);
      references.changed(id, 1);
    }
  }

  /** A mapping's memory must be there as long as this runs; a segment freed by now throws. */
  private static void touch(LoadImage image, boolean init) {
    for (LoadImage.Segment segment : image.segments()) {
      if (init || !segment.kind().init()) {
        segment.host().set(ValueLayout.JAVA_BYTE, segment.host().byteSize() - 1, (byte) 1);
      }
    }
  }

  @Override
  public List<MappedRegion> memoryMap() {
    return List.of(new MappedRegion(0xffffffff81000000L, 4096, "r-x", "kernel text", ""));
  }

  @Override
  public GuestCounters counters() {
    return new GuestCounters(0, 0, 0, 0, 0, 0, "");
  }

  @Override
  public void interrupt() {}

  @Override
  public void close() {}
}
