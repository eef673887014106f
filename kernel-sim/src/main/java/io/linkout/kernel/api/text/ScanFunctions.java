package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;

/** sscanf and vsscanf (lib/vsprintf.c, release 6.1). */
public final class ScanFunctions {
  private ScanFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real(
        "sscanf",
        c ->
            new GuestScan(c.memory(), c.argument(0), c.argument(1), FormatArguments.ofCall(c, 2))
                .run());
    table.real(
        "vsscanf",
        c ->
            new GuestScan(
                    c.memory(),
                    c.argument(0),
                    c.argument(1),
                    FormatArguments.ofVaList(c.memory(), c.argument(2)))
                .run());
  }
}
