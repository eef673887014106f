package io.linkout.kernel.personality;

import java.util.Map;

/**
 * Offsets, sizes and constants of a kernel's structures, by C name: {@code task_struct.pid} is an
 * offset in bytes, {@code sizeof.task_struct} a size in bytes, anything else a constant.
 *
 * @param source where it is from, for people
 */
public record StructLayout(Map<String, Long> values, String source) {
  /**
   * Returns the value of {@code name}.
   *
   * @throws IllegalArgumentException if the layout does not have it, which {@link #has} tells
   */
  public int of(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(source + " has no " + name);
    }
    return Math.toIntExact(value);
  }

  /** Returns true if the release has the structure, field or constant {@code name}. */
  public boolean has(String name) {
    return values.containsKey(name);
  }
}
