package io.linkout.rpc;

import io.linkout.proto.wire.Activated;
import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleList;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolved;
import io.linkout.proto.wire.Symbol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that exports every symbol but those told otherwise, gives space from 0xffffffffa0000000
 * up, and lets every module live that it is not told to refuse.
 */
public final class LoadingScript implements FakeKernel.Script {
  private final Set<String> unknown;
  private final @Nullable Error refusal;
  private final ModuleList.Builder modules = ModuleList.newBuilder();
  private final FakeSpace space = new FakeSpace();

  /**
   * A kernel without {@code unknown}.
   *
   * @param refusal what every Activate is answered with, or null
   */
  public LoadingScript(Set<String> unknown, @Nullable Error refusal) {
    this.unknown = unknown;
    this.refusal = refusal;
  }

  @Override
  public synchronized List<Reply> answer(Request request) {
    Reply.Builder reply = Reply.newBuilder();
    switch (request.getKindCase()) {
      case WRITE -> {
        return List.of();
      }
      case RESOLVE -> reply.setResolved(resolve(request.getResolve().getNamesList()));
      case ALLOCATE -> reply.setAllocated(space.allocate(request.getAllocate().getSegmentsList()));
      case LIST_MODULES -> reply.setModules(modules);
      case ACTIVATE -> {
        if (refusal != null) {
          reply.setError(refusal);
        } else {
          modules.addModules(
              Module.newBuilder()
                  .setName(request.getActivate().getName())
                  .setState(ModuleState.STATE_LIVE)
                  .setLoadId(77)
                  .setPath(request.getActivate().getPath())
                  .setBuildId(request.getActivate().getBuildId())
                  .addAllSegments(space.placed()));
          reply.setActivated(Activated.newBuilder().setLoadId(77));
        }
      }
      default -> reply.setDone(Done.getDefaultInstance());
    }
    return List.of(reply.build());
  }

  private Resolved resolve(List<String> names) {
    Resolved.Builder resolved = Resolved.newBuilder();
    for (String name : names) {
      resolved.addSymbols(
          Symbol.newBuilder().setFound(!unknown.contains(name)).setAddress(0xffffffff81000000L));
    }
    return resolved.build();
  }
}
