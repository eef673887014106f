package io.linkout.kernel.symbol;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The export table of a kernel that leaves symbols to userspace: nothing is ever in it. */
public final class NoExports implements ExportTable {
  @Override
  public void add(Collection<ExportedSymbol> exports) {
    if (!exports.isEmpty()) {
      throw new IllegalArgumentException("this kernel keeps no symbols");
    }
  }

  @Override
  public boolean keeps() {
    return false;
  }

  @Override
  public List<ExportedSymbol> of(long owner) {
    return List.of();
  }

  @Override
  public List<ExportedSymbol> removeAll(long owner) {
    return List.of();
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    return null;
  }

  @Override
  public @Nullable ExportedSymbol atOrBelow(long address, long owner) {
    return null;
  }

  @Override
  public List<@Nullable ExportedSymbol> atOrBelow(long[] addresses, long owner) {
    return Collections.nCopies(addresses.length, null);
  }

  @Override
  public Iterator<ExportedSymbol> after(String name) {
    return Collections.emptyIterator();
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public long bytes() {
    return 0;
  }
}
