package io.linkout.cli;

import io.linkout.link.KernelSymbol;
import io.linkout.rpc.KernelConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ksym: where exported symbols are, and whose. */
final class Ksym extends Command {
  Ksym() {
    super(
        new Syntax("ksym [options] NAME...|--all")
            .flag('\0', "all", "every export, by name")
            .flag('\0', "json", "an array of objects")
            .search()
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    List<String> names = arguments.operands();
    if (arguments.has("all") != names.isEmpty()) {
      throw new Failure(names.isEmpty() ? "missing symbol name" : "--all takes no names");
    }
    List<KernelSymbol> found = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    try (KernelConnection kernel = connect(arguments, console)) {
      Symbols kept = Symbols.of(kernel, arguments, console);
      if (names.isEmpty()) {
        found.addAll(kept.all());
      } else {
        List<@Nullable KernelSymbol> symbols = kept.find(names);
        for (int i = 0; i < names.size(); i++) {
          KernelSymbol symbol = symbols.get(i);
          if (symbol == null) {
            unknown.add(names.get(i));
          } else {
            found.add(symbol);
          }
        }
      }
    }
    if (arguments.has("json")) {
      json(found, console);
    } else {
      found.forEach(symbol -> console.line(row(symbol)));
    }
    for (String name : unknown) {
      console.error("unknown symbol " + name);
    }
    return unknown.isEmpty() ? 0 : 1;
  }

  private static String row(KernelSymbol symbol) {
    String crc = crc(symbol);
    return address(symbol)
        + " "
        + (symbol.gplOnly() ? "G" : "T")
        + " "
        + owner(symbol)
        + " "
        + symbol.name()
        + " "
        + (crc == null ? "-" : crc)
        + " "
        + (symbol.namespace().isEmpty() ? "-" : symbol.namespace());
  }

  private static void json(List<KernelSymbol> symbols, Console console) {
    JsonWriter json = new JsonWriter(console).array();
    for (KernelSymbol symbol : symbols) {
      json.object()
          .member("address", address(symbol))
          .member("class", symbol.gplOnly() ? "G" : "T")
          .member("owner", owner(symbol))
          .member("name", symbol.name())
          .member("crc", crc(symbol))
          .member("namespace", symbol.namespace().isEmpty() ? null : symbol.namespace())
          .endObject();
    }
    json.endArray().end();
  }

  private static String address(KernelSymbol symbol) {
    return "0x" + Numbers.hex16(symbol.address());
  }

  private static String owner(KernelSymbol symbol) {
    return symbol.owner().isEmpty() ? "[kernel]" : symbol.owner();
  }

  private static @Nullable String crc(KernelSymbol symbol) {
    Integer crc = symbol.crc();
    return crc == null ? null : "0x" + Numbers.hex8(crc);
  }
}
