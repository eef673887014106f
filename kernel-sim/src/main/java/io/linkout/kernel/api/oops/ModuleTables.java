package io.linkout.kernel.api.oops;

import java.util.List;

/**
 * The tables by which faults in a module's code are judged and its stack frames are found; all of
 * them in its own guest memory, sorted by the client.
 *
 * @param loadId of the module
 * @param code its code, init code included while that is there
 * @param bugs {@code __bug_table}
 * @param exceptions {@code __ex_table}
 * @param orcAddresses {@code .orc_unwind_ip}
 * @param orcEntries {@code .orc_unwind}, in parallel
 */
public record ModuleTables(
    long loadId,
    List<CodeRange> code,
    TableSpan bugs,
    TableSpan exceptions,
    TableSpan orcAddresses,
    TableSpan orcEntries) {

  /** Returns these for {@code code} only: init code is gone. */
  public ModuleTables withCode(List<CodeRange> remaining) {
    return new ModuleTables(loadId, remaining, bugs, exceptions, orcAddresses, orcEntries);
  }
}
