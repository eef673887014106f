package io.linkout.kernel.api.life;

import io.linkout.kernel.api.image.SymbolBook;
import io.linkout.kernel.api.text.AddressNames;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of addresses: its own symbols, and modules' exports and first text byte.
 * The client, which has the files, makes functions out of offsets.
 */
public final class GuestNames implements AddressNames {
  private final SymbolBook symbols;
  private final GuestModules modules;

  /** Names from {@code symbols} and {@code modules}. */
  public GuestNames(SymbolBook symbols, GuestModules modules) {
    this.symbols = symbols;
    this.modules = modules;
  }

  @Override
  public @Nullable Name lookup(long address) {
    Optional<SymbolBook.Place> symbol = symbols.at(address);
    if (symbol.isPresent() && !symbol.get().name().isEmpty()) {
      SymbolBook.Place s = symbol.get();
      return new Name(s.name(), address - s.address(), s.size(), "");
    }
    return modules.at(address).map(m -> inModule(m, address)).orElse(null);
  }

  @Override
  public boolean isNameless(long address) {
    return symbols.at(address).filter(symbol -> symbol.name().isEmpty()).isPresent();
  }

  private static @Nullable Name inModule(GuestModule module, long address) {
    String export = module.image().exports().at(address);
    if (export != null) {
      return new Name(export, 0, 0, module.name());
    }
    long offset = address - module.base();
    return offset >= 0 ? new Name(module.name(), offset, 0, module.name()) : null;
  }

  /** Returns {@code address} as {@code symbol+0xoff [module]}, or a bare number. */
  public String text(long address) {
    Name name = lookup(address);
    if (name == null) {
      return "0x" + Long.toHexString(address);
    }
    String size = name.size() > 0 ? "/0x" + Long.toHexString(name.size()) : "";
    String module = name.module().isEmpty() ? "" : " [" + name.module() + "]";
    return name.symbol() + "+0x" + Long.toHexString(name.offset()) + size + module;
  }
}
