package io.linkout.kernel.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that guest code registered and has not undone, in the order it was made. */
public final class Registrations {
  private record Key(String what, long address) {}

  private final Map<Key, Registration> registrations = new LinkedHashMap<>();
  private final Owners owners;

  /** An empty list whose entries are charged as {@code owners} says. */
  public Registrations(Owners owners) {
    this.owners = owners;
  }

  /** Adds one, unless it is there already; returns whether it was added. */
  public boolean add(String what, long address, long size, long caller, Runnable undo) {
    return registrations.putIfAbsent(
            new Key(what, address),
            new Registration(what, address, size, owners.ownerOf(caller), caller, undo))
        == null;
  }

  /** As {@link #add(String, long, long, long, Runnable)} with nothing to undo but the entry. */
  public boolean add(String what, long address, long caller) {
    return add(what, address, 0, caller, () -> {});
  }

  /** Returns the one of that kind and address, or null. */
  public @Nullable Registration find(String what, long address) {
    return registrations.get(new Key(what, address));
  }

  /** Takes one out, undoing it; returns false if it was not there. */
  public boolean remove(String what, long address) {
    Registration registration = registrations.remove(new Key(what, address));
    if (registration != null) {
      registration.undo().run();
    }
    return registration != null;
  }

  /**
   * Takes out and undoes all that is charged to {@code owner}, newest first; returns what it was.
   */
  public List<Registration> reclaim(long owner) {
    List<Registration> owned = new ArrayList<>();
    for (Registration registration : registrations.values()) {
      if (registration.owner() == owner) {
        owned.add(registration);
      }
    }
    for (Registration registration : owned.reversed()) {
      remove(registration.what(), registration.address());
    }
    return owned;
  }

  /** Returns how many there are. */
  public long count() {
    return registrations.size();
  }
}
