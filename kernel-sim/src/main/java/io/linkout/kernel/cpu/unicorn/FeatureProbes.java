package io.linkout.kernel.cpu.unicorn;

import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;

/**
 * Finds out which instructions the CPU has by executing one of each, in ring 3, as a module would.
 * A feature is claimed only if its probe returned what the instruction is to return: several are
 * read as other instructions by a CPU that has not got them.
 *
 * <p>Bits are those of arch/x86/include/asm/cpufeatures.h of Linux 6.1: word × 32 + bit.
 */
final class FeatureProbes {
  /** Words of x86_capability: NCAPINTS of Debian's 6.1.0-56. */
  static final int WORDS = 22;

  private static final int XENPV = 8 * 32 + 16;
  private static final long SECOND = 1_000_000_000L;
  private static final long PAGE = GuestLayout.CPU_PAGE + 2 * GuestLayout.PAGE;
  private static final long DATA = PAGE + GuestLayout.PAGE;
  private static final long STACK_TOP = DATA + GuestLayout.PAGE;

  /** An instruction sequence that returns 1 in rax if the feature is there; rdi is 16-aligned. */
  private record Probe(int word, int bit, String code) {}

  private static final String ONE = "b801000000c3";

  private static final List<Probe> PROBES =
      List.of(
          new Probe(0, 0, "dbe3" + ONE), // FPU: fninit
          new Probe(0, 4, "0f31" + ONE), // TSC: rdtsc
          new Probe(0, 8, "31c031d2f00fc70f" + ONE), // CX8: lock cmpxchg8b
          new Probe(0, 15, "31c0b90100000039c00f44c1c3"), // CMOV: cmove of 1
          new Probe(0, 19, "0fae3f" + ONE), // CLFLUSH
          new Probe(0, 23, "0fefc00f77" + ONE), // MMX: pxor, emms
          new Probe(0, 24, "0fae07" + ONE), // FXSR: fxsave
          new Probe(0, 25, "0f57c0" + ONE), // XMM: xorps
          new Probe(0, 26, "660fefc0" + ONE), // XMM2: pxor
          new Probe(1, 27, "0f01f9" + ONE), // RDTSCP
          new Probe(3, 16, "b9080000004889fef3a48d4101c3"), // REP_GOOD: rep movsb
          new Probe(3, 20, "0f1f0400" + ONE), // NOPL
          new Probe(4, 0, "f20f12c0" + ONE), // XMM3: movddup
          new Probe(4, 1, "660f3a44c000" + ONE), // PCLMULQDQ
          new Probe(4, 9, "660f381cc0" + ONE), // SSSE3: pabsb
          new Probe(4, 13, "31c031d2f0480fc70f" + ONE), // CX16: lock cmpxchg16b
          new Probe(4, 19, "660f3820c0" + ONE), // XMM4_1: pmovsxbw
          new Probe(4, 20, "660f3837c031c0f2480f38f1c0" + ONE), // XMM4_2: pcmpgtq, crc32
          new Probe(4, 22, "c707000000010f38f007c3"), // MOVBE: 0x01000000 swapped is 1
          new Probe(4, 23, "b900010000f30fb8c1c3"), // POPCNT of 0x100 is 1
          new Probe(4, 25, "660f38dcc0" + ONE), // AES: aesenc
          new Probe(4, 30, "0fc7f0" + ONE), // RDRAND
          new Probe(6, 0, "9f" + ONE), // LAHF_LM
          new Probe(6, 5, "b900000040f30fbdc1c3"), // ABM: lzcnt of 0x40000000 is 1, bsr 30
          new Probe(6, 8, "0f0d0f" + ONE), // 3DNOWPREFETCH: prefetchw
          // BMI1: andn gives 1, and tzcnt of 0 is 32, where bsf leaves 0
          new Probe(9, 3, "31c9ba01000000c4e270f2c2f30fbcc9c1e90521c8c3"),
          new Probe(9, 8, "31c9ba01000000c4e271f7c2c3"), // BMI2: shlx of 1 by 0
          new Probe(9, 9, "b9080000004889fef3a48d4101c3"), // ERMS: rep movsb
          new Probe(9, 18, "0fc7f8" + ONE), // RDSEED
          new Probe(9, 19, "31c0b901000000660f38f6c1c3"), // ADX: adcx of 1
          new Probe(9, 23, "660fae3f" + ONE), // CLFLUSHOPT
          new Probe(9, 29, "0f38c8c0" + ONE)); // SHA_NI: sha1nexte

  private FeatureProbes() {}

  /** Returns the words; the CPU is as it was afterwards. */
  static int[] run(UnicornCpu cpu, Arena arena) {
    MemorySegment code = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    MemorySegment data = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    cpu.memory().map(PAGE, code, Protection.READ_EXECUTE, "feature probes", "");
    cpu.memory().map(DATA, data, Protection.READ_WRITE, "feature probes", "");
    int[] words = new int[WORDS];
    for (Probe probe : PROBES) {
      cpu.memory().patch(PAGE, HexFormat.of().parseHex(probe.code()));
      CpuOutcome outcome = cpu.call(PAGE, new long[] {DATA}, STACK_TOP, 0, SECOND);
      if (outcome.equals(new CpuOutcome.Returned(1))) {
        claim(words, probe.word() * 32 + probe.bit());
      }
    }
    cpu.memory().unmap(DATA);
    cpu.memory().unmap(PAGE);
    claimByConstruction(words);
    return words;
  }

  private static void claimByConstruction(int[] words) {
    claim(words, 32 + 29); // LM: this is 64-bit code
    claim(words, 32 + 20); // NX: data is not executable
    claim(words, 3 * 32 + 21); // ALWAYS
    claim(words, 3 * 32 + 25); // CPUID
    // Guest code runs in ring 3, where cli, sti and popf do not do what a kernel wants. With
    // XENPV the alternatives of the interrupt-flag operations stay calls through pv_ops, which
    // the kernel supplies; a kernel on Xen is in the same position.
    claim(words, XENPV);
  }

  private static void claim(int[] words, int feature) {
    words[feature / 32] |= 1 << (feature % 32);
  }
}
