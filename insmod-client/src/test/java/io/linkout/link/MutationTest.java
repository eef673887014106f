package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.elf.ElfBuilder;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is in a file, linking it succeeds or ends in one of the two exceptions that are for
 * files: nothing else escapes, and no space is left behind in the kernel.
 */
final class MutationTest {
  private static final int ROUNDS = Integer.getInteger("linkout.mutations", 1500);
  private static final LinkOptions OPTIONS =
      LinkOptions.DEFAULT.withParameters(List.of("number=7", "list=1,2", "text=hello", "own=1"));

  private int linked;
  private int refused;

  static byte[] module() {
    TestModule module = new TestModule();
    ElfBuilder elf = module.elf();
    byte[] code = new byte[256];
    int text = elf.section(".text", TestModule.AX, 16, code);
    int init = elf.section(".init.text", TestModule.AX, 16, new byte[64]);
    byte[] values = new byte[128];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putInt(32, 4).putInt(36, 4);
    int data = elf.section(".data", TestModule.WA, 16, values);
    int bss = elf.nobits(".bss", TestModule.WA, 32, 4096);
    int percpu = elf.section(".data..percpu", TestModule.WA, 8, new byte[16]);
    int own = elf.sectionSymbol(data);
    int thunk = elf.undefined("__x86_return_thunk");
    elf.symbol("common", 0xfff2, 16, 64, 1, 1);
    elf.rela(text, 1, 4, thunk, -4).rela(text, 8, 2, own, 0).rela(text, 16, 11, thunk, 0);
    elf.rela(data, 40, 1, own, 64).rela(data, 48, 1, elf.undefined("param_ops_int"), 0);
    elf.rela(data, 56, 1, elf.sectionSymbol(bss), 0).rela(data, 64, 1, elf.sectionSymbol(text), 0);
    elf.rela(percpu, 0, 1, elf.sectionSymbol(percpu), 8);
    int code0 = elf.sectionSymbol(text);
    table(elf, ".return_sites", TestModule.A, 8, new int[] {0, 4}, 2, code0);
    table(elf, "__mcount_loc", TestModule.A, 8, new int[] {0}, 1, code0);
    table(elf, "__ex_table", TestModule.A, 24, new int[] {0, 4, 12, 16}, 2, code0);
    table(elf, "__jump_table", TestModule.WA, 32, new int[] {0, 4, 16, 20}, 2, code0);
    table(elf, ".static_call_sites", TestModule.WA, 16, new int[] {0, 4, 8, 12}, 2, code0);
    table(elf, ".orc_unwind_ip", TestModule.A, 12, new int[] {0, 4, 8}, 2, code0);
    elf.section(".orc_unwind", TestModule.A, 2, new byte[18]);
    byte[] alternatives = new byte[24];
    alternatives[9] = (byte) 0x80;
    alternatives[10] = 6;
    alternatives[11] = 5;
    int alternative = elf.section(".altinstructions", TestModule.A, 1, alternatives);
    for (int i = 0; i < 4; i++) {
      elf.rela(alternative, (i / 2) * 12L + (i % 2) * 4L, 2, code0, 20L * i);
    }
    int strings =
        elf.section(
            ".rodata.str",
            TestModule.A,
            1,
            "number\0list\0text\0own\0exported\0".getBytes(StandardCharsets.US_ASCII));
    int names = elf.sectionSymbol(strings);
    int ops = elf.section(".ops", TestModule.A, 8, new byte[32]);
    elf.rela(ops, 8, 1, code0, 4);
    int parameters = elf.section("__param", TestModule.A, 8, new byte[160]);
    int[] nameAt = {0, 7, 12, 17};
    int[] operations = {
      elf.undefined("param_ops_int"),
      elf.undefined("param_array_ops"),
      elf.undefined("param_ops_charp"),
      elf.sectionSymbol(ops)
    };
    int[] argument = {0, 32, 8, 16};
    for (int i = 0; i < 4; i++) {
      elf.rela(parameters, 40L * i, 1, names, nameAt[i]);
      elf.rela(parameters, 40L * i + 16, 1, operations[i], 0);
      elf.rela(parameters, 40L * i + 32, 1, own, argument[i]);
    }
    int exports = elf.section("__ksymtab", TestModule.A, 4, new byte[12]);
    elf.rela(exports, 0, 2, code0, 0).rela(exports, 4, 2, names, 21);
    elf.section("__kcrctab", TestModule.A, 4, new byte[4]);
    elf.section("__versions", TestModule.A, 32, new byte[64]);
    module.info("import_ns", "X").info("parmtype", "number:int");
    return module
        .thisModule(elf.global("init_module", init, 0), elf.global("cleanup_module", text, 8))
        .bytes();
  }

  private static void table(
      ElfBuilder elf, String name, long flags, int size, int[] places, int type, int symbol) {
    int section = elf.section(name, flags, 4, new byte[size]);
    for (int i = 0; i < places.length; i++) {
      elf.rela(section, places[i], type, symbol, 100L - 7L * i);
    }
  }

  private static FakeKernel kernel() {
    FakeKernel kernel = new FakeKernel();
    for (String name :
        List.of(
            "__x86_return_thunk",
            "param_ops_int",
            "param_array_ops",
            "param_ops_charp",
            "_printk")) {
      kernel.export(name, 0xffffffff81000000L);
    }
    return kernel;
  }

  /** Links {@code bytes}; fails on any other exception than those for files. */
  private void link(byte[] bytes, Kernel kernel, String what) {
    try (ModuleFile file = ModuleFile.of("mutant.ko", bytes)) {
      Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
      LinkedModule module = linker.prepare(file, OPTIONS);
      try {
        MapWriter.write(module, new StringBuilder());
        ImageWriter.write(module, X86_64.ARCHITECTURE);
      } finally {
        linker.release(module);
      }
      linked++;
    } catch (MalformedElfException e) {
      assertThat(e.reason()).as(what).isNotEmpty().doesNotContain("\n");
      refused++;
    } catch (LinkException e) {
      assertThat(e.causes()).as(what).isNotEmpty();
      refused++;
    } catch (KernelException e) {
      assertThat(e.errno()).as(what).isEqualTo(12);
      refused++;
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
  }

  @Test
  void theModuleItselfLinks() {
    FakeKernel kernel = kernel();
    link(module(), kernel, "unchanged");
    assertThat(linked).isEqualTo(1);
    assertThat(kernel.allocations()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void mutatedModules(long seed) {
    byte[] whole = module();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      FakeKernel kernel = kernel();
      link(mutate(whole, random), kernel, "seed " + seed + " round " + round);
      assertThat(kernel.allocations()).as("round %s", round).isZero();
    }
    // A mutation that is always or never noticed would test nothing.
    assertThat(linked).isGreaterThan(ROUNDS / 50);
    assertThat(refused).isGreaterThan(ROUNDS / 50);
  }

  @Test
  void truncatedModules() {
    byte[] whole = module();
    for (int length = 0; length < whole.length; length += 7) {
      link(Arrays.copyOf(whole, length), kernel(), "length " + length);
    }
    assertThat(linked).isZero();
  }

  @Test
  void mutatedDebianModule() throws IOException {
    byte[] whole = Files.readAllBytes(Debian.module("lru_cache"));
    Kernel kernel = new HeadersKernel(KernelHeaders.read(Debian.headers()));
    Random random = new Random(42);
    for (int round = 0; round < ROUNDS / 2; round++) {
      link(mutate(whole, random), kernel, "round " + round);
    }
  }

  /** Changes a few bytes, mostly in the header tables, where most damage is done. */
  private static byte[] mutate(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) file.getLong(40);
    int count = file.getShort(60);
    long[] evil = {
      0, 1, -1, 8, 0x7fffffff, 0x80000000L, 0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 30
    };
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      long value = random.nextBoolean() ? evil[random.nextInt(evil.length)] : random.nextLong();
      switch (random.nextInt(5)) {
        case 0 -> bytes[random.nextInt(bytes.length)] = (byte) value;
        case 1 -> file.putInt(random.nextInt(bytes.length - 4) & ~3, (int) value);
        case 2 -> file.putLong(random.nextInt(bytes.length - 8) & ~7, value);
        case 3 ->
            file.putInt(headers + 64 * random.nextInt(count) + 4 * random.nextInt(16), (int) value);
        default ->
            file.putLong(
                headers + 64 * random.nextInt(count) + 8 * random.nextInt(8),
                random.nextInt(3) == 0 ? random.nextInt(bytes.length) : value);
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
