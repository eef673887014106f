package io.linkout.kernel.symbol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes leaves in the form that {@link Leaf} tells of. Lives as long as a table is changed. */
final class LeafWriter {
  private final AddressRegions regions;
  private final NameEncoder names;
  private final int block;
  private final BitWriter header = new BitWriter();
  private final BitWriter body = new BitWriter();
  private final long[] least;
  private final long[] most;

  LeafWriter(Vocabulary vocabulary, AddressRegions regions, int block) {
    this.regions = regions;
    this.names = new NameEncoder(vocabulary);
    this.block = block;
    this.least = new long[regions.none() + 1];
    this.most = new long[regions.none() + 1];
  }

  /** Returns rows {@code from} to {@code to} of {@code rows}, sorted by name, as a leaf. */
  long[] write(List<Row> rows, int from, int to) {
    header.clear();
    body.clear();
    int count = to - from;
    int withCrc = 0;
    List<String> namespaces = new ArrayList<>(1);
    long[] owners = new long[0];
    Arrays.fill(least, -1);
    Arrays.fill(most, 0);
    for (int i = from; i < to; i++) {
      ExportedSymbol symbol = rows.get(i).symbol();
      withCrc += symbol.crc() == null ? 0 : 1;
      if (!namespaces.contains(symbol.namespace())) {
        namespaces.add(symbol.namespace());
      }
      if (indexOf(owners, symbol.owner()) < 0) {
        owners = Arrays.copyOf(owners, owners.length + 1);
        owners[owners.length - 1] = symbol.owner();
      }
      int region = regions.of(symbol.address());
      long steps = regions.steps(region, symbol.address());
      if (Long.compareUnsigned(steps, least[region]) < 0) {
        least[region] = steps;
      }
      if (Long.compareUnsigned(steps, most[region]) > 0) {
        most[region] = steps;
      }
    }
    int crcs = withCrc == 0 ? Leaf.NO_CRCS : withCrc == count ? Leaf.ALL_CRCS : Leaf.SOME_CRCS;
    header.put(0, 64);
    header.put(0, 64);
    int ownerBits = owners(owners);
    int namespaceBits = namespaces(namespaces);
    int[] numberOf = new int[least.length];
    int[] width = new int[least.length];
    int present = regions(numberOf, width);
    int regionBits = Leaf.bitsFor(present - 1);

    int blocks = (count + block - 1) / block;
    int[] starts = new int[blocks];
    byte @Nullable [] previous = null;
    for (int i = from; i < to; i++) {
      Row row = rows.get(i);
      ExportedSymbol symbol = row.symbol();
      int shared = 0;
      if (previous == null || (i - from) % block == 0) {
        starts[(i - from) / block] = body.length();
      } else {
        shared = Arrays.mismatch(previous, row.name());
        body.put(Math.min(shared, Leaf.LONG_PREFIX), Leaf.PREFIX_BITS);
        if (shared >= Leaf.LONG_PREFIX) {
          body.put(shared, Leaf.LONG_PREFIX_BITS);
        }
      }
      names.encode(row.name(), shared, body);
      body.put(symbol.gplOnly() ? 1 : 0, 1);
      body.put(indexOf(owners, symbol.owner()), ownerBits);
      body.put(namespaces.indexOf(symbol.namespace()), namespaceBits);
      int region = regions.of(symbol.address());
      body.put(numberOf[region], regionBits);
      body.put(regions.steps(region, symbol.address()) - least[region], width[region]);
      Integer crc = symbol.crc();
      if (crcs == Leaf.SOME_CRCS) {
        body.put(crc == null ? 0 : 1, 1);
      }
      if (crc != null) {
        body.put(crc, 32);
      }
      previous = row.name();
    }
    int offsetBits = Leaf.bitsFor(starts[blocks - 1]);
    for (int i = 1; i < blocks; i++) {
      header.put(starts[i], offsetBits);
    }
    int bodyAt = header.length();
    if (count >= 1 << Leaf.COUNT_BITS || bodyAt >= 1 << Leaf.BODY_AT_BITS) {
      throw new IllegalArgumentException(
          count + " exports whose names cannot be told apart by hash");
    }
    header.put(body);
    long[] words = header.toWords();
    words[0] = Leaf.shape(count, bodyAt, offsetBits, crcs, ownerBits, namespaceBits, regionBits);
    for (int region = 0; region < width.length; region++) {
      words[1] |= (long) width[region] << (numberOf[region] * Leaf.LENGTH_BITS);
    }
    return words;
  }

  private int owners(long[] owners) {
    number(owners.length - 1);
    for (long owner : owners) {
      number(owner);
    }
    return Leaf.bitsFor(owners.length - 1);
  }

  private int namespaces(List<String> namespaces) {
    boolean none = namespaces.size() == 1 && namespaces.getFirst().isEmpty();
    number(none ? 0 : namespaces.size());
    if (!none) {
      for (String namespace : namespaces) {
        byte[] bytes = Row.bytes(namespace);
        number(bytes.length);
        for (byte b : bytes) {
          header.put(b, 8);
        }
      }
    }
    return Leaf.bitsFor(namespaces.size() - 1);
  }

  private int regions(int[] numberOf, int[] width) {
    int present = 0;
    for (int region = 0; region < least.length; region++) {
      if (used(region)) {
        numberOf[region] = present++;
      }
    }
    for (int region = 0; region < least.length; region++) {
      if (used(region)) {
        width[region] = Leaf.bitsFor(most[region] - least[region]);
        header.put(region, AddressRegions.NUMBER_BITS);
        number(least[region]);
      }
    }
    return present;
  }

  private void number(long value) {
    int bits = Leaf.bitsFor(value);
    header.put(bits, Leaf.LENGTH_BITS);
    header.put(value, bits);
  }

  private boolean used(int region) {
    return Long.compareUnsigned(least[region], most[region]) <= 0;
  }

  private static int indexOf(long[] owners, long owner) {
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] == owner) {
        return i;
      }
    }
    return -1;
  }
}
