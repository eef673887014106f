package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Owners;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All modules that are mapped, and the one whose code was entered. */
public final class GuestModules implements Owners {
  private final Map<Long, GuestModule> modules = new LinkedHashMap<>();
  private long entered;

  void add(GuestModule module) {
    modules.put(module.loadId(), module);
  }

  void remove(GuestModule module) {
    modules.remove(module.loadId());
  }

  /** Returns the module of {@code loadId}. */
  public Optional<GuestModule> byId(long loadId) {
    return Optional.ofNullable(modules.get(loadId));
  }

  /** Returns the module that guest address {@code address} lies in. */
  public Optional<GuestModule> at(long address) {
    for (GuestModule module : modules.values()) {
      if (module.segmentAt(address).isPresent()) {
        return Optional.of(module);
      }
    }
    return Optional.empty();
  }

  /** Returns the module whose struct module is at {@code address}. */
  public Optional<GuestModule> byStructure(long address) {
    return modules.values().stream().filter(m -> m.image().thisModule() == address).findFirst();
  }

  /** Returns all, oldest first. */
  public Collection<GuestModule> all() {
    return modules.values();
  }

  /** Says which module's code is entered next; 0 for the kernel. */
  void enter(long loadId) {
    entered = loadId;
  }

  /** Returns the load id of the module whose code was entered, or 0. */
  public long entered() {
    return entered;
  }

  @Override
  public long ownerOf(long caller) {
    return at(caller).map(GuestModule::loadId).orElse(entered);
  }
}
