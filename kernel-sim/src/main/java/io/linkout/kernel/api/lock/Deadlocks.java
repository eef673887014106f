package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.cpu.GuestOops;
import java.util.HashMap;
import java.util.Map;

/** Who took which lock, so that a self-deadlock can name the place. */
final class Deadlocks {
  /**
   * Entries of locks in memory that was freed while they were held are never taken out otherwise.
   */
  private static final int MOST = 4096;

  private final Map<Long, Long> takenBy = new HashMap<>();
  private final Complaints complaints;

  Deadlocks(Complaints complaints) {
    this.complaints = complaints;
  }

  /** Notes that the lock at {@code address} was taken by the code at {@code caller}. */
  void taken(long address, long caller) {
    if (takenBy.size() >= MOST) {
      takenBy.clear();
    }
    takenBy.put(address, caller);
  }

  /** Notes that it was released. */
  void released(long address) {
    takenBy.remove(address);
  }

  /** Returns the oops of one who waits for the lock at {@code address} that nobody can release. */
  GuestOops held(String kind, long address) {
    Long caller = takenBy.get(address);
    return new GuestOops(
        String.format(
            "linkout: self-deadlock: %s at 0x%016x is held%s",
            kind, address, caller == null ? "" : ", taken at " + complaints.name(caller)));
  }

  /** Returns the oops of one who waits for {@code what} that nothing left can bring. */
  static GuestOops hopeless(String what, long address) {
    return new GuestOops(
        String.format(
            "linkout: self-deadlock: %s at 0x%016x: nothing that is left to run can end this wait",
            what, address));
  }
}
