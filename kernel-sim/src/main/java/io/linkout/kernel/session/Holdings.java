package io.linkout.kernel.session;

import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.PendingWork;
import io.linkout.kernel.module.Refusal;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything one session owns: handles, pins, work it waits for, its subscription to the log. What
 * a session gets is registered here in the same step, so that {@link #release}, the one place where
 * it is all returned, misses nothing.
 */
final class Holdings {
  private final HandleTable table;
  private final Map<Long, Handle> handles = new HashMap<>();
  private final Set<LoadedModule> pins = new LinkedHashSet<>();
  private long handleBytes;
  private @Nullable PendingWork work;
  private @Nullable LogFollower follower;
  private boolean released;

  Holdings(HandleTable table) {
    this.table = table;
  }

  void add(Handle handle) {
    checkOpen();
    handles.put(handle.id(), handle);
    handleBytes += handle.bytes();
  }

  /**
   * Returns the handle of that number.
   *
   * @throws Refusal (misuse) if it is not this session's
   */
  Handle handle(long id) {
    Handle handle = handles.get(id);
    if (handle == null) {
      throw Refusal.misuse("handle " + Long.toUnsignedString(id) + " is not this connection's");
    }
    return handle;
  }

  void free(Handle handle) {
    forget(handle);
    table.free(handle);
  }

  /** The handle belongs to someone else from here on. */
  void forget(Handle handle) {
    handles.remove(handle.id());
    handleBytes -= handle.bytes();
  }

  void pin(LoadedModule module) {
    checkOpen();
    if (pins.add(module)) {
      module.pin();
    }
  }

  /** Gives back the pin on {@code module}, if there is one. */
  void unpin(LoadedModule module) {
    if (pins.remove(module)) {
      module.unpin();
    }
  }

  Set<LoadedModule> pins() {
    return pins;
  }

  void await(PendingWork pending) {
    checkOpen();
    work = pending;
  }

  void workDone() {
    work = null;
  }

  /** Returns true if no work is under way: what had not begun is called off. */
  boolean callOff() {
    if (work != null && work.cancel()) {
      work = null;
    }
    return work == null;
  }

  void follow(LogFollower subscription) {
    checkOpen();
    follower = subscription;
  }

  @Nullable LogFollower follower() {
    return follower;
  }

  int handleCount() {
    return handles.size();
  }

  long handleBytes() {
    return handleBytes;
  }

  Collection<Handle> handles() {
    return handles.values();
  }

  /** Returns everything. Work that has begun goes on; what it was given is not this session's. */
  void release() {
    if (released) {
      return;
    }
    released = true;
    if (work != null) {
      work.cancel();
      work = null;
    }
    if (follower != null) {
      follower.close();
      follower = null;
    }
    handles.values().forEach(table::free);
    handles.clear();
    handleBytes = 0;
    pins.forEach(LoadedModule::unpin);
    pins.clear();
  }

  private void checkOpen() {
    if (released) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
