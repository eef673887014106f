package io.linkout.kernel.symbol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes leaves in the form that {@link Leaf} tells of. Lives as long as a table is changed. */
final class LeafWriter {
  private final NameEncoder encoder;
  private final int block;
  private final Groups groups;
  private final BitWriter leaf = new BitWriter();
  private final BitWriter names = new BitWriter();
  private final BitWriter plain = new BitWriter();
  private final BitWriter strays = new BitWriter();

  LeafWriter(Vocabulary vocabulary, AddressRegions regions, int block) {
    this.encoder = new NameEncoder(vocabulary);
    this.block = block;
    this.groups = new Groups(regions);
  }

  /**
   * Returns rows {@code from} to {@code to} of {@code rows}, sorted by name, as a leaf.
   *
   * @throws IllegalArgumentException if they are too many: their names have all one hash
   */
  long[] write(List<Row> rows, int from, int to) {
    int count = to - from;
    int[] starts = names(rows, from, to);
    if (count >= Shape.MAX_COUNT || names.length() >= Shape.MAX_FACTS_AT / 2) {
      throw new IllegalArgumentException(
          count + " exports whose names cannot be told apart by hash");
    }
    groups.take(rows, from, to);
    List<String> namespaces = new ArrayList<>(1);
    int withCrc = 0;
    for (Row row : rows.subList(from, to)) {
      withCrc += row.hasCrc() ? 1 : 0;
      if (!namespaces.contains(row.namespace())) {
        namespaces.add(row.namespace());
      }
    }
    boolean noNamespace = namespaces.size() == 1 && namespaces.getFirst().isEmpty();
    int startBits = Leaf.bitsFor(starts[starts.length - 1]);
    Shape shape =
        new Shape(
            count,
            Leaf.STARTS_AT + (starts.length - 1) * startBits + names.length(),
            startBits,
            noNamespace ? -1 : Leaf.bitsFor(namespaces.size() - 1L),
            withCrc == 0 ? 0 : withCrc == count ? 32 : 33,
            groups.rising(),
            groups.plainBits(),
            groups.strays(),
            groups.count(),
            groups.strayBits(),
            groups.ownerBits(),
            groups.leastBits());
    leaf.clear();
    leaf.put(0, 64);
    leaf.put(0, 64);
    for (int i = 1; i < starts.length; i++) {
      leaf.put(starts[i], startBits);
    }
    leaf.put(names);
    int lastName = (leaf.length() - 1) >>> 6;
    facts(rows, from, to, shape, namespaces);
    places(rows, from, to, shape);
    groups(shape);
    if (!noNamespace) {
      namespaces(namespaces);
    }
    long[] words = leaf.toWords();
    if (words.length < lastName + 2) {
      words = Arrays.copyOf(words, lastName + 2);
    }
    shape.into(words);
    return words;
  }

  /** Writes the names; returns where those of each block begin. */
  private int[] names(List<Row> rows, int from, int to) {
    names.clear();
    int[] starts = new int[(to - from + block - 1) / block];
    for (int i = from; i < to; i++) {
      byte[] name = rows.get(i).name();
      int shared = 0;
      if ((i - from) % block == 0) {
        starts[(i - from) / block] = names.length();
      } else {
        shared = Arrays.mismatch(rows.get(i - 1).name(), name);
        names.put(Math.min(shared, Leaf.LONG_PREFIX), Leaf.PREFIX_BITS);
        if (shared >= Leaf.LONG_PREFIX) {
          names.put(shared, Leaf.LONG_PREFIX_BITS);
        }
      }
      Row row = rows.get(i);
      if (row.isPackedAfter(shared)) {
        names.put(row.packed(), row.restAt(), row.restEnd());
      } else {
        encoder.encode(name, shared, names);
      }
    }
    return starts;
  }

  private void facts(List<Row> rows, int from, int to, Shape shape, List<String> namespaces) {
    for (Row row : rows.subList(from, to)) {
      leaf.put(row.gplOnly() ? 1 : 0, 1);
      if (shape.namespaceBits() > 0) {
        leaf.put(namespaces.indexOf(row.namespace()), shape.namespaceBits());
      }
      if (shape.crcBits() == 33) {
        leaf.put(row.hasCrc() ? 1 : 0, 1);
      }
      if (shape.crcBits() > 0) {
        leaf.put(row.crc(), 32);
      }
    }
  }

  private void places(List<Row> rows, int from, int to, Shape shape) {
    plain.clear();
    strays.clear();
    int number = 0;
    for (int i = from; i < to; i++) {
      int group = groups.of(i - from);
      long above = groups.above(group, rows.get(i).address());
      if (shape.strays() > 0) {
        leaf.put(group == 0 ? 0 : 1, 1);
      }
      if (group == 0) {
        plain.put(shape.rising() ? above - number++ : above, shape.plainBits());
      } else {
        strays.put(group, shape.groupBits());
        strays.put(above, shape.strayBits());
      }
    }
    leaf.put(plain);
    leaf.put(strays);
  }

  private void groups(Shape shape) {
    for (int i = 0; i < groups.count(); i++) {
      leaf.put(groups.region(i), AddressRegions.NUMBER_BITS);
      leaf.put(groups.owner(i), shape.ownerBits());
      leaf.put(groups.least(i), shape.leastBits());
    }
  }

  private void namespaces(List<String> namespaces) {
    for (String namespace : namespaces) {
      byte[] bytes = Row.bytes(namespace);
      number(bytes.length);
      for (byte b : bytes) {
        leaf.put(b, 8);
      }
    }
  }

  private void number(long value) {
    int bits = Leaf.bitsFor(value);
    leaf.put(bits, Leaf.LENGTH_BITS);
    leaf.put(value, bits);
  }
}
