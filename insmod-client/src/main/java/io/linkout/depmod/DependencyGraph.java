package io.linkout.depmod;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who needs whom, sorted so that whoever needs a module comes before it. */
final class DependencyGraph {
  /** Paths followed at most while naming cycles: a knot has more of them than anybody reads. */
  private static final int MOST_STEPS = 200_000;

  private final List<TreeModule> modules;
  private final Report report;
  private final int[] seen;
  private int[] all = new int[64];

  /** The graph of {@code modules}, whose {@code needs} and {@code users} are known. */
  DependencyGraph(List<TreeModule> modules, Report report) {
    this.modules = modules;
    this.report = report;
    this.seen = new int[modules.size()];
    Arrays.fill(seen, -1);
  }

  /**
   * Gives each module its depth.
   *
   * @throws DepmodException if modules need each other in a circle; each circle has been reported
   */
  void sort() {
    int count = modules.size();
    int[] users = new int[count];
    int[] roots = new int[count];
    int waiting = 0;
    for (int i = 0; i < count; i++) {
      users[i] = modules.get(i).users;
      if (users[i] == 0) {
        roots[waiting++] = i;
      }
    }
    int sorted = 0;
    while (waiting > 0) {
      TreeModule module = modules.get(roots[--waiting]);
      module.depth = sorted++;
      for (int needed : module.needs) {
        if (--users[needed] == 0) {
          roots[waiting++] = needed;
        }
      }
    }
    if (sorted < count) {
      int cyclic = reportCycles(users);
      throw new DepmodException("Found " + cyclic + " modules in dependency cycles!");
    }
  }

  /** A step of a path through the graph. */
  private static final class Step {
    final int module;
    final Step before;

    Step(int module, @org.jspecify.annotations.Nullable Step before) {
      this.module = module;
      this.before = before == null ? this : before;
    }
  }

  /**
   * Reports each cycle from the first module in it that is in none reported yet, its other paths in
   * the order in which kmod follows them: the last dependency first.
   */
  private int reportCycles(int[] users) {
    Set<Integer> roots = new LinkedHashSet<>();
    for (int i = 0; i < users.length; i++) {
      if (users[i] > 0) {
        roots.add(i);
      }
    }
    Set<Integer> cyclic = new LinkedHashSet<>();
    int steps = 0;
    while (!roots.isEmpty()) {
      int root = roots.iterator().next();
      roots.remove(root);
      List<Step> stack = new ArrayList<>();
      stack.add(new Step(root, null));
      while (!stack.isEmpty() && steps++ < MOST_STEPS) {
        Step step = stack.removeLast();
        if (step.module == root && step.before != step) {
          report(step, roots, cyclic);
        } else if (!turnedBack(step)) {
          for (int needed : modules.get(step.module).needs) {
            stack.add(new Step(needed, step));
          }
        }
      }
    }
    return cyclic.size();
  }

  /** Returns true if the path was at this module before: a cycle without the root. */
  private static boolean turnedBack(Step step) {
    Step at = step;
    while (at.before != at) {
      at = at.before;
      if (at.module == step.module) {
        return true;
      }
    }
    return false;
  }

  private void report(Step end, Set<Integer> roots, Set<Integer> cyclic) {
    StringBuilder text = new StringBuilder(modules.get(end.module).name());
    Step at = end;
    do {
      at = at.before;
      text.insert(0, modules.get(at.module).name() + " -> ");
      roots.remove(at.module);
      cyclic.add(at.module);
    } while (at.before != at);
    report.error("Cycle detected: " + text);
  }

  /**
   * Returns the numbers of all modules that {@code module} needs, directly or not, in the first
   * {@link #count} places of an array that the next call changes; whoever needs one of them comes
   * before it.
   */
  int[] closure(TreeModule module) {
    count = 0;
    collect(module, module.index);
    sortByDepth();
    return all;
  }

  private int count;

  /** Returns how many modules the last {@link #closure} has. */
  int count() {
    return count;
  }

  private void collect(TreeModule module, int stamp) {
    for (int needed : module.needs) {
      if (seen[needed] != stamp) {
        seen[needed] = stamp;
        if (count == all.length) {
          all = Arrays.copyOf(all, count * 2);
        }
        all[count++] = needed;
        collect(modules.get(needed), stamp);
      }
    }
  }

  /** Insertion sort: most have a handful, none much more than a hundred. */
  private void sortByDepth() {
    for (int i = 1; i < count; i++) {
      int moved = all[i];
      int depth = modules.get(moved).depth;
      int at = i;
      while (at > 0 && modules.get(all[at - 1]).depth > depth) {
        all[at] = all[at - 1];
        at--;
      }
      all[at] = moved;
    }
  }
}
