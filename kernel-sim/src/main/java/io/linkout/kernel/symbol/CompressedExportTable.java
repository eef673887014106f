package io.linkout.kernel.symbol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An export table of 10 to 12 bytes a symbol.
 *
 * <p>The exports are sorted by name and cut into leaves of about a hundred, each packed as {@link
 * Leaf} tells: names share prefixes with their neighbours, the rest is in pieces of a vocabulary
 * with short codes, addresses are counted from the lowest nearby. Over the leaves lies an array of
 * the first eight bytes of each one's first name, so that a lookup reads one leaf, seldom two.
 * Where a leaf begins depends on nothing but the hash of the name it begins with: a change packs
 * the leaves again that it falls into and no others, and the same exports take the same bytes,
 * whatever came and went before.
 *
 * <p>docs/BENCHMARKS.md has the figures of this and of what it was chosen from.
 *
 * <p>One thread changes it. Any thread may read: all it reaches from one snapshot is never changed.
 */
public final class CompressedExportTable implements ExportTable {
  /** Exports of a block: the first one's name is whole. */
  private static final int BLOCK = 20;

  /** One name of 128 begins a leaf. */
  private static final int LEAF_BITS = 7;

  /**
   * What there is at one time; {@code heads} are the first eight bytes of the leaves' first names.
   * Not a record: a record's size cannot be measured.
   */
  private static final class Snapshot {
    final long[] heads;
    final long[][] leaves;
    final int size;

    /** By name, what is in no leaf yet; null if all are in leaves. */
    final Row @Nullable [] loose;

    Snapshot(long[] heads, long[][] leaves, int size, Row @Nullable [] loose) {
      this.heads = heads;
      this.leaves = leaves;
      this.size = size;
      this.loose = loose;
    }
  }

  private final Vocabulary vocabulary;
  private final AddressRegions regions;
  private final int block;
  private final int leafBits;
  private volatile Snapshot now = new Snapshot(new long[0], new long[0][], 0, null);

  /** An empty table; addresses in {@code regions} take few bits. */
  public CompressedExportTable(AddressRegions regions) {
    this(regions, BLOCK, LEAF_BITS);
  }

  /** An empty table with blocks of {@code block} exports and leaves of {@code 1 << leafBits}. */
  public CompressedExportTable(AddressRegions regions, int block, int leafBits) {
    this.vocabulary = Vocabulary.read();
    this.regions = regions;
    this.block = block;
    this.leafBits = leafBits;
  }

  /** Returns an empty table of the same measures. */
  CompressedExportTable empty() {
    return new CompressedExportTable(regions, block, leafBits);
  }

  @Override
  public void add(Collection<ExportedSymbol> exports) {
    if (exports.isEmpty()) {
      return;
    }
    List<Row> rows = new ArrayList<>(exports.size());
    boolean sorted = true;
    for (ExportedSymbol export : exports) {
      Row row = Row.of(export);
      sorted = sorted && (rows.isEmpty() || Row.compare(rows.getLast(), row) < 0);
      rows.add(row);
    }
    if (!sorted) {
      rows.sort(Row::compare);
    }
    Snapshot before = packed();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if ((i > 0 && Row.compare(rows.get(i - 1), row) == 0)
          || at(before, new Target(row.name())) != null) {
        throw new IllegalArgumentException("export " + row.symbol().name() + " is there already");
      }
    }
    now =
        new Snapshot(
            before.heads, before.leaves, before.size + rows.size(), rows.toArray(new Row[0]));
  }

  /**
   * {@inheritDoc}
   *
   * <p>They are found before, so that nobody has to wait for it.
   */
  @Override
  public void pack() {
    now = packed();
  }

  /** Returns what there is, all of it in leaves. */
  private Snapshot packed() {
    Snapshot before = now;
    if (before.loose == null) {
      return before;
    }
    List<Row> rows = List.of(before.loose);
    int[] leaves = new int[rows.size()];
    if (before.leaves.length > 0) {
      for (int i = 0; i < leaves.length; i++) {
        leaves[i] = leafFor(before, new Target(rows.get(i).name()));
      }
    }
    Rebuild after = new Rebuild(before);
    int next = 0;
    int last = Math.max(1, before.leaves.length);
    for (int leaf = 0; leaf < last; leaf++) {
      int from = next;
      if (leaf + 1 >= before.leaves.length) {
        next = rows.size();
      } else {
        while (next < rows.size() && leaves[next] <= leaf) {
          next++;
        }
      }
      if (from == next) {
        after.keep(leaf);
      } else if (before.leaves.length == 0) {
        after.put(rows);
      } else {
        after.put(merged(rowsOf(before.leaves[leaf]), rows.subList(from, next)));
      }
    }
    return after.done(before.size);
  }

  @Override
  public List<ExportedSymbol> of(long owner) {
    List<ExportedSymbol> exports = new ArrayList<>();
    for (long[] words : packed().leaves) {
      Leaf leaf = leaf(words);
      if (leaf.has(owner)) {
        for (int i = 0; i < leaf.count(); i++) {
          if (leaf.ownedBy(i, owner)) {
            leaf.to(i);
            exports.add(leaf.symbol(leaf.name()));
          }
        }
      }
    }
    return exports;
  }

  @Override
  public List<ExportedSymbol> removeAll(long owner) {
    Snapshot before = packed();
    List<ExportedSymbol> removed = new ArrayList<>();
    Rebuild after = new Rebuild(before);
    for (int i = 0; i < before.leaves.length; i++) {
      if (leaf(before.leaves[i]).has(owner)) {
        List<Row> rows = rowsOf(before.leaves[i]);
        for (Row row : rows) {
          if (row.owner() == owner) {
            removed.add(row.symbol());
          }
        }
        rows.removeIf(row -> row.owner() == owner);
        after.put(rows);
      } else {
        after.keep(i);
      }
    }
    now = removed.isEmpty() ? before : after.done(before.size - removed.size());
    return removed;
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    Snapshot there = now;
    byte[] bytes = Row.bytes(name);
    if (there.loose != null) {
      int at = Arrays.binarySearch(there.loose, Row.called(bytes), Row::compare);
      if (at >= 0) {
        return there.loose[at].symbol();
      }
    }
    Leaf leaf = at(there, new Target(bytes));
    return leaf == null ? null : leaf.symbol(name);
  }

  @Override
  public @Nullable ExportedSymbol atOrBelow(long address, long owner) {
    return atOrBelow(new long[] {address}, owner).getFirst();
  }

  @Override
  public List<@Nullable ExportedSymbol> atOrBelow(long[] addresses, long owner) {
    long[] sorted = addresses.clone();
    flipAndSort(sorted);
    // For each address the nearest export found so far, by where it is.
    long[] nearest = new long[sorted.length];
    @Nullable ExportedSymbol[] found = new @Nullable ExportedSymbol[sorted.length];
    for (long[] words : packed().leaves) {
      Leaf leaf = leaf(words);
      if (!leaf.has(owner)) {
        continue;
      }
      for (int i = 0; i < leaf.count(); i++) {
        if (!leaf.ownedBy(i, owner)) {
          continue;
        }
        long place = leaf.address(i) ^ Long.MIN_VALUE;
        // It is the nearest of the first address not below it, if nearer than that one's so far; of
        // all further ones too, unless something lies between: that is settled below.
        int first = Arrays.binarySearch(sorted, place);
        first = first < 0 ? -first - 1 : firstOf(sorted, first);
        if (first < sorted.length && (found[first] == null || nearest[first] < place)) {
          nearest[first] = place;
          leaf.to(i);
          found[first] = leaf.symbol(leaf.name());
        }
      }
    }
    for (int i = 1; i < sorted.length; i++) {
      if (found[i] == null) {
        found[i] = found[i - 1];
      }
    }
    List<@Nullable ExportedSymbol> inOrder = new ArrayList<>(addresses.length);
    for (long address : addresses) {
      inOrder.add(found[firstOf(sorted, Arrays.binarySearch(sorted, address ^ Long.MIN_VALUE))]);
    }
    return inOrder;
  }

  @Override
  public Iterator<ExportedSymbol> after(String name) {
    return new Exports(packed(), Row.bytes(name));
  }

  @Override
  public int size() {
    return now.size;
  }

  @Override
  public long bytes() {
    Snapshot there = packed();
    long bytes =
        Sizes.object(3 * Sizes.REFERENCE + 2 * 4)
            + vocabulary.bytes()
            + regions.bytes()
            + Sizes.object(3 * Sizes.REFERENCE + 4)
            + Sizes.array(there.heads.length, 8)
            + Sizes.array(there.leaves.length, Sizes.REFERENCE);
    for (long[] leaf : there.leaves) {
      bytes += Sizes.array(leaf.length, 8);
    }
    return bytes;
  }

  private Leaf leaf(long[] words) {
    return new Leaf(words, vocabulary, regions, block);
  }

  /** Returns a leaf that stands at the export called {@code name}, or null. */
  private @Nullable Leaf at(Snapshot there, Target name) {
    if (there.leaves.length == 0) {
      return null;
    }
    Leaf leaf = leaf(there.leaves[leafFor(there, name)]);
    return leaf.seek(name) ? leaf : null;
  }

  /** Returns the number of the leaf that {@code name} belongs into. */
  private int leafFor(Snapshot there, Target name) {
    long head = name.head();
    int low = 0;
    int high = there.heads.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(there.heads[middle], head) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // All leaves before low begin with less. Those from low on that begin the same are looked into.
    high = low;
    while (high < there.heads.length && there.heads[high] == head) {
      high++;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leaf(there.leaves[middle]).compareFirst(name) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  private List<Row> rowsOf(long[] words) {
    Leaf leaf = leaf(words);
    List<Row> rows = new ArrayList<>(leaf.count());
    while (leaf.next()) {
      rows.add(leaf.row());
    }
    return rows;
  }

  private static List<Row> merged(List<Row> some, List<Row> others) {
    List<Row> all = new ArrayList<>(some.size() + others.size());
    all.addAll(some);
    all.addAll(others);
    all.sort(Row::compare);
    return all;
  }

  /** Makes unsigned order of signed one, both ways, and sorts. */
  private static void flipAndSort(long[] addresses) {
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(addresses);
  }

  private static int firstOf(long[] sorted, int found) {
    int first = found;
    while (first > 0 && sorted[first - 1] == sorted[first]) {
      first--;
    }
    return first;
  }

  /** The next snapshot, made leaf by leaf from those of the last one and from rows. */
  private final class Rebuild {
    private final Snapshot before;
    private final LeafWriter writer = new LeafWriter(vocabulary, regions, block);
    private final List<long[]> leaves;
    private long[] heads;

    /** Rows of the leaf that may still grow; empty if none may. */
    private List<Row> open = new ArrayList<>();

    Rebuild(Snapshot before) {
      this.before = before;
      this.leaves = new ArrayList<>(before.leaves.length + 8);
      this.heads = new long[before.leaves.length + 8];
    }

    private void add(long[] leaf, long head) {
      if (leaves.size() == heads.length) {
        heads = Arrays.copyOf(heads, heads.length * 2);
      }
      heads[leaves.size()] = head;
      leaves.add(leaf);
    }

    /** Goes on with a leaf as it was. */
    void keep(int leaf) {
      if (leaf >= before.leaves.length) {
        return;
      }
      // Only the very first leaf may begin with a name that begins none.
      if (leaf == 0 && !leaves.isEmpty()) {
        throw new IllegalStateException("the first leaf comes first");
      }
      flush();
      add(before.leaves[leaf], before.heads[leaf]);
    }

    /** Goes on with these rows, which take the place of a leaf. */
    void put(List<Row> rows) {
      for (Row row : rows) {
        if (row.begins(leafBits)) {
          flush();
        } else if (open.isEmpty() && !leaves.isEmpty()) {
          // What began this leaf has gone: it belongs to the one before.
          open = rowsOf(leaves.removeLast());
        }
        open.add(row);
      }
    }

    Snapshot done(int size) {
      flush();
      return new Snapshot(
          Arrays.copyOf(heads, leaves.size()), leaves.toArray(new long[0][]), size, null);
    }

    private void flush() {
      if (!open.isEmpty()) {
        add(writer.write(open, 0, open.size()), new Target(open.getFirst().name()).head());
        open = new ArrayList<>();
      }
    }
  }

  /** Exports by name. */
  private final class Exports implements Iterator<ExportedSymbol> {
    private final Snapshot there;
    private int number;
    private @Nullable Leaf leaf;
    private @Nullable ExportedSymbol next;

    Exports(Snapshot there, byte[] after) {
      this.there = there;
      this.number = there.leaves.length == 0 ? 0 : leafFor(there, new Target(after));
      do {
        advance();
      } while (next != null && leaf != null && leaf.compareName(after) <= 0);
    }

    private void advance() {
      next = null;
      while (next == null && (leaf != null || number < there.leaves.length)) {
        if (leaf == null) {
          leaf = leaf(there.leaves[number++]);
        }
        if (leaf.next()) {
          next = leaf.symbol(leaf.name());
        } else {
          leaf = null;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public ExportedSymbol next() {
      ExportedSymbol symbol = next;
      if (symbol == null) {
        throw new NoSuchElementException();
      }
      advance();
      return symbol;
    }
  }
}
