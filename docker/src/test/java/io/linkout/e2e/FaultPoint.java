package io.linkout.e2e;

import io.linkout.e2e.Frame.Direction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
   * Returns every fault before and after every frame of every conversation, and within the shortest
   * frame of each kind after each of its bytes.
   *
   * @param conversations the frames of each scenario when nothing goes wrong
   */
  static List<FaultPoint> all(Map<FaultScenario, List<Frame>> conversations) {
    record Kind(Direction direction, String name) {}
    Map<Kind, FaultPoint> shortest = new HashMap<>();
    List<FaultPoint> points = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      conversations.forEach(
          (scenario, frames) -> {
            for (Frame frame : frames) {
              FaultPoint before = new FaultPoint(scenario, fault, frame, 0);
              points.add(before);
              points.add(new FaultPoint(scenario, fault, frame, WHOLE));
              shortest.merge(
                  new Kind(frame.direction(), frame.kind()),
                  before,
                  (a, b) -> b.frame().length() < a.frame().length() ? b : a);
            }
          });
      for (FaultPoint before : shortest.values()) {
        for (int offset = 1; offset < before.frame().length(); offset++) {
          points.add(new FaultPoint(before.scenario(), fault, before.frame(), offset));
        }
      }
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
