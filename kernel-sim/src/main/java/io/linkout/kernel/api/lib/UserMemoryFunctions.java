package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.HexFormat;

/**
 * Access to user memory, of which there is none: every address is refused as Linux refuses one that
 * is not mapped (lib/usercopy.c, arch/x86/lib/getuser.S, putuser.S).
 */
final class UserMemoryFunctions {
  private static final long EFAULT = -14;

  /** mov rax,-14; xor edx,edx; ret: error in rax, no value in rdx. */
  private static final String GET = "48c7c0f2ffffff 31d2 c3";

  /** mov ecx,-14; ret: error in ecx, the only register it may change. */
  private static final String PUT = "b9f2ffffff c3";

  private UserMemoryFunctions() {}

  static void declare(FunctionTable table) {
    for (int bytes : new int[] {1, 2, 4, 8}) {
      for (String variant : new String[] {"", "nocheck_"}) {
        table.code("__get_user_" + variant + bytes, Licence.ANY, hex(GET));
        table.code("__put_user_" + variant + bytes, Licence.ANY, hex(PUT));
      }
    }
    table.real("_copy_to_user", c -> c.argument(2));
    table.real("_copy_from_user", UserMemoryFunctions::copyFrom);
    table.real("strncpy_from_user", _ -> EFAULT);
    table.real("strnlen_user", _ -> 0);
    table.real("memdup_user", _ -> EFAULT);
    table.real("memdup_user_nul", _ -> EFAULT);
    table.real("vmemdup_user", _ -> EFAULT);
    table.real("strndup_user", _ -> EFAULT);
    table.real("copy_from_user_nofault", Licence.GPL, _ -> EFAULT);
    table.real("copy_to_user_nofault", Licence.GPL, _ -> EFAULT);
    // What cannot be copied is what is asked for: the count in rdx for these.
    for (String name :
        new String[] {
          "copy_user_generic_unrolled", "copy_user_generic_string", "copy_user_enhanced_fast_string"
        }) {
      table.real(name, c -> c.argument(2) & 0xffffffffL);
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** Zeroes the destination, so that nothing stale is used, and returns the bytes not copied. */
  private static long copyFrom(TrapFrame c) {
    c.memory().fill(c.argument(0), c.argument(2), 0);
    return c.argument(2);
  }
}
