package io.linkout.link;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel as it would be with all modules of a set loaded: what it does not export itself, one of
 * them does. For checking only: the addresses of those exports are made up.
 */
public final class ModuleSetKernel implements Kernel {
  /** In reach of the module area, above all that a check puts there. */
  private static final long EXPORTS = 0xfffffffff0000000L;

  private final Kernel kernel;
  private final ModuleSet modules;

  /** {@code kernel} with {@code modules}. */
  public ModuleSetKernel(Kernel kernel, ModuleSet modules) {
    this.kernel = kernel;
    this.modules = modules;
  }

  @Override
  public KernelIdentity identity() {
    return kernel.identity();
  }

  @Override
  public List<@Nullable KernelSymbol> resolve(List<String> names) {
    List<@Nullable KernelSymbol> answers = new ArrayList<>(kernel.resolve(names));
    for (int i = 0; i < answers.size(); i++) {
      KernelSymbol answer = answers.get(i);
      if (answer == null) {
        answers.set(i, modules.find(names.get(i), EXPORTS));
      } else if (answer.ownerLoadId() == 0
          && !answer.owner().isEmpty()
          && modules.lacks(answer.owner())) {
        // in the list of exports, but of a module that could not be loaded before
        answers.set(i, null);
      }
    }
    return answers;
  }

  @Override
  public UnknownExports unknownExports() {
    return kernel.unknownExports();
  }

  @Override
  public Allocation allocate(String name, List<SegmentRequest> segments) {
    return kernel.allocate(name, segments);
  }

  @Override
  public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
    kernel.write(allocation, segment, offset, bytes);
  }

  @Override
  public Activated activate(Allocation allocation, Activation activation) {
    return kernel.activate(allocation, activation);
  }

  @Override
  public void free(Allocation allocation) {
    kernel.free(allocation);
  }

  @Override
  public void reportFailure(String module, List<FailureCause> causes) {
    kernel.reportFailure(module, causes);
  }
}
