package io.linkout.kernel.api;

/** Where groups of kernel functions declare what they supply, once, before the kernel boots. */
public interface FunctionTable {
  /** Licence class in the built-in personality; a personality read from headers overrides it. */
  enum Licence {
    /** {@code EXPORT_SYMBOL}. */
    ANY,
    /** {@code EXPORT_SYMBOL_GPL}. */
    GPL
  }

  /** {@code name} does what Linux does. */
  void real(String name, Licence licence, KernelFunction function);

  /** {@code name} records what was asked and its undoing. */
  void modelled(String name, Licence licence, KernelFunction function);

  /** {@code name} is the machine code {@code code}, position independent. */
  void code(String name, Licence licence, byte[] code);

  /** {@code name} does what Linux does and anyone may link to it. */
  default void real(String name, KernelFunction function) {
    real(name, Licence.ANY, function);
  }
}
