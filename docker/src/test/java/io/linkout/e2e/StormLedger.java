package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.LogRecord;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.PlacedSegment;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.StatsReply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must be true of the kernel in a storm. It knows the modules and reads in the kernel's log
 * which inits and exits ran, in order; all else follows from that: who is live, who holds whom, how
 * many exports, objects and bytes there are.
 */
final class StormLedger {
  private static final String MARK = "storm: ";
  private static final long PAGE = 4096;

  private final StormModules modules;
  private final StatsReply before;
  private final TreeSet<String> live = new TreeSet<>();
  private long nextRecord;
  private long loads;
  private long removals;
  private long refusals;

  /** A ledger of a kernel that holds nothing yet: {@code before} are its figures. */
  StormLedger(StormModules modules, StatsReply before, List<LogRecord> log) {
    this.modules = modules;
    this.before = before;
    this.nextRecord = log.isEmpty() ? 0 : log.getLast().getSequence() + 1;
  }

  /** Returns how many inits have succeeded. */
  long loads() {
    return loads;
  }

  /** Returns how many exits have run. */
  long removals() {
    return removals;
  }

  /** Returns how many inits were told to fail, and did. */
  long refusals() {
    return refusals;
  }

  /** Returns the names of the live modules. */
  Set<String> live() {
    return live;
  }

  /** Enters what has happened since the last time; the kernel is at rest. */
  void enter(List<LogRecord> log) {
    List<LogRecord> fresh = log.stream().filter(r -> r.getSequence() >= nextRecord).toList();
    if (fresh.isEmpty()) {
      return;
    }
    assertThat(fresh.getFirst().getSequence()).as("no record was lost").isEqualTo(nextRecord);
    for (LogRecord event : fresh) {
      if (event.getText().startsWith(MARK)) {
        enter(event.getText().substring(MARK.length()).strip());
      } else {
        assertThat(event.getLevel()).as("nothing went wrong: %s", event).isGreaterThan(2);
        assertThat(event.getText()).doesNotContain(" left ").doesNotContain("WARNING");
      }
    }
    nextRecord = fresh.getLast().getSequence() + 1;
  }

  private void enter(String event) {
    int space = event.indexOf(' ');
    StormModules.Kind kind = modules.kind(event.substring(space + 1));
    switch (event.substring(0, space)) {
      case "comes" -> {
        loads++;
        assertThat(live.add(kind.name())).as("%s was not there", event).isTrue();
        assertThat(live).as(event).containsAll(names(kind.needs()));
      }
      case "goes" -> {
        removals++;
        assertThat(live.remove(kind.name())).as("%s was there", event).isTrue();
        assertThat(holders(kind)).as(event).isEmpty();
      }
      case "refuses" -> refusals++;
      default -> throw new AssertionError(event);
    }
  }

  /** Checks everything that {@code kernel} says against the ledger; the kernel is at rest. */
  void check(Onlooker kernel, Path socket) {
    enter(kernel.log());
    List<Module> there = kernel.modules();
    assertThat(there).allMatch(m -> m.getState() == ModuleState.STATE_LIVE && !m.getDead());
    assertThat(there.stream().map(Module::getName)).containsExactlyInAnyOrderElementsOf(live);
    checkEdges(there);
    checkFigures(kernel.stats(), there);
    checkSymbols(kernel, socket);
  }

  private void checkEdges(List<Module> there) {
    for (Module module : there) {
      StormModules.Kind kind = modules.kind(module.getName());
      assertThat(module.getDependenciesList())
          .as("what %s needs", kind)
          .containsExactlyInAnyOrderElementsOf(names(kind.needs()));
      List<String> holders = holders(kind);
      assertThat(module.getHoldersList())
          .as("who holds %s", kind)
          .containsExactlyInAnyOrderElementsOf(holders);
      assertThat(module.getReferences()).as("references of %s", kind).isEqualTo(holders.size());
    }
  }

  private void checkFigures(StatsReply now, List<Module> there) {
    TreeMap<String, Long> expected = new TreeMap<>(Onlooker.nine(before));
    TreeMap<String, Long> is = new TreeMap<>(Onlooker.nine(now));
    long bytes = 0;
    long space = 0;
    for (Module module : there) {
      StormModules.Kind kind = modules.kind(module.getName());
      expected.merge("modules", 1L, Long::sum);
      if (!Daemon.USERSPACE) {
        expected.merge("exports", (long) kind.exports(), Long::sum);
      }
      expected.merge("heap_objects", (long) kind.objects(), Long::sum);
      expected.merge("heap_bytes", (long) kind.objects() * StormModules.OBJECT, Long::sum);
      for (PlacedSegment segment : module.getSegmentsList()) {
        assertThat(segment.getKind()).isNotEqualTo(SegmentKind.INIT_TEXT);
        long pages = (segment.getSize() + PAGE - 1) / PAGE * PAGE;
        bytes += pages;
        space += pages + PAGE;
      }
    }
    expected.merge("module_bytes", bytes, Long::sum);
    expected.put("area", before.getModuleAreaFreeBytes() - space);
    is.put("area", now.getModuleAreaFreeBytes());
    // Each init that ran was a call, and so was each exit; nothing else was.
    expected.put("calls", before.getCalls() + loads + refusals + removals);
    is.put("calls", now.getCalls());
    expected.put("oopses", 0L);
    is.put("oopses", now.getOopses() + now.getSoftLockups());
    assertThat(is).isEqualTo(expected);
  }

  private void checkSymbols(Onlooker kernel, Path socket) {
    List<String> names = new ArrayList<>();
    TreeMap<String, String> expected = new TreeMap<>();
    for (StormModules.Kind kind : modules.kinds()) {
      names.addAll(kind.symbols());
      if (live.contains(kind.name())) {
        kind.symbols().forEach(symbol -> expected.put(symbol, kind.name()));
      }
    }
    assertThat(KnownSymbols.owners(kernel, socket, names)).isEqualTo(expected);
  }

  private List<String> holders(StormModules.Kind kind) {
    return live.stream()
        .filter(name -> modules.kind(name).needs().contains(kind.number()))
        .toList();
  }

  private List<String> names(List<Integer> numbers) {
    return numbers.stream().map(n -> modules.kinds().get(n).name()).toList();
  }
}
