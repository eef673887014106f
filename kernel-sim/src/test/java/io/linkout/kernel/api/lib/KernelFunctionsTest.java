package io.linkout.kernel.api.lib;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.GuestProgram;
import io.linkout.kernel.cpu.GuestLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Notifier chains, trees, identifiers, sequence files, user memory, facts about the machine. */
class KernelFunctionsTest {
  private final GuestProgram guest = new GuestProgram();

  @AfterEach
  void close() {
    guest.close();
  }

  @Test
  void treesStayOrderedAndBalancedThroughRandomInsertionsAndRemovals() {
    Random random = new Random(7);
    long root = guest.room(8);
    TreeMap<Integer, Long> model = new TreeMap<>();
    for (int step = 0; step < 600; step++) {
      int key = random.nextInt(80);
      Long node = model.get(key);
      if (node != null) {
        guest.call("rb_erase", node, root);
        model.remove(key);
        guest.call("kfree", node);
      } else {
        long fresh = guest.call("__kmalloc", 32, 0xcc0);
        guest.memory().writeLong(fresh + 24, key);
        link(root, fresh, key);
        guest.call("rb_insert_color", fresh, root);
        model.put(key, fresh);
      }
      if (step % 20 == 0) {
        assertThat(walk(root, "rb_first", "rb_next")).isEqualTo(List.copyOf(model.values()));
        List<Long> backwards = new ArrayList<>(model.values());
        Collections.reverse(backwards);
        assertThat(walk(root, "rb_last", "rb_prev")).isEqualTo(backwards);
        assertThat(blackHeight(guest.memory().readLong(root))).isPositive();
      }
    }
  }

  private List<Long> walk(long root, String first, String next) {
    List<Long> nodes = new ArrayList<>();
    for (long n = guest.call(first, root); n != 0; n = guest.call(next, n)) {
      nodes.add(n);
    }
    return nodes;
  }

  /** Links a red leaf, as rb_link_node does in guest code. */
  private void link(long root, long node, int key) {
    long parent = 0;
    long link = root;
    for (long at = guest.memory().readLong(link); at != 0; at = guest.memory().readLong(link)) {
      parent = at;
      link = key < guest.memory().readLong(at + 24) ? at + 16 : at + 8;
    }
    guest.memory().writeLong(node, parent);
    guest.memory().writeLong(node + 8, 0);
    guest.memory().writeLong(node + 16, 0);
    guest.memory().writeLong(link, node);
  }

  /**
   * Returns the number of black nodes on every path, or fails if they differ or a red has a red.
   */
  private int blackHeight(long node) {
    if (node == 0) {
      return 1;
    }
    boolean red = (guest.memory().readLong(node) & 1) == 0;
    long left = guest.memory().readLong(node + 16);
    long right = guest.memory().readLong(node + 8);
    for (long child : new long[] {left, right}) {
      if (child != 0) {
        assertThat(guest.memory().readLong(child) & ~3L).isEqualTo(node);
        assertThat(red && (guest.memory().readLong(child) & 1) == 0).isFalse();
      }
    }
    int height = blackHeight(left);
    assertThat(blackHeight(right)).isEqualTo(height);
    return height + (red ? 0 : 1);
  }

  @Test
  void identifiersAreTheSmallestFree() {
    long ida = guest.room(16);
    assertThat(guest.call("ida_alloc_range", ida, 0, 0x7fffffff, 0)).isZero();
    assertThat(guest.call("ida_alloc_range", ida, 0, 0x7fffffff, 0)).isEqualTo(1);
    assertThat(guest.call("ida_alloc_range", ida, 5, 5, 0)).isEqualTo(5);
    assertThat((int) guest.call("ida_alloc_range", ida, 5, 5, 0)).isEqualTo(-28);
    guest.call("ida_free", ida, 0);
    assertThat(guest.call("ida_alloc_range", ida, 0, 0x7fffffff, 0)).isZero();
    assertThat(guest.memory().readLong(ida + 8)).isNotZero();
    guest.call("ida_destroy", ida);
    assertThat(guest.memory().readLong(ida + 8)).isZero();
  }

  @Test
  void anIdrFindsWhatItWasGiven() {
    long idr = guest.room(24);
    assertThat(guest.call("idr_alloc", idr, 0x1000, 1, 0, 0)).isEqualTo(1);
    assertThat(guest.call("idr_alloc", idr, 0x2000, 1, 3, 0)).isEqualTo(2);
    assertThat((int) guest.call("idr_alloc", idr, 0x3000, 1, 3, 0)).isEqualTo(-28);
    assertThat(guest.call("idr_find", idr, 2)).isEqualTo(0x2000);
    assertThat(guest.call("idr_replace", idr, 0x4000, 2)).isEqualTo(0x2000);
    long next = guest.room(4);
    assertThat(guest.call("idr_get_next", idr, next)).isEqualTo(0x1000);
    assertThat(guest.call("idr_remove", idr, 1)).isEqualTo(0x1000);
    assertThat(guest.call("idr_get_next", idr, next)).isEqualTo(0x4000);
    assertThat(guest.memory().readInt(next)).isEqualTo(2);
  }

  @Test
  void anXarrayIsASparseArray() {
    long array = guest.room(16);
    assertThat(guest.call("xa_store", array, 1L << 40, 0x1000, 0)).isZero();
    assertThat(guest.call("__xa_insert", array, 1L << 40, 0x2000, 0) & 0xffffffffL)
        .isEqualTo(0xfffffff0L);
    assertThat(guest.call("xa_load", array, 1L << 40)).isEqualTo(0x1000);
    long index = guest.room(8);
    assertThat(guest.call("xa_find", array, index, -1, 8)).isEqualTo(0x1000);
    assertThat(guest.memory().readLong(index)).isEqualTo(1L << 40);
    assertThat(guest.call("xa_find_after", array, index, -1, 8)).isZero();
    assertThat(guest.call("xa_erase", array, 1L << 40)).isEqualTo(0x1000);
    assertThat(guest.call("xa_load", array, 1L << 40)).isZero();
  }

  @Test
  void notifiersAreCalledByPriorityUntilOneStops() {
    long head = guest.room(48);
    long seen = guest.room(8);
    long low = block(guest.recorder(seen, 1), 0);
    long high = block(guest.recorder(seen, 2), 10);
    assertThat(guest.call("blocking_notifier_chain_register", head, low)).isZero();
    assertThat(guest.call("blocking_notifier_chain_register", head, high)).isZero();
    assertThat((int) guest.call("blocking_notifier_chain_register", head, low)).isEqualTo(-17);
    guest.call("blocking_notifier_call_chain", head, 1, 0);
    // Each recorder shifts its number in: the high priority came first.
    assertThat(guest.memory().readLong(seen)).isEqualTo(0x21);
    assertThat(guest.call("blocking_notifier_chain_unregister", head, high)).isZero();
    assertThat((int) guest.call("blocking_notifier_chain_unregister", head, high)).isEqualTo(-2);
  }

  private long block(long function, int priority) {
    long block = guest.room(24);
    guest.memory().writeLong(block, function);
    guest.memory().writeInt(block + 16, priority);
    return block;
  }

  @Test
  void aSequenceFileFillsItsBufferAndNoMore() {
    long file = guest.room(120);
    long buffer = guest.room(64);
    guest.memory().writeLong(file, buffer);
    guest.memory().writeLong(file + 8, 16);
    guest.call("seq_printf", file, guest.text("%d-%s"), 42, guest.text("x"));
    guest.call("seq_putc", file, ';');
    guest.call("seq_puts", file, guest.text("end"));
    assertThat(guest.memory().readString(buffer, 16)).isEqualTo("42-x;end");
    guest.call("seq_puts", file, guest.text("too long for it"));
    assertThat(guest.memory().readLong(file + 24)).isEqualTo(16);
    assertThat(guest.memory().readByte(buffer + 16)).isZero();
  }

  @Test
  void thereIsNoUserMemory() {
    long kernel = guest.room(16);
    guest.memory().fill(kernel, 16, 7);
    assertThat(guest.call("_copy_from_user", kernel, 0x1000, 8)).isEqualTo(8);
    assertThat(guest.memory().readLong(kernel)).isZero();
    assertThat(guest.call("_copy_to_user", 0x1000, kernel, 8)).isEqualTo(8);
    assertThat(guest.call("strncpy_from_user", kernel, 0x1000, 8)).isEqualTo(-14);
  }

  @Test
  void theBootCpuMatchesTablesThatNameNoOther() {
    long table = guest.room(80);
    // X86_MATCH_FEATURE(X86_FEATURE_XMM2): any vendor, family and model.
    guest.memory().writeShort(table, 0xffff);
    guest.memory().writeShort(table + 8, 26);
    assertThat(guest.call("x86_match_cpu", table)).isEqualTo(table);
    guest.memory().writeShort(table + 8, 5 * 32 + 5); // no such feature here: VMX
    assertThat(guest.call("x86_match_cpu", table)).isEqualTo(0);
  }

  @Test
  void perCpuMemoryIsAnOffset() {
    long offset = guest.call("__alloc_percpu", 24, 8);
    assertThat(offset).isBetween(GuestLayout.PERCPU_MODULES_END, GuestLayout.PERCPU_SIZE);
    assertThat(guest.memory().readLong(GuestLayout.PERCPU + offset)).isZero();
    guest.call("free_percpu", offset);
    assertThat(guest.counters().heapObjects()).isZero();
  }
}
