package io.linkout.link.x86_64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.elf.ElfBuilder;
import io.linkout.link.FakeKernel;
import io.linkout.link.ImageWriter;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.Programs;
import io.linkout.link.TestModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What objdump makes of patched code, read from the image that {@code insmod --image} writes: each
 * site is a whole instruction again and leads where it should.
 */
final class PatchedCodeTest {
  private static final int ABS64 = 1;
  private static final int PC32 = 2;
  private static final int PLT32 = 4;
  private static final int PC64 = 24;

  @TempDir Path directory;

  private final TestModule module = new TestModule();
  private final ElfBuilder elf = module.elf();
  private final FakeKernel kernel =
      new FakeKernel()
          .features(1 << 5)
          .export("__x86_return_thunk", 0xffffffff81001000L)
          .export("__fentry__", 0xffffffff81002000L)
          .export("other", 0xffffffff81003000L)
          .export("__static_call_return0", 0xffffffff81004000L)
          .export("__x86_indirect_thunk_rax", 0xffffffff81005000L);

  @BeforeAll
  static void tools() {
    boolean there = Programs.succeeds("objdump", "--version");
    if (!there) {
      System.err.println("SKIPPED: objdump (binutils) is not installed");
    }
    assumeTrue(there, "objdump is needed");
  }

  /** Adds {@code .text}, padded with NOPs to 64 bytes: it lies at the start of the module area. */
  private int text(String hex) {
    byte[] given = HexFormat.ofDelimiter(" ").parseHex(hex);
    byte[] code = new byte[64];
    java.util.Arrays.fill(code, (byte) 0x90);
    System.arraycopy(given, 0, code, 0, given.length);
    return elf.section(".text", TestModule.AX, 16, code);
  }

  /** Returns {@code OFFSET: INSTRUCTION} of .text after linking, offsets from its start in hex. */
  private List<String> disassembled() throws IOException, InterruptedException {
    Path image = directory.resolve("image");
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      Files.write(image, ImageWriter.write(linked, X86_64.ARCHITECTURE));
    }
    String output =
        Programs.run(
            List.of("objdump", "-d", "--no-show-raw-insn", "-j", ".text", image.toString()));
    List<String> lines = new ArrayList<>();
    for (String line : output.lines().toList()) {
      int colon = line.indexOf(":\t");
      if (colon > 0) {
        long address = Long.parseUnsignedLong(line.substring(0, colon).strip(), 16);
        String instruction =
            line.substring(colon + 2).replaceAll(" <.*>", "").replace("0xffff", "ffff").strip();
        lines.add(
            Long.toHexString(address - FakeKernel.MODULES)
                + ": "
                + instruction.replaceAll("\\s+", " "));
      }
    }
    return lines;
  }

  private int alternatives(int text, byte[] replacement, int[]... entries) {
    int other = elf.section(".altinstr_replacement", TestModule.AX, 1, replacement);
    byte[] table = new byte[12 * entries.length];
    for (int i = 0; i < entries.length; i++) {
      table[12 * i + 8] = (byte) entries[i][2];
      table[12 * i + 10] = (byte) entries[i][3];
      table[12 * i + 11] = (byte) entries[i][4];
    }
    int section = elf.section(".altinstructions", TestModule.A, 1, table);
    for (int i = 0; i < entries.length; i++) {
      elf.rela(section, 12L * i, PC32, elf.sectionSymbol(text), entries[i][0]);
      elf.rela(section, 12L * i + 4, PC32, elf.sectionSymbol(other), entries[i][1]);
    }
    return other;
  }

  private static byte[] hex(String text) {
    return HexFormat.ofDelimiter(" ").parseHex(text);
  }

  @Test
  void everyRelativeOperandOfAReplacementMovesWithIt() throws IOException, InterruptedException {
    int text = text("90 90");
    int data = elf.section(".data", TestModule.WA, 16, new byte[32]);
    // lfence; call other; mov data(%rip),%rax; jmp .+2 over a nop; the jump stays inside
    int other =
        alternatives(
            text,
            hex("0f ae e8 e8 00 00 00 00 48 8b 05 00 00 00 00 eb 01 90"),
            new int[] {2, 0, 5, 20, 18});
    elf.rela(other, 4, PLT32, elf.undefined("other"), -4);
    elf.rela(other, 11, PC32, elf.sectionSymbol(data), 8 - 4);
    List<String> code = disassembled();
    assertThat(code).startsWith("0: nop", "1: nop", "2: lfence", "5: call ffffffff81003000");
    // .text is in the first page, what is read-only in the second, .data in the third
    assertThat(code.get(4)).startsWith("a: mov 0x").endsWith("(%rip),%rax # ffffffffa0002008");
    assertThat(code.subList(5, 8))
        .containsExactly("11: jmp ffffffffa0000014", "13: nop", "14: xchg %ax,%ax");
  }

  @Test
  void aJumpThatIsNearIsShortenedAsLinuxDoes() throws IOException, InterruptedException {
    int text = text("90 0f 1f 44 00 00");
    int other = alternatives(text, hex("e9 00 00 00 00"), new int[] {1, 0, 5, 5, 5});
    elf.rela(other, 1, PC32, elf.sectionSymbol(text), 0x20 - 4);
    assertThat(disassembled())
        .startsWith("0: nop", "1: jmp ffffffffa0000020", "3: nopl (%rax)", "6: nop");
  }

  @Test
  void aJumpBackKeepsItsLength() throws IOException, InterruptedException {
    int text = text("90 90 90 90 0f 1f 44 00 00");
    int other = alternatives(text, hex("e9 00 00 00 00"), new int[] {4, 0, 5, 5, 5});
    elf.rela(other, 1, PC32, elf.sectionSymbol(text), -4);
    assertThat(disassembled().subList(4, 6)).containsExactly("4: jmp ffffffffa0000000", "9: nop");
  }

  /** Nested alternatives: the second is shorter than the first, and nothing of it is left over. */
  @Test
  void entriesForOneSiteFillTheLongestOfThem() throws IOException, InterruptedException {
    int text = text("90 11 11 11 11 11 11 11");
    alternatives(
        text,
        hex("48 c7 c0 01 00 00 00 31 c0"),
        new int[] {1, 0, 5, 7, 7},
        new int[] {1, 7, 5, 2, 2});
    assertThat(disassembled())
        .startsWith("0: nop", "1: xor %eax,%eax", "3: nopl 0x0(%rax,%rax,1)", "8: nop");
  }

  /** A return in replacement code is patched before it is copied, not taken for an operand. */
  @Test
  void aReplacementThatWasPatchedIsCopiedAsItIs() throws IOException, InterruptedException {
    int text = text("90 90 90 90 90 90 90 90");
    int other = alternatives(text, hex("31 c0 e9 00 00 00 00"), new int[] {1, 0, 5, 7, 7});
    elf.rela(other, 3, PLT32, elf.undefined("__x86_return_thunk"), -4);
    int sites = elf.section(".return_sites", TestModule.A, 4, new byte[4]);
    elf.rela(sites, 0, PC32, elf.sectionSymbol(other), 2);
    assertThat(disassembled()).startsWith("0: nop", "1: xor %eax,%eax", "3: ret", "4: int3");
  }

  @Test
  void returnsAndTracedFunctions() throws IOException, InterruptedException {
    int text = text("e8 00 00 00 00 31 c0 e9 00 00 00 00");
    elf.rela(text, 1, PC32, elf.undefined("__fentry__"), -4);
    elf.rela(text, 8, PC32, elf.undefined("__x86_return_thunk"), -4);
    int sites = elf.section(".return_sites", TestModule.A, 4, new byte[4]);
    elf.rela(sites, 0, PC32, elf.sectionSymbol(text), 7);
    int traced = elf.section("__mcount_loc", TestModule.A, 8, new byte[8]);
    elf.rela(traced, 0, ABS64, elf.sectionSymbol(text), 0);
    assertThat(disassembled())
        .startsWith(
            "0: nopl 0x0(%rax,%rax,1)",
            "5: xor %eax,%eax", "7: ret", "8: int3", "9: int3", "a: int3", "b: int3", "c: nop");
  }

  /** Left alone: the kernel has the thunks, pv_ops, and any number of processors. */
  @Test
  void retpolinesParavirtualCallsAndLockPrefixesStay() throws IOException, InterruptedException {
    int text = text("e8 00 00 00 00 f0 ff 00 ff 14 25 00 00 00 00");
    elf.rela(text, 1, PLT32, elf.undefined("__x86_indirect_thunk_rax"), -4);
    int own = elf.sectionSymbol(text);
    int retpolines = elf.section(".retpoline_sites", TestModule.A, 4, new byte[4]);
    elf.rela(retpolines, 0, PC32, own, 0);
    int locks = elf.section(".smp_locks", TestModule.A, 4, new byte[4]);
    elf.rela(locks, 0, PC32, own, 5);
    int paravirtual = elf.section(".parainstructions", TestModule.A, 8, new byte[16]);
    elf.rela(paravirtual, 0, ABS64, own, 8);
    assertThat(disassembled())
        .startsWith("0: call ffffffff81005000", "5: lock incl (%rax)", "8: call *0x0", "f: nop");
  }

  /** Both states of a key, both sizes of a site, both senses of a branch. */
  @Test
  void jumpLabels() throws IOException, InterruptedException {
    // at 0 and 5: five bytes; at a and c: two; at e: a jump of five; at 13: one of two
    int text = text("0f 1f 44 00 00 0f 1f 44 00 00 66 90 66 90 e9 19 00 00 00 eb 17");
    byte[] keys = new byte[32];
    keys[0] = 1;
    int data = elf.section(".data", TestModule.WA, 16, keys);
    int[][] sites = {
      // site, key, branch
      {0x0, 0, 0}, {0x5, 16, 0}, {0xa, 0, 0}, {0xc, 16, 0}, {0xe, 0, 1}, {0x13, 16, 1}
    };
    int table = elf.section("__jump_table", TestModule.WA, 8, new byte[16 * sites.length]);
    int code = elf.sectionSymbol(text);
    for (int i = 0; i < sites.length; i++) {
      elf.rela(table, 16L * i, PC32, code, sites[i][0]).rela(table, 16L * i + 4, PC32, code, 0x2c);
      elf.rela(table, 16L * i + 8, PC64, elf.sectionSymbol(data), sites[i][1] + sites[i][2]);
    }
    assertThat(disassembled())
        .startsWith(
            "0: jmp ffffffffa000002c",
            "5: nopl 0x0(%rax,%rax,1)",
            "a: jmp ffffffffa000002c",
            "c: xchg %ax,%ax",
            "e: nopl 0x0(%rax,%rax,1)",
            "13: jmp ffffffffa000002c",
            "15: nop");
  }

  @Test
  void staticCalls() throws IOException, InterruptedException {
    int text =
        text(
            "e8 00 00 00 00 e9 00 00 00 00 e8 00 00 00 00 e9 00 00 00 00 e8 00 00 00 00 "
                + "0f 84 00 00 00 00");
    for (int at = 1; at < 26; at += 5) {
      elf.rela(text, at, PLT32, elf.undefined("other"), -4);
    }
    elf.rela(text, 27, PLT32, elf.undefined("other"), -4);
    int data = elf.section(".data", TestModule.WA, 16, new byte[48]);
    elf.rela(data, 0, ABS64, elf.sectionSymbol(text), 0x30);
    elf.rela(data, 32, ABS64, elf.undefined("__static_call_return0"), 0);
    int[][] sites = {
      // site, key, tail
      {0x0, 0, 0}, {0x5, 0, 1}, {0xa, 16, 0}, {0xf, 16, 1}, {0x14, 32, 0}, {0x19, 0, 1}
    };
    int table = elf.section(".static_call_sites", TestModule.WA, 4, new byte[8 * sites.length]);
    for (int i = 0; i < sites.length; i++) {
      elf.rela(table, 8L * i, PC32, elf.sectionSymbol(text), sites[i][0]);
      elf.rela(table, 8L * i + 4, PC32, elf.sectionSymbol(data), sites[i][1] + sites[i][2]);
    }
    assertThat(disassembled())
        .startsWith(
            "0: call ffffffffa0000030",
            "5: jmp ffffffffa0000030",
            "a: nopl 0x0(%rax,%rax,1)",
            "f: ret",
            "10: int3",
            "11: int3",
            "12: int3",
            "13: int3",
            "14: cs cs cs xor %eax,%eax",
            "19: je ffffffff81003000");
  }
}
