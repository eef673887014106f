package io.linkout.kernel.api.life;

import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.api.LoadImage.TableKind;
import io.linkout.kernel.api.oops.CodeRange;
import io.linkout.kernel.api.oops.ModuleTables;
import io.linkout.kernel.api.oops.TableRegistry;
import io.linkout.kernel.api.oops.TableSpan;
import java.util.ArrayList;
import java.util.List;

/** Tells the judge of faults about modules' tables. */
final class FaultTables {
  private final TableRegistry registry;

  FaultTables(TableRegistry registry) {
    this.registry = registry;
  }

  /** Tells of {@code module} as it is mapped now. */
  void put(GuestModule module) {
    List<CodeRange> code = new ArrayList<>();
    for (Segment segment : module.mapped()) {
      if (module.executes(segment.address())) {
        code.add(new CodeRange(segment.address(), segment.address() + segment.host().byteSize()));
      }
    }
    registry.put(
        new ModuleTables(
            module.loadId(),
            code,
            span(module, TableKind.BUG_TABLE),
            span(module, TableKind.EX_TABLE),
            span(module, TableKind.ORC_UNWIND_IP),
            span(module, TableKind.ORC_UNWIND)));
  }

  void remove(GuestModule module) {
    registry.remove(module.loadId());
  }

  private static TableSpan span(GuestModule module, TableKind kind) {
    return module
        .table(kind)
        .map(t -> new TableSpan(t.address(), t.length()))
        .orElse(TableSpan.EMPTY);
  }
}
