package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.HexFormat;

/**
 * Functions over bytes (lib/string.c, lib/memweight.c; arch/x86/lib for those that are machine
 * code). The copies are code because modules call them in loops: a trap costs far more than a short
 * copy. All of the code is position independent.
 */
public final class MemoryFunctions {
  /**
   * memcpy(rdi, rsi, rdx): eight bytes at a time, then the rest.
   *
   * <pre>
   *   mov rax,rdi; mov rcx,rdx; shr rcx,3; rep movsq; mov ecx,edx; and ecx,7; rep movsb; ret
   * </pre>
   */
  private static final String MEMCPY = "4889f8 4889d1 48c1e903 f348a5 89d1 83e107 f3a4 c3";

  /**
   * memmove: forwards as memcpy unless the destination begins within the source, then backwards
   * with the direction flag set.
   *
   * <pre>
   *   mov rax,rdi; mov rcx,rdi; sub rcx,rsi; cmp rcx,rdx; mov rcx,rdx; jb backwards
   *   shr rcx,3; rep movsq; mov ecx,edx; and ecx,7; rep movsb; ret
   *   backwards: lea rsi,[rsi+rdx-8]; lea rdi,[rdi+rdx-8]; shr rcx,3; std; rep movsq
   *   add rsi,7; add rdi,7; mov ecx,edx; and ecx,7; rep movsb; cld; ret
   * </pre>
   */
  private static final String MEMMOVE =
      "4889f8 4889f9 4829f1 4839d1 4889d1 720f 48c1e903 f348a5 89d1 83e107 f3a4 c3"
          + " 488d7416f8 488d7c17f8 48c1e903 fd f348a5 4883c607 4883c707 89d1 83e107 f3a4 fc c3";

  /**
   * memset(rdi, sil, rdx).
   *
   * <pre>
   *   mov r9,rdi; movzx eax,sil; movabs rcx,0x0101010101010101; imul rax,rcx; mov rcx,rdx
   *   shr rcx,3; rep stosq; mov ecx,edx; and ecx,7; rep stosb; mov rax,r9; ret
   * </pre>
   */
  private static final String MEMSET =
      "4989f9 400fb6c6 48b90101010101010101 480fafc1 4889d1 48c1e903 f348ab 89d1 83e107 f3aa"
          + " 4c89c8 c3";

  /**
   * __sw_hweight32(edi): alternatives call it in place of popcnt, so it preserves every register
   * but rax. Sums of bits in pairs, nibbles, bytes; then one multiplication adds the bytes.
   */
  private static final String HWEIGHT32 =
      "57 89f8 d1e8 2555555555 29c7 89f8 c1ef02 2533333333 81e733333333 01f8 89c7 c1ef04 01f8"
          + " 250f0f0f0f 69c001010101 c1e818 5f c3";

  /** __sw_hweight64(rdi): as {@link #HWEIGHT32}. */
  private static final String HWEIGHT64 =
      "57 52 48ba5555555555555555 4889f8 48d1e8 4821d0 4829c7 48ba3333333333333333 4889f8 48c1ef02"
          + " 4821d0 4821d7 4801f8 4889c7 48c1ef04 4801f8 48ba0f0f0f0f0f0f0f0f 4821d0"
          + " 48ba0101010101010101 480fafc2 48c1e838 5a 5f c3";

  private MemoryFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    code(table, MEMCPY, "memcpy", "__memcpy", "memcpy_fromio", "memcpy_toio");
    code(table, MEMMOVE, "memmove", "__memmove");
    code(table, MEMSET, "memset", "__memset", "memset_io");
    code(table, HWEIGHT32, "__sw_hweight32");
    code(table, HWEIGHT64, "__sw_hweight64");
    table.real("memcmp", MemoryFunctions::compare);
    table.real("bcmp", MemoryFunctions::compare);
    table.real("memchr", c -> find(c, 0));
    table.real("memscan", c -> find(c, c.argument(0) + c.argument(2)));
    table.real("memchr_inv", MemoryFunctions::findOther);
    table.real("memweight", MemoryFunctions::weight);
  }

  private static void code(FunctionTable table, String hex, String... names) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    for (String name : names) {
      table.code(name, Licence.ANY, code);
    }
  }

  /** Returns the difference of the first bytes that differ. */
  private static long compare(TrapFrame c) {
    GuestText left = new GuestText(c.memory());
    GuestText right = new GuestText(c.memory());
    for (long i = 0; i != c.argument(2); i++) {
      int difference = left.at(c.argument(0) + i) - right.at(c.argument(1) + i);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private static long find(TrapFrame c, long otherwise) {
    GuestText text = new GuestText(c.memory());
    int wanted = (int) c.argument(1) & 0xff;
    for (long i = 0; i != c.argument(2); i++) {
      if (text.at(c.argument(0) + i) == wanted) {
        return c.argument(0) + i;
      }
    }
    return otherwise;
  }

  private static long findOther(TrapFrame c) {
    GuestText text = new GuestText(c.memory());
    int skipped = (int) c.argument(1) & 0xff;
    for (long i = 0; i != c.argument(2); i++) {
      if (text.at(c.argument(0) + i) != skipped) {
        return c.argument(0) + i;
      }
    }
    return 0;
  }

  private static long weight(TrapFrame c) {
    GuestText text = new GuestText(c.memory());
    long weight = 0;
    for (long i = 0; i != c.argument(1); i++) {
      weight += Integer.bitCount(text.at(c.argument(0) + i));
    }
    return weight;
  }
}
