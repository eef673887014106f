package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.image.Poison;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers and sparse arrays: ida, idr and xarray (lib/idr.c, lib/xarray.c), kept here by the
 * address of the guest's structure. In the guest, only whether one is empty can be seen: the head
 * is null or poison.
 */
final class IdentifierFunctions {
  private static final long ENOSPC = -28;
  private static final long EBUSY = -16;
  private static final long UINT_MAX = 0xffffffffL;
  private static final long INT_MAX = Integer.MAX_VALUE;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final long poison;
  private final Map<Long, NavigableMap<Long, Long>> arrays = new HashMap<>();

  IdentifierFunctions(StructLayout layout, GuestMemory memory, Poison poison) {
    this.layout = layout;
    this.memory = memory;
    // Bit 1 set and bit 0 clear marks an internal node, never a value.
    this.poison = (poison.valueFor("the nodes of an xarray") & ~3L) | 2;
  }

  void declare(FunctionTable table) {
    declareIda(table);
    declareIdr(table);
    declareXarray(table);
  }

  private void declareIda(FunctionTable table) {
    table.real("ida_alloc_range", this::allocateInRange);
    table.real("ida_free", this::freeInIda);
    table.real("ida_destroy", c -> clear(ida(c)));
  }

  private void declareIdr(FunctionTable table) {
    table.real("idr_alloc", this::idrAllocate);
    table.real("idr_alloc_u32", Licence.GPL, this::idrAllocateU32);
    table.real("idr_alloc_cyclic", this::idrAllocateCyclic);
    table.real("idr_remove", Licence.GPL, c -> remove(idr(c), index(c)));
    table.real("idr_find", Licence.GPL, c -> value(idr(c), index(c)));
    table.real("idr_replace", this::idrReplace);
    table.real("idr_get_next", this::idrNext);
    table.real("idr_get_next_ul", this::idrNextLong);
    table.real("idr_for_each", this::idrForEach);
    table.real("idr_destroy", c -> clear(idr(c)));
    table.real("idr_preload", _ -> 0);
  }

  private void declareXarray(FunctionTable table) {
    table.real("xa_load", c -> value(c.argument(0), c.argument(1)));
    table.real("xa_store", c -> store(c.argument(0), c.argument(1), c.argument(2)));
    table.real("__xa_store", c -> store(c.argument(0), c.argument(1), c.argument(2)));
    table.real("xa_erase", c -> remove(c.argument(0), c.argument(1)));
    table.real("__xa_erase", c -> remove(c.argument(0), c.argument(1)));
    table.real("__xa_insert", this::insert);
    table.real("__xa_cmpxchg", this::compareAndExchange);
    table.real("__xa_alloc", this::xaAllocate);
    table.real("xa_find", c -> find(c, true));
    table.real("xa_find_after", c -> find(c, false));
    table.real("xa_destroy", c -> clear(c.argument(0)));
  }

  private @Nullable NavigableMap<Long, Long> existing(long array) {
    NavigableMap<Long, Long> values = arrays.get(array);
    if (values != null && memory.readLong(head(array)) == 0) {
      // The memory was used anew: what is known belongs to a structure that is gone.
      arrays.remove(array);
      return null;
    }
    return values;
  }

  private long head(long array) {
    return new GuestStruct(memory, layout, "xarray", array).at("xa_head");
  }

  private long value(long array, long index) {
    NavigableMap<Long, Long> values = existing(array);
    return values == null ? 0 : values.getOrDefault(index, 0L);
  }

  private long store(long array, long index, long value) {
    if (value == 0) {
      return remove(array, index);
    }
    NavigableMap<Long, Long> values = existing(array);
    if (values == null) {
      values = new TreeMap<>(Long::compareUnsigned);
      arrays.put(array, values);
    }
    memory.writeLong(head(array), poison);
    Long old = values.put(index, value);
    return old == null ? 0 : old;
  }

  private long remove(long array, long index) {
    NavigableMap<Long, Long> values = existing(array);
    Long old = values == null ? null : values.remove(index);
    if (values != null && values.isEmpty()) {
      clear(array);
    }
    return old == null ? 0 : old;
  }

  private long clear(long array) {
    arrays.remove(array);
    memory.writeLong(head(array), 0);
    return 0;
  }

  /** Returns the first free index in {@code [low, high]}, or -1. */
  private long free(long array, long low, long high) {
    NavigableMap<Long, Long> values = existing(array);
    long index = low;
    if (values != null) {
      for (long used : values.tailMap(low, true).keySet()) {
        if (used != index) {
          break;
        }
        index++;
      }
    }
    return Long.compareUnsigned(index, high) <= 0 ? index : -1;
  }

  private static long ida(TrapFrame c) {
    return c.argument(0);
  }

  /** ida_alloc_range(ida, least, most, flags). */
  private long allocateInRange(TrapFrame c) {
    long low = c.argument(1) & UINT_MAX;
    if ((int) low < 0) {
      return ENOSPC;
    }
    long high = (int) c.argument(2) < 0 ? INT_MAX : c.argument(2) & UINT_MAX;
    long id = free(ida(c), low, high);
    if (id < 0) {
      return ENOSPC;
    }
    store(ida(c), id, 1);
    return id;
  }

  private long freeInIda(TrapFrame c) {
    remove(ida(c), c.argument(1) & UINT_MAX);
    return 0;
  }

  private GuestStruct structure(TrapFrame c) {
    return new GuestStruct(memory, layout, "idr", c.argument(0));
  }

  private long idr(TrapFrame c) {
    return structure(c).at("idr_rt");
  }

  private long base(TrapFrame c) {
    return structure(c).readInt("idr_base") & UINT_MAX;
  }

  /** Identifiers are kept relative to the base, as in Linux, where they index the tree. */
  private long index(TrapFrame c) {
    return c.argument(1) - base(c);
  }

  /** A null pointer is a value in an idr: it reserves the identifier. */
  private void put(TrapFrame c, long index, long pointer) {
    store(idr(c), index, pointer);
    if (pointer == 0) {
      NavigableMap<Long, Long> values = arrays.computeIfAbsent(idr(c), _ -> unsigned());
      memory.writeLong(head(idr(c)), poison);
      values.put(index, 0L);
    }
  }

  private static NavigableMap<Long, Long> unsigned() {
    return new TreeMap<>(Long::compareUnsigned);
  }

  /** idr_alloc(idr, pointer, start, end, flags): an end of 0 or less is no end. */
  private long idrAllocate(TrapFrame c) {
    int start = (int) c.argument(2);
    int end = (int) c.argument(3);
    if (start < 0) {
      return -22; // EINVAL
    }
    long high = end > 0 ? end - 1 : INT_MAX;
    long index = free(idr(c), start - base(c), high - base(c));
    if (index < 0 || start > high) {
      return ENOSPC;
    }
    put(c, index, c.argument(1));
    return index + base(c);
  }

  /** idr_alloc_u32(idr, pointer, u32 *next, most, flags). */
  private long idrAllocateU32(TrapFrame c) {
    long start = memory.readInt(c.argument(2)) & UINT_MAX;
    long index = free(idr(c), start - base(c), (c.argument(3) & UINT_MAX) - base(c));
    if (index < 0) {
      return ENOSPC;
    }
    memory.writeInt(c.argument(2), (int) (index + base(c)));
    put(c, index, c.argument(1));
    return 0;
  }

  private long idrAllocateCyclic(TrapFrame c) {
    GuestStruct idr = structure(c);
    long start = c.argument(2) & UINT_MAX;
    long next = idr.readInt("idr_next") & UINT_MAX;
    int end = (int) c.argument(3);
    long high = end > 0 ? end - 1 : INT_MAX;
    long index = free(idr(c), Math.max(start, next) - base(c), high - base(c));
    if (index < 0 && next > start) {
      index = free(idr(c), start - base(c), high - base(c));
    }
    if (index < 0) {
      return ENOSPC;
    }
    put(c, index, c.argument(1));
    idr.writeInt("idr_next", (int) (index + base(c) + 1));
    return index + base(c);
  }

  /** idr_replace(idr, pointer, id): returns the old pointer or an error pointer. */
  private long idrReplace(TrapFrame c) {
    NavigableMap<Long, Long> values = existing(idr(c));
    long index = c.argument(2) - base(c);
    Long old = values == null ? null : values.get(index);
    if (values == null || old == null) {
      return -2; // ENOENT
    }
    values.put(index, c.argument(1));
    return old;
  }

  private long next(TrapFrame c, long from) {
    NavigableMap<Long, Long> values = existing(idr(c));
    if (values == null) {
      return -1;
    }
    for (Map.Entry<Long, Long> entry : values.tailMap(from, true).entrySet()) {
      if (entry.getValue() != 0) {
        return entry.getKey();
      }
    }
    return -1;
  }

  private long idrNext(TrapFrame c) {
    long index = next(c, Math.max((memory.readInt(c.argument(1)) & UINT_MAX) - base(c), 0));
    if (index < 0) {
      return 0;
    }
    memory.writeInt(c.argument(1), (int) (index + base(c)));
    return value(idr(c), index);
  }

  private long idrNextLong(TrapFrame c) {
    long index = next(c, Math.max(memory.readLong(c.argument(1)) - base(c), 0));
    if (index < 0) {
      return 0;
    }
    memory.writeLong(c.argument(1), index + base(c));
    return value(idr(c), index);
  }

  /**
   * idr_for_each(idr, function(id, pointer, data), data): ends at the first result that is not 0.
   */
  private long idrForEach(TrapFrame c) {
    NavigableMap<Long, Long> values = existing(idr(c));
    List<Long> indexes = values == null ? List.of() : List.copyOf(values.keySet());
    return callEach(c, indexes, 0);
  }

  private long callEach(TrapFrame c, List<Long> indexes, int at) {
    for (int i = at; i < indexes.size(); i++) {
      long pointer = value(idr(c), indexes.get(i));
      if (pointer != 0) {
        int next = i + 1;
        c.callGuest(
            c.argument(1),
            new long[] {indexes.get(i) + base(c), pointer, c.argument(2)},
            rax -> (int) rax != 0 ? (int) rax : callEach(c, indexes, next));
        return 0;
      }
    }
    return 0;
  }

  /** __xa_insert(xa, index, value, flags). */
  private long insert(TrapFrame c) {
    if (value(c.argument(0), c.argument(1)) != 0) {
      return EBUSY;
    }
    store(c.argument(0), c.argument(1), c.argument(2));
    return 0;
  }

  /** __xa_cmpxchg(xa, index, old, new, flags): returns what was there. */
  private long compareAndExchange(TrapFrame c) {
    long current = value(c.argument(0), c.argument(1));
    if (current == c.argument(2)) {
      store(c.argument(0), c.argument(1), c.argument(3));
    }
    return current;
  }

  /** __xa_alloc(xa, u32 *id, value, struct xa_limit {u32 max, min} in one word, flags). */
  private long xaAllocate(TrapFrame c) {
    long limit = c.argument(3);
    long index = free(c.argument(0), limit >>> 32, limit & UINT_MAX);
    if (index < 0) {
      return EBUSY;
    }
    memory.writeInt(c.argument(1), (int) index);
    store(c.argument(0), index, c.argument(2));
    return 0;
  }

  /** xa_find(xa, unsigned long *index, most, filter). */
  private long find(TrapFrame c, boolean inclusive) {
    NavigableMap<Long, Long> values = existing(c.argument(0));
    if (values == null) {
      return 0;
    }
    long from = memory.readLong(c.argument(1));
    Map.Entry<Long, Long> entry = inclusive ? values.ceilingEntry(from) : values.higherEntry(from);
    if (entry == null || Long.compareUnsigned(entry.getKey(), c.argument(2)) > 0) {
      return 0;
    }
    memory.writeLong(c.argument(1), entry.getKey());
    return entry.getValue();
  }
}
