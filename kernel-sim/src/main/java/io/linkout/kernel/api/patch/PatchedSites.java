package io.linkout.kernel.api.patch;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Places in code that are patched whenever something, their key, changes. Forgetting those of one
 * module takes no longer because others are loaded.
 *
 * @param <S> what is known of a place
 */
final class PatchedSites<S extends PatchedSites.Site> {
  /** A place in code. */
  interface Site {
    /** Returns its guest address. */
    long code();
  }

  /** What came together: between which addresses, and of which keys. */
  private static final class Group {
    private long first = -1;
    private long last;
    private final Set<Long> keys = new HashSet<>();

    boolean meets(long start, long end) {
      return Long.compareUnsigned(first, end) < 0 && Long.compareUnsigned(last, start) >= 0;
    }
  }

  private final Map<Long, List<S>> byKey = new HashMap<>();
  private final List<Group> groups = new ArrayList<>();

  /** What is added from here on is of another module than what was added before. */
  void begin() {
    if (groups.isEmpty() || !groups.getLast().keys.isEmpty()) {
      groups.add(new Group());
    }
  }

  /** Adds {@code site}, which is patched when {@code key} changes. */
  void add(long key, S site) {
    Group group = groups.getLast();
    long code = site.code();
    if (Long.compareUnsigned(code, group.first) < 0) {
      group.first = code;
    }
    if (group.keys.isEmpty() || Long.compareUnsigned(code, group.last) > 0) {
      group.last = code;
    }
    group.keys.add(key);
    byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(site);
  }

  /** Returns the sites of {@code key}. */
  List<S> of(long key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Forgets all sites in {@code [start, end)}. */
  void forget(long start, long end) {
    groups.removeIf(
        group -> {
          if (group.meets(start, end)) {
            group.keys.removeIf(key -> forget(key, start, end));
          }
          return group.keys.isEmpty();
        });
  }

  /** Returns whether {@code key} has no sites left. */
  private boolean forget(long key, long start, long end) {
    List<S> sites = byKey.get(key);
    if (sites == null) {
      return true;
    }
    sites.removeIf(site -> GuestLayout.within(site.code(), start, end));
    if (sites.isEmpty()) {
      byKey.remove(key);
    }
    return sites.isEmpty();
  }
}
