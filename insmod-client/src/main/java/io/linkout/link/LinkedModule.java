package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.SymbolTable;
import java.util.List;

/**
 * A module that is linked and written into space of the kernel's, ready to be activated. The image
 * may be used until {@link #close}, which gives back host memory only: the space in the kernel is
 * given back by {@link Linker#release}, by a refused activation, or when the connection closes.
 */
public final class LinkedModule implements AutoCloseable {
  private final ModuleFile file;
  private final Allocation allocation;
  private final ModuleImage image;
  private final long[] values;
  private final Activation activation;
  private final ImageMemory pool;
  private boolean closed;

  LinkedModule(
      ModuleFile file,
      Allocation allocation,
      ModuleImage image,
      long[] values,
      Activation activation,
      ImageMemory pool) {
    this.file = file;
    this.allocation = allocation;
    this.image = image;
    this.values = values;
    this.activation = activation;
    this.pool = pool;
  }

  /** Returns the module's name. */
  public String name() {
    return activation.name();
  }

  /** Returns the file it was linked from, the caller's. */
  public ModuleFile file() {
    return file;
  }

  /** Returns the space in the kernel. */
  public Allocation allocation() {
    return allocation;
  }

  /** Returns what the kernel is to be told. */
  public Activation activation() {
    return activation;
  }

  /** Returns the bytes; valid until closed. */
  public ModuleImage image() {
    return image;
  }

  /** Returns where everything lies. */
  public LinkPlan plan() {
    return image.plan();
  }

  /** Returns the exports, a short for those of the activation. */
  public List<ModuleExport> exports() {
    return activation.exports();
  }

  /**
   * Returns the final value of symbol {@code index} of the file; not for its first, null symbol.
   */
  public long symbolValue(int index) {
    return values[index];
  }

  /** Returns the address that the undefined symbol {@code name} has, 0 if there is none. */
  public long importedAddress(String name) {
    SymbolTable symbols = file.elf().symbols();
    int symbol = symbols.find(name);
    return symbol > 0 && symbols.section(symbol) == Elf.SHN_UNDEF ? values[symbol] : 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      image.release(pool);
    }
  }
}
