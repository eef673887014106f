package io.linkout.kernel.api.heap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All live objects of the guest, by address, and their count and bytes. */
public final class ObjectTable {
  private final Map<Long, HeapObject> objects = new HashMap<>();
  private long bytes;

  void add(HeapObject object) {
    objects.put(object.address(), object);
    bytes += object.size();
  }

  @Nullable HeapObject at(long address) {
    return objects.get(address);
  }

  void remove(HeapObject object) {
    objects.remove(object.address());
    bytes -= object.size();
  }

  void resize(HeapObject object, long size) {
    remove(object);
    add(object.withSize(size));
  }

  /** Returns what is charged to module {@code owner}, by address. */
  public List<HeapObject> of(long owner) {
    List<HeapObject> owned = new ArrayList<>();
    for (HeapObject object : objects.values()) {
      if (object.owner() == owner) {
        owned.add(object);
      }
    }
    owned.sort(Comparator.comparingLong(HeapObject::address));
    return owned;
  }

  /** Returns how many there are. */
  public long count() {
    return objects.size();
  }

  /** Returns their bytes as asked for. */
  public long bytes() {
    return bytes;
  }
}
