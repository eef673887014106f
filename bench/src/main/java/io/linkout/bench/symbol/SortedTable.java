package io.linkout.bench.symbol;

import io.linkout.kernel.symbol.ExportedSymbol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Names in order, in one of several forms, and the facts of each in arrays beside them. A change
 * writes all of it again.
 */
final class SortedTable implements Design {
  /** Sorted names; a name's number is its place in the order. */
  interface Names {
    /** Returns the number of {@code name}, ASCII, or −1. */
    int find(byte[] name);

    /** Hands all names to {@code to}, in order. */
    void each(Consumer<String> to);
  }

  /** All there is at one time. Not a record: a record's size cannot be measured. */
  private static final class Kept {
    final Names names;
    final Facts facts;

    Kept(Names names, Facts facts) {
      this.names = names;
      this.facts = facts;
    }
  }

  private final Function<List<byte[]>, Names> form;
  private Kept kept;

  SortedTable(Function<List<byte[]>, Names> form) {
    this.form = form;
    kept = of(List.of());
  }

  private Kept of(List<ExportedSymbol> exports) {
    List<byte[]> names = new ArrayList<>(exports.size());
    for (ExportedSymbol export : exports) {
      names.add(ascii(export.name()));
    }
    return new Kept(form.apply(names), Facts.of(exports));
  }

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  private List<ExportedSymbol> all() {
    List<ExportedSymbol> all = new ArrayList<>();
    each(all::add);
    return all;
  }

  @Override
  public void add(List<ExportedSymbol> exports) {
    List<ExportedSymbol> all = all();
    all.addAll(exports);
    all.sort(BY_NAME);
    kept = of(all);
  }

  @Override
  public void remove(long owner) {
    List<ExportedSymbol> all = all();
    all.removeIf(export -> export.owner() == owner);
    kept = of(all);
  }

  @Override
  public @Nullable ExportedSymbol find(String name) {
    int found = kept.names.find(ascii(name));
    return found < 0 ? null : kept.facts.of(found, name);
  }

  @Override
  public void each(Consumer<ExportedSymbol> to) {
    Facts facts = kept.facts;
    kept.names.each(
        new Consumer<>() {
          private int number;

          @Override
          public void accept(String name) {
            to.accept(facts.of(number++, name));
          }
        });
  }

  @Override
  public Object kept() {
    return kept;
  }
}
