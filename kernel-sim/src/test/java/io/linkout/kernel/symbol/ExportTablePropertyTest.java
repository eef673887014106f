package io.linkout.kernel.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.symbol.AddressRegions.Region;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compressed table against a plain map, with names of every kind, in seeded random orders. */
class ExportTablePropertyTest {
  private static final Comparator<String> BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private static final AddressRegions REGIONS =
      new AddressRegions(
          List.of(
              new Region(0xffffffff81000000L, 0xffffffff82000000L, 4),
              new Region(0xffffffffa0000000L, 0xffffffffff000000L, 0)));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithAMap(long seed) {
    Random random = new Random(seed);
    // Small leaves, so that many of them begin, join and end.
    CompressedExportTable table =
        new CompressedExportTable(REGIONS, 1 + random.nextInt(20), 1 + random.nextInt(6));
    TreeMap<String, ExportedSymbol> map = new TreeMap<>(BYTES);
    List<Long> owners = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      if (random.nextInt(3) > 0 || owners.isEmpty()) {
        long owner = step == 0 ? 0 : random.nextLong();
        TreeMap<String, ExportedSymbol> batch = new TreeMap<>(BYTES);
        for (int i = random.nextInt(60); i >= 0; i--) {
          String name = name(random);
          if (!map.containsKey(name)) {
            batch.put(name, symbol(name, random, owner));
          }
        }
        List<ExportedSymbol> shuffled = new ArrayList<>(batch.values());
        java.util.Collections.shuffle(shuffled, random);
        refuseDuplicates(table, map, shuffled, random);
        table.add(shuffled);
        map.putAll(batch);
        owners.add(owner);
      } else {
        long owner = owners.remove(random.nextInt(owners.size()));
        List<ExportedSymbol> gone = map.values().stream().filter(s -> s.owner() == owner).toList();
        assertThat(table.removeAll(owner)).isEqualTo(gone);
        map.values().removeIf(s -> s.owner() == owner);
      }
      if (random.nextBoolean()) {
        table.pack();
      }
      same(table, map, random);
    }
  }

  private static void refuseDuplicates(
      CompressedExportTable table,
      NavigableMap<String, ExportedSymbol> map,
      List<ExportedSymbol> batch,
      Random random) {
    List<ExportedSymbol> more = new ArrayList<>(batch);
    if (!map.isEmpty() && random.nextBoolean()) {
      more.add(map.firstEntry().getValue());
    } else if (!batch.isEmpty()) {
      more.add(batch.getFirst());
    } else {
      return;
    }
    assertThatThrownBy(() -> table.add(more)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void same(
      CompressedExportTable table, NavigableMap<String, ExportedSymbol> map, Random random) {
    assertThat(table.size()).isEqualTo(map.size());
    Iterator<ExportedSymbol> all = table.after("");
    for (ExportedSymbol symbol : map.tailMap("", false).values()) {
      assertThat(all.next()).isEqualTo(symbol);
      assertThat(table.find(symbol.name())).isEqualTo(symbol);
    }
    assertThat(all.hasNext()).isFalse();
    for (int i = 0; i < 20; i++) {
      String name = name(random);
      assertThat(table.find(name)).isEqualTo(map.get(name));
      Iterator<ExportedSymbol> after = table.after(name);
      Iterator<ExportedSymbol> expected = map.tailMap(name, false).values().iterator();
      assertThat(after.hasNext()).isEqualTo(expected.hasNext());
      if (expected.hasNext()) {
        assertThat(after.next()).isEqualTo(expected.next());
      }
    }
    // The same exports take the same bytes, whatever came and went before.
    CompressedExportTable fresh = table.empty();
    fresh.add(map.values());
    assertThat(table.bytes()).isEqualTo(fresh.bytes());
  }

  private static ExportedSymbol symbol(String name, Random random, long owner) {
    long address =
        switch (random.nextInt(4)) {
          case 0 -> 0xffffffff81000000L + 16L * random.nextInt(1000);
          case 1 -> 0xffffffff81000000L + random.nextInt(1000);
          case 2 -> 0xffffffffa0000000L + random.nextInt(1 << 30);
          default -> random.nextLong();
        };
    return new ExportedSymbol(
        name,
        address,
        random.nextInt(3) == 0 ? null : (Integer) random.nextInt(),
        random.nextBoolean(),
        random.nextInt(4) > 0 ? "" : "NS_\u00e9" + random.nextInt(3),
        owner);
  }

  private static String name(Random random) {
    String[] parts = {"get_", "cfg80211_", "__SCT__tp_func_", "a", "_", "z", "$", "*", "x\u0000y"};
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> name.appendCodePoint(0x80 + random.nextInt(0x500));
        case 1 -> name.append((char) ('a' + random.nextInt(3)));
        case 2 -> name.append("q".repeat(random.nextInt(40)));
        default -> name.append(parts[random.nextInt(parts.length)]);
      }
    }
    if (random.nextInt(20) == 0) {
      name.appendCodePoint(0x1f600 + random.nextInt(9));
    }
    return name.isEmpty() ? "e" : name.toString();
  }
}
