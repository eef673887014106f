package io.linkout.kernel.session;

import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.FunctionCaller;
import io.linkout.kernel.module.HandleTable;
import io.linkout.kernel.module.Loader;
import io.linkout.kernel.module.ModuleTable;
import io.linkout.kernel.module.Remover;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one kernel that all sessions share.
 *
 * @param loader null where no modules are loaded
 * @param remover null where no modules are loaded
 * @param daemonUid uid of this process: it and root may do what others may not
 * @param readers uids that may list and read, nothing else
 * @param nanoTime monotonic, nanoseconds
 * @param bootNanos {@code nanoTime} at the daemon's boot
 */
public record KernelState(
    ModuleTable modules,
    HandleTable handles,
    @Nullable Loader loader,
    @Nullable Remover remover,
    FunctionCaller caller,
    GuestKernel guest,
    Executor eventLoop,
    Kmsg kmsg,
    Limits limits,
    Controls controls,
    int daemonUid,
    Set<Integer> readers,
    LongSupplier nanoTime,
    long bootNanos) {

  /** Returns true if modules are loaded and removed here. */
  public boolean loadsModules() {
    return loader != null && remover != null;
  }

  /** Returns true if {@code uid} may list and read, and change nothing. */
  public boolean readsOnly(int uid) {
    return readers.contains(uid) && !privileged(uid);
  }

  /** Returns true if {@code uid} may close sessions and stop the daemon. */
  public boolean privileged(int uid) {
    return uid == 0 || uid == daemonUid;
  }
}
