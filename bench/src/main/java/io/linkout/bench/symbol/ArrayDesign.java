package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sorted array of names, their facts in arrays beside it. */
final class ArrayDesign implements SymbolDesign {
  private final String[] names;
  private final Facts facts;

  ArrayDesign(List<ExportedSymbol> sorted) {
    names = sorted.stream().map(ExportedSymbol::name).toArray(String[]::new);
    facts = new Facts(sorted);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    int index = Arrays.binarySearch(names, name);
    return index < 0 ? null : facts.of(index, names[index]);
  }

  @Override
  public long sum() {
    long sum = 0;
    for (int i = 0; i < names.length; i++) {
      sum += facts.of(i, names[i]).address();
    }
    return sum;
  }

  @Override
  public Object root() {
    return this;
  }
}
