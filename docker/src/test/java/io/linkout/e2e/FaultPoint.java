package io.linkout.e2e;

import io.linkout.e2e.Frame.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One fault at one place of a conversation.
 *
 * @param offset how many of the frame's bytes have passed; {@link #WHOLE} for all of them
 */
record FaultPoint(FaultScenario scenario, Fault fault, Frame frame, int offset) {
  /** All of a frame's bytes, however many there are this time. */
  static final int WHOLE = Integer.MAX_VALUE;

  /** Returns true if it is before or after a frame, not within one. */
  boolean atBoundary() {
    return offset == 0 || offset == WHOLE;
  }

  /**
   * Returns every fault before and after every frame of every conversation, and after each byte of
   * the first frame of each kind; the kernel is killed, which takes long, between frames only.
   *
   * @param conversations the frames of each scenario when nothing goes wrong
   */
  static List<FaultPoint> all(Map<FaultScenario, List<Frame>> conversations) {
    record Kind(Direction direction, String name) {}
    List<FaultPoint> points = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      Set<Kind> seen = new HashSet<>();
      conversations.forEach(
          (scenario, frames) -> {
            for (Frame frame : frames) {
              points.add(new FaultPoint(scenario, fault, frame, 0));
              boolean first = seen.add(new Kind(frame.direction(), frame.kind()));
              if (first && fault != Fault.KERNEL_KILLED) {
                for (int offset = 1; offset < frame.length(); offset++) {
                  points.add(new FaultPoint(scenario, fault, frame, offset));
                }
              }
              points.add(new FaultPoint(scenario, fault, frame, WHOLE));
            }
          });
    }
    return points;
  }

  /**
   * Returns points at random, every second one at a boundary. The same seed gives the same points
   * but for their offsets, since paths and process numbers make frames longer or shorter.
   */
  static List<FaultPoint> some(
      Map<FaultScenario, List<Frame>> conversations, int count, Random random) {
    List<FaultPoint> whole = new ArrayList<>();
    conversations.forEach(
        (scenario, frames) ->
            frames.forEach(f -> whole.add(new FaultPoint(scenario, Fault.KILLED, f, WHOLE))));
    List<Fault> faults = List.of(Fault.values());
    List<FaultPoint> points = new ArrayList<>();
    while (points.size() < count) {
      FaultPoint at = whole.get(random.nextInt(whole.size()));
      Fault fault = faults.get(random.nextInt(faults.size()));
      double part = random.nextDouble();
      boolean within = points.size() % 2 == 0 && fault != Fault.KERNEL_KILLED;
      int offset = part < 0.5 ? 0 : WHOLE;
      if (within) {
        offset = 1 + (int) (part * (at.frame().length() - 1));
      }
      points.add(new FaultPoint(at.scenario(), fault, at.frame(), offset));
    }
    return points;
  }

  @Override
  public String toString() {
    return "%s, %s after %s of %d bytes of %s %d, %s"
        .formatted(
            scenario,
            fault,
            offset == WHOLE ? "all" : offset,
            frame.length(),
            frame.direction(),
            frame.number(),
            frame.kind());
  }
}
