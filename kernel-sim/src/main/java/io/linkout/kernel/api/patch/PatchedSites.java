package io.linkout.kernel.api.patch;

import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

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

  /** That something at {@code code} is patched when {@code key} changes. */
  private record Place(long code, long key) {}

  private static final Comparator<Place> ORDER =
      (one, other) -> {
        int order = Long.compareUnsigned(one.code, other.code);
        return order != 0 ? order : Long.compareUnsigned(one.key, other.key);
      };

  private final Map<Long, List<S>> byKey = new HashMap<>();
  private final NavigableSet<Place> places = new TreeSet<>(ORDER);

  /** Adds {@code site}, which is patched when {@code key} changes. */
  void add(long key, S site) {
    places.add(new Place(site.code(), key));
    byKey.computeIfAbsent(key, k -> new ArrayList<>(1)).add(site);
  }

  /** Returns the sites of {@code key}. */
  List<S> of(long key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Forgets all sites in {@code [start, end)}. */
  void forget(long start, long end) {
    if (Long.compareUnsigned(start, end) >= 0) {
      return;
    }
    // The lowest key of all comes first at either end.
    NavigableSet<Place> gone = places.subSet(new Place(start, 0), true, new Place(end, 0), false);
    Set<Long> keys = new HashSet<>();
    for (Place place : gone) {
      keys.add(place.key);
    }
    for (long key : keys) {
      List<S> sites = of(key);
      sites.removeIf(site -> GuestLayout.within(site.code(), start, end));
      if (sites.isEmpty()) {
        byKey.remove(key);
      }
    }
    gone.clear();
  }
}
