package io.linkout.kernel.api;

import java.util.HashMap;
import java.util.Map;

/** A function table whose functions a test can call. */
public final class FakeTable implements FunctionTable {
  private final Map<String, KernelFunction> functions = new HashMap<>();
  private final Map<String, byte[]> codes = new HashMap<>();

  @Override
  public void real(String name, Licence licence, KernelFunction function) {
    add(name, function);
  }

  @Override
  public void modelled(String name, Licence licence, KernelFunction function) {
    add(name, function);
  }

  @Override
  public void code(String name, Licence licence, byte[] code) {
    if (codes.put(name, code.clone()) != null) {
      throw new IllegalStateException(name + " is declared twice");
    }
  }

  /** Returns the function {@code name}. */
  public KernelFunction function(String name) {
    KernelFunction function = functions.get(name);
    if (function == null) {
      throw new IllegalStateException(name + " is not declared");
    }
    return function;
  }

  /** Returns whether {@code name} is a function in Java. */
  public boolean isFunction(String name) {
    return functions.containsKey(name);
  }

  /** Returns the machine code of {@code name}. */
  public byte[] machineCode(String name) {
    byte[] code = codes.get(name);
    if (code == null) {
      throw new IllegalStateException(name + " is not declared as code");
    }
    return code.clone();
  }

  /** Returns the names declared, as functions or code. */
  public java.util.Set<String> names() {
    java.util.Set<String> names = new java.util.TreeSet<>(functions.keySet());
    names.addAll(codes.keySet());
    return names;
  }

  private void add(String name, KernelFunction function) {
    if (functions.put(name, function) != null) {
      throw new IllegalStateException(name + " is declared twice");
    }
  }
}
