package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.Registration;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.UnloadOutcome.Leak;
import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.heap.Heap;
import io.linkout.kernel.api.heap.HeapObject;
import io.linkout.kernel.api.time.Agenda;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Takes back what a module left behind. */
final class Reclaim {
  private static final int WARNING = 4;

  private final GuestHeap heap;
  private final Registrations registrations;
  private final Agenda agenda;
  private final Complaints complaints;
  private final ModulePlaces places;

  Reclaim(
      GuestHeap heap,
      Registrations registrations,
      Agenda agenda,
      Complaints complaints,
      ModulePlaces places) {
    this.heap = heap;
    this.registrations = registrations;
    this.agenda = agenda;
    this.complaints = complaints;
    this.places = places;
  }

  /** Takes all of {@code module} back and returns what it was. */
  List<Leak> from(GuestModule module) {
    List<Leak> leaks = new ArrayList<>();
    for (Registration r : registrations.reclaim(module.loadId())) {
      leaks.add(new Leak(r.what(), r.address(), r.size(), r.caller()));
    }
    for (LoadImageRange range : LoadImageRange.of(module)) {
      for (Agenda.Task task : agenda.drop(range.start(), range.end())) {
        leaks.add(new Leak(task.kind(), task.structure(), 0, task.function()));
      }
    }
    for (HeapObject o : heap.reclaim(module.loadId())) {
      if (o.kind().equals(Heap.PARAMETER_TEXT)) {
        continue;
      }
      leaks.add(new Leak(o.kind(), o.address(), o.size(), o.caller()));
    }
    return leaks;
  }

  /**
   * Logs each of {@code leaks}, and before them where the modules that made them lay: {@code
   * module} is about to go, and its offsets have names only as long as that is known.
   */
  void tell(GuestModule module, List<Leak> leaks) {
    Set<String> makers = new LinkedHashSet<>();
    for (Leak leak : leaks) {
      if (module.placeOf(leak.caller()).isPresent()) {
        makers.add(ModulePlaces.line(module));
      } else {
        makers.addAll(places.of(List.of(leak.caller())));
      }
    }
    makers.forEach(line -> complaints.log(WARNING, line));
    for (Leak leak : leaks) {
      String size = leak.size() > 0 ? " of " + leak.size() + " bytes" : "";
      String maker = module.placeOf(leak.caller()).orElseGet(() -> complaints.name(leak.caller()));
      complaints.log(
          WARNING,
          String.format(
              "linkout: %s left %s%s at 0x%016x, made by %s",
              module.name(), leak.what(), size, leak.address(), maker));
    }
  }
}
