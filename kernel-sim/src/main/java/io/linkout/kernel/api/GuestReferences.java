package io.linkout.kernel.api;

/**
 * Told on the CPU thread of references guest code takes and gives back; posts them to the event
 * loop.
 */
@FunctionalInterface
public interface GuestReferences {
  /** {@code __module_get} or {@code try_module_get} gave +1, {@code module_put} −1. */
  void changed(long loadId, int delta);
}
