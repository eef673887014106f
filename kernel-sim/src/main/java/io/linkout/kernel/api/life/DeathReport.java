package io.linkout.kernel.api.life;

import io.linkout.kernel.cpu.CpuOutcome;
import java.util.List;

/** Writes the report of a guest call that died into the kernel log. */
@FunctionalInterface
public interface DeathReport {
  /** Logs why and where, and returns the lines that were logged. */
  List<String> report(CpuOutcome.Died died);
}
