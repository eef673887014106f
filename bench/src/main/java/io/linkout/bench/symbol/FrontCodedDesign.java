package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted names in blocks: the first of a block whole, each of the others as how many bytes it has
 * in common with the one before it and the rest. Lengths take a byte each. Their facts are in
 * arrays.
 */
final class FrontCodedDesign implements SymbolDesign {
  private final int block;
  private final int count;
  private final byte[] names;
  private final int[] starts;
  private final Facts facts;

  FrontCodedDesign(List<ExportedSymbol> sorted, int block) {
    this.block = block;
    this.count = sorted.size();
    this.starts = new int[(count + block - 1) / block];
    this.facts = new Facts(sorted);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] before = {};
    for (int i = 0; i < count; i++) {
      byte[] name = sorted.get(i).name().getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      if (i % block == 0) {
        starts[i / block] = out.size();
      } else {
        shared = Arrays.mismatch(before, name);
        out.write(shared);
      }
      out.write(name.length - shared);
      out.write(name, shared, name.length - shared);
      before = name;
    }
    names = out.toByteArray();
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = starts.length - 1;
    // The last block whose first name is not after the wanted one.
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      int at = starts[middle];
      int length = names[at] & 0xff;
      if (Arrays.compareUnsigned(names, at + 1, at + 1 + length, wanted, 0, wanted.length) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return starts.length == 0 ? null : inBlock(low, wanted, name);
  }

  private @Nullable ExportedSymbol inBlock(int number, byte[] wanted, String name) {
    int at = starts[number];
    int end = Math.min(count, (number + 1) * block);
    // How many bytes the name that was read last has in common with the wanted one.
    int same = 0;
    for (int i = number * block; i < end; i++) {
      int shared = i % block == 0 ? 0 : names[at++] & 0xff;
      int rest = names[at++] & 0xff;
      if (shared < same) {
        return null;
      }
      if (shared == same) {
        int more = Arrays.mismatch(names, at, at + rest, wanted, same, wanted.length);
        if (more < 0) {
          return facts.of(i, name);
        }
        same += more;
      }
      at += rest;
    }
    return null;
  }

  @Override
  public long sum() {
    byte[] name = new byte[256];
    int at = 0;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int shared = i % block == 0 ? 0 : names[at++] & 0xff;
      int rest = names[at++] & 0xff;
      System.arraycopy(names, at, name, shared, rest);
      at += rest;
      sum += facts.of(i, new String(name, 0, shared + rest, StandardCharsets.UTF_8)).address();
    }
    return sum;
  }

  @Override
  public Object root() {
    return this;
  }
}
