package io.linkout.kernel.api.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.GuestCounters;
import io.linkout.kernel.api.GuestProgram;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** kmalloc and its kin through their exports. */
class HeapTest {
  private static final long GFP_KERNEL = 0xcc0;
  private static final long ZERO = 0x100;

  private final GuestProgram guest = new GuestProgram();

  @AfterEach
  void close() {
    guest.close();
  }

  private long kmalloc(long size) {
    return guest.call("__kmalloc", size, GFP_KERNEL);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8",
    "8, 8",
    "9, 16",
    "33, 64",
    "65, 96",
    "96, 96",
    "97, 128",
    "129, 192",
    "193, 256",
    "4097, 8192",
    "8192, 8192",
    "8193, 16384",
    "100000, 131072"
  })
  void sizesAreThoseOfLinuxsCaches(long size, long expected) {
    long object = kmalloc(size);
    assertThat(guest.call("ksize", object)).isEqualTo(expected);
    assertThat(object % Math.min(Long.lowestOneBit(expected), 4096)).isZero();
    guest.call("kfree", object);
    assertThat(guest.counters().heapObjects()).isZero();
    assertThat(guest.counters().heapBytes()).isZero();
  }

  @Test
  void noBytesAreNoObject() {
    assertThat(kmalloc(0)).isEqualTo(16);
    guest.call("kfree", 16);
    guest.call("kfree", 0);
    assertThat(guest.call("ksize", 16)).isZero();
    assertThat(guest.counters().heapObjects()).isZero();
  }

  @Test
  void freedMemoryIsPoisonAndZeroedWhenAsked() {
    long object = kmalloc(64);
    guest.memory().fill(object, 64, 0x11);
    guest.call("kfree", object);
    assertThat(guest.memory().readLong(object)).isEqualTo(0x6b6b6b6b6b6b6b6bL);
    long again = guest.call("__kmalloc", 64, GFP_KERNEL | ZERO);
    assertThat(again).isEqualTo(object);
    assertThat(guest.memory().read(again, 64)).containsOnly(0);
  }

  @Test
  void randomUseNeverOverlapsAndEndsEmpty() {
    Random random = new Random(42);
    Map<Long, Integer> live = new HashMap<>();
    for (int step = 0; step < 1500; step++) {
      if (random.nextInt(3) > 0 || live.isEmpty()) {
        int size = 1 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 700);
        long object = kmalloc(size);
        live.forEach(
            (other, length) ->
                assertThat(object + size <= other || other + length <= object).isTrue());
        guest.memory().fill(object, size, 1);
        live.put(object, size);
      } else {
        long victim = live.keySet().iterator().next();
        live.remove(victim);
        guest.call("kfree", victim);
      }
    }
    assertThat(guest.counters().heapObjects()).isEqualTo(live.size());
    Set<Long> rest = new HashSet<>(live.keySet());
    rest.forEach(object -> guest.call("kfree", object));
    assertThat(guest.counters().heapObjects()).isZero();
  }

  @Test
  void reallocationKeepsTheContent() {
    long object = kmalloc(20);
    guest.memory().writeLong(object, 0x1234);
    assertThat(guest.call("krealloc", object, 32, GFP_KERNEL)).isEqualTo(object);
    long bigger = guest.call("krealloc", object, 500, GFP_KERNEL);
    assertThat(bigger).isNotEqualTo(object);
    assertThat(guest.memory().readLong(bigger)).isEqualTo(0x1234);
    assertThat(guest.counters().heapBytes()).isEqualTo(500);
    assertThat(guest.call("krealloc", bigger, 0, GFP_KERNEL)).isEqualTo(16);
    assertThat(guest.counters().heapObjects()).isZero();
  }

  @Test
  void copiesAreExact() {
    long text = guest.text("hello");
    long copy = guest.call("kstrdup", text, GFP_KERNEL);
    assertThat(guest.memory().readString(copy, 100)).isEqualTo("hello");
    assertThat(guest.memory().readString(guest.call("kstrndup", text, 3, GFP_KERNEL), 100))
        .isEqualTo("hel");
    assertThat(guest.memory().readString(guest.call("kmemdup_nul", text, 2, GFP_KERNEL), 100))
        .isEqualTo("he");
    assertThat(guest.memory().read(guest.call("kmemdup", text, 4, GFP_KERNEL), 4))
        .containsExactly('h', 'e', 'l', 'l');
    assertThat(guest.call("kstrdup", 0, GFP_KERNEL)).isZero();
  }

  @Test
  void wrongFreesSayWhatIsWrong() {
    long object = kmalloc(64);
    assertThat(guest.dies("kfree", object + 8).getFirst()).contains("Invalid object pointer");
    guest.call("kfree", object);
    assertThat(guest.dies("kfree", object).getFirst())
        .contains("kmalloc-64")
        .contains("Object already free");
    assertThat(guest.dies("kfree", guest.room(8)).getFirst()).contains("no heap object");
    long area = guest.call("vmalloc", 10);
    assertThat(guest.dies("kfree", area).getFirst()).contains("no heap object");
    guest.call("vfree", area);
    guest.call("vfree", area);
    assertThat(guest.lines()).anyMatch(l -> l.contains("nonexistent vm area"));
  }

  @Test
  void cachesHaveTheirOwnObjects() {
    long cache = guest.call("kmem_cache_create", guest.text("things"), 40, 0, 0x2000, 0);
    assertThat(guest.counters().registrations()).isEqualTo(1);
    long object = guest.call("kmem_cache_alloc", cache, GFP_KERNEL);
    assertThat(object % 64).isZero();
    assertThat(guest.call("kmem_cache_size", cache)).isEqualTo(40);
    guest.call("kmem_cache_free", cache, object);
    guest.call("kmem_cache_destroy", cache);
    GuestCounters end = guest.counters();
    assertThat(end.registrations()).isZero();
    assertThat(end.heapObjects()).isZero();
    assertThat(guest.dies("kmem_cache_alloc", cache, GFP_KERNEL).getFirst())
        .contains("no kmem_cache");
  }

  @Test
  void constructorsRunOnceForEachObject() {
    long cell = guest.room(8);
    long constructor = guest.recorder(cell, 1);
    long cache = guest.call("kmem_cache_create", guest.text("made"), 64, 0, 0, constructor);
    long first = guest.call("kmem_cache_alloc", cache, GFP_KERNEL);
    assertThat(guest.memory().readLong(cell)).isEqualTo(0x1);
    guest.call("kmem_cache_free", cache, first);
    assertThat(guest.call("kmem_cache_alloc", cache, GFP_KERNEL)).isEqualTo(first);
    assertThat(guest.memory().readLong(cell)).isEqualTo(0x1);
    guest.call("kmem_cache_alloc", cache, GFP_KERNEL);
    assertThat(guest.memory().readLong(cell)).isEqualTo(0x11);
  }

  @Test
  void whatIsTooMuchIsNull() {
    assertThat(kmalloc(5 << 20)).isZero();
    assertThat(kmalloc(-1)).isZero();
    assertThat(guest.call("vmalloc", 1L << 40)).isZero();
    long sum = 0;
    while (guest.call("vmalloc", 4 << 20) != 0) {
      sum += 4 << 20;
    }
    assertThat(sum).isEqualTo(32 << 20);
    assertThat(kmalloc(100)).isZero();
    assertThat(guest.lines()).anyMatch(l -> l.startsWith("page allocation failure"));
  }

  @Test
  void areasHaveGuardPages() {
    long first = guest.call("vmalloc", 4096);
    long second = guest.call("vzalloc", 4096);
    assertThat(second - first).isEqualTo(8192);
    assertThat(guest.memory().readLong(second)).isZero();
    assertThat(guest.call("is_vmalloc_addr", first)).isEqualTo(1);
    guest.call("kvfree", first);
    guest.call("kvfree", second);
    assertThat(guest.counters().heapObjects()).isZero();
  }

  @Test
  void largeKvmallocIsVmalloc() {
    long small = guest.call("kvmalloc_node", 100, GFP_KERNEL, -1);
    long large = guest.call("kvmalloc_node", 100_000, GFP_KERNEL | ZERO, -1);
    assertThat(guest.call("is_vmalloc_addr", small)).isZero();
    assertThat(guest.call("is_vmalloc_addr", large)).isEqualTo(1);
    assertThat(guest.memory().readLong(large)).isZero();
  }
}
