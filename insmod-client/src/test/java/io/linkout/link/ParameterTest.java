package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parameters are checked by their type and written where the module will read them. */
final class ParameterTest {
  private static final int VALUES = 256;
  private static final long OPS = 0xffffffff82000000L;

  private final FakeKernel kernel = new FakeKernel();
  private final TestModule module = new TestModule();
  private final List<String> names = new ArrayList<>();
  private final StringBuilder strings = new StringBuilder();
  private final List<int[]> entries = new ArrayList<>();
  private int data;
  private int text;
  private byte @Nullable [] built;

  @BeforeEach
  void sections() {
    text = module.elf().section(".text", TestModule.AX, 16, new byte[64]);
    byte[] values = new byte[VALUES];
    ByteBuffer initial = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
    // An array of 3 ints at 64, described at 80; a string of 8 bytes at 120, described at 128.
    initial.putInt(80, 3).putInt(84, 4);
    initial.putInt(128, 8);
    initial.put(200, (byte) 1);
    data = module.elf().section(".data", TestModule.WA, 16, values);
  }

  /** A parameter with operations {@code ops} whose argument is at {@code offset} of .data. */
  private void parameter(String name, String ops, int offset) {
    kernel.export(ops, OPS);
    entry(name, module.elf().undefined(ops), offset);
  }

  private void entry(String name, int ops, int offset) {
    names.add(name);
    entries.add(new int[] {strings.length(), ops, offset});
    strings.append(name).append('\0');
  }

  private void array(String name, String elementOps, boolean counted) {
    ElfBuilder elf = module.elf();
    int own = elf.sectionSymbol(data);
    kernel.export(elementOps, OPS);
    if (counted) {
      elf.rela(data, 88, 1, own, 60);
    }
    elf.rela(data, 96, 1, elf.undefined(elementOps), 0).rela(data, 104, 1, own, 64);
    parameter(name, "param_array_ops", 80);
  }

  private ModuleFile open() {
    byte[] bytes = built == null ? build() : built;
    built = bytes;
    return ModuleFile.of("test-module.ko", bytes);
  }

  private byte[] build() {
    ElfBuilder elf = module.elf();
    int rodata =
        elf.section(
            ".rodata.str", TestModule.A, 1, strings.toString().getBytes(StandardCharsets.UTF_8));
    int table = elf.section("__param", TestModule.A, 8, new byte[40 * entries.size()]);
    int string = elf.sectionSymbol(rodata);
    int value = elf.sectionSymbol(data);
    for (int i = 0; i < entries.size(); i++) {
      int[] entry = entries.get(i);
      elf.rela(table, 40L * i, 1, string, entry[0]);
      elf.rela(table, 40L * i + 16, 1, entry[1], 0);
      elf.rela(table, 40L * i + 32, 1, value, entry[2]);
    }
    return module.thisModule(0, 0).bytes();
  }

  private ByteBuffer values(String... arguments) {
    try (ModuleFile file = open();
        LinkedModule linked =
            TestModule.linker(kernel)
                .prepare(file, LinkOptions.DEFAULT.withParameters(List.of(arguments)))) {
      int segment = linked.plan().layout().segmentOf(data);
      return ByteBuffer.wrap(kernel.memory(linked.allocation()).get(segment))
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private List<String> refused(String... arguments) {
    try (ModuleFile file = open()) {
      LinkException e =
          catchThrowableOfType(
              LinkException.class,
              () ->
                  TestModule.linker(kernel)
                      .load(file, LinkOptions.DEFAULT.withParameters(List.of(arguments))));
      assertThat(e).as("the parameters must be refused").isNotNull();
      assertThat(e).hasMessage("Invalid parameters");
      assertThat(kernel.allocations()).isZero();
      return e.causes();
    }
  }

  @Test
  void numbersOfEverySize() {
    parameter("b", "param_ops_byte", 0);
    parameter("s", "param_ops_short", 8);
    parameter("i", "param_ops_int", 16);
    parameter("l", "param_ops_ulong", 24);
    ByteBuffer values = values("b=255", "s=-2", "i=-70000", "l=0xffffffffffffffff");
    assertThat(values.getLong(0)).isEqualTo(255);
    assertThat(values.getLong(8)).isEqualTo(0xfffe);
    assertThat(values.getLong(16)).isEqualTo(-70000 & 0xffffffffL);
    assertThat(values.getLong(24)).isEqualTo(-1);
  }

  @Test
  void aBoolIsOneByteAndNeedsNoValue() {
    parameter("on", "param_ops_bool", 0);
    parameter("inverted", "param_ops_invbool", 8);
    parameter("wide", "param_ops_bint", 16);
    ByteBuffer values = values("on", "inverted=n", "wide");
    assertThat(values.getLong(0)).isEqualTo(1);
    assertThat(values.getLong(8)).isEqualTo(1);
    assertThat(values.getLong(16)).isEqualTo(1);
  }

  @Test
  void dashesAreUnderscoresAndTheLastValueStands() {
    parameter("some_count", "param_ops_int", 0);
    assertThat(values("some-count=1 some_count=2").getInt(0)).isEqualTo(2);
  }

  @Test
  void textOfCharpLiesInASegmentOfItsOwn() {
    parameter("greeting", "param_ops_charp", 0);
    try (ModuleFile file = open();
        LinkedModule linked =
            TestModule.linker(kernel)
                .prepare(
                    file,
                    LinkOptions.DEFAULT.withParameters(List.of("greeting=\"hello wörld\"")))) {
      List<byte[]> memory = kernel.memory(linked.allocation());
      assertThat(new String(memory.getLast(), StandardCharsets.UTF_8)).isEqualTo("hello wörld\0");
      long pointer = linked.image().getLong(linked.plan().sectionAddress(data));
      assertThat(pointer).isEqualTo(linked.allocation().addresses().getLast());
    }
  }

  @Test
  void withoutCharpThereIsNoSuchSegment() {
    parameter("n", "param_ops_int", 0);
    try (ModuleFile file = open();
        LinkedModule linked =
            TestModule.linker(kernel)
                .prepare(file, LinkOptions.DEFAULT.withParameters(List.of("n=1")))) {
      assertThat(linked.allocation().addresses()).hasSize(linked.plan().layout().requests().size());
    }
  }

  @Test
  void arraysAreCounted() {
    array("list", "param_ops_int", true);
    ByteBuffer values = values("list=7,-8");
    assertThat(values.getInt(60)).isEqualTo(2);
    assertThat(values.getInt(64)).isEqualTo(7);
    assertThat(values.getInt(68)).isEqualTo(-8);
    assertThat(values.getInt(72)).isZero();
  }

  @Test
  void anArrayNeedsNoCount() {
    array("list", "param_ops_int", false);
    ByteBuffer values = values("list=1,2,3");
    assertThat(values.getInt(60)).isZero();
    assertThat(values.getInt(72)).isEqualTo(3);
  }

  @Test
  void anArrayHasAMost() {
    array("list", "param_ops_int", true);
    assertThat(refused("list=1,2,3,4"))
        .containsExactly("parameter list=1,2,3,4 (array): it takes 3 values at most");
  }

  @Test
  void aBadElementIsNamed() {
    array("list", "param_ops_int", true);
    assertThat(refused("list=1,x")).containsExactly("parameter list=1,x (array): 'x' is no int");
    assertThat(refused("list=1,")).hasSize(1);
  }

  @Test
  void stringsAreCopied() {
    parameter("name", "param_ops_string", 128);
    module.elf().rela(data, 136, 1, module.elf().sectionSymbol(data), 120);
    ByteBuffer values = values("name=abcdefg");
    byte[] copied = new byte[8];
    values.get(120, copied);
    assertThat(copied).isEqualTo("abcdefg\0".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void stringsMustFit() {
    parameter("name", "param_ops_string", 128);
    module.elf().rela(data, 136, 1, module.elf().sectionSymbol(data), 120);
    assertThat(refused("name=abcdefgh").getFirst()).contains("text of more than 7 bytes");
  }

  @Test
  void boolEnableOnlyCannotGoBack() {
    parameter("lock", "param_ops_bool_enable_only", 200);
    assertThat(refused("lock=0").getFirst()).contains("it can be switched on only");
    assertThat(values("lock=1").get(200)).isEqualTo((byte) 1);
  }

  @Test
  void allWrongValuesAtOnceWithTheirTypes() {
    module.info("parmtype", "i:int");
    parameter("i", "param_ops_int", 0);
    parameter("b", "param_ops_byte", 4);
    parameter("f", "param_ops_bool", 5);
    assertThat(refused("i=abc", "b=300", "f=maybe", "i"))
        .containsExactly(
            "parameter i=abc (int): the value is no int",
            "parameter b=300 (byte): the value is out of range for type byte",
            "parameter f=maybe (bool): the value is no bool",
            "parameter i (int): it needs a value");
    assertThat(kernel.reported().getFirst())
        .isEqualTo(new FailureCause(FailureCause.Kind.BAD_PARAMETER, "i", 22, "abc"));
  }

  @Test
  void unknownParametersAreNamed() {
    parameter("i", "param_ops_int", 0);
    assertThat(refused("j=1")).containsExactly("unknown parameter j");
    assertThat(kernel.reported().getFirst().kind()).isEqualTo(FailureCause.Kind.UNKNOWN_PARAMETER);
  }

  @Test
  void someNamesAreForTheKernelAndIgnored() {
    try (ModuleFile file = open()) {
      TestModule.linker(kernel)
          .load(
              file,
              LinkOptions.DEFAULT.withParameters(
                  List.of("dyndbg=+p", "async_probe", "test-module.dyndbg=+p")));
    }
    assertThat(kernel.activated().getFirst().ignoredParameters())
        .containsExactly("dyndbg", "async_probe", "test-module.dyndbg");
  }

  @Test
  void parametersOfTheModulesOwnAreLeftToTheKernelInOrder() {
    ElfBuilder elf = module.elf();
    byte[] ops = new byte[64];
    ops[0] = 1;
    int table = elf.section(".rodata", TestModule.A, 8, ops);
    int function = elf.symbol("set", text, 0x20, 8, Elf.STB_LOCAL, Elf.STT_FUNC);
    elf.rela(table, 8, 1, function, 0).rela(table, 40, 1, function, 8);
    entry("first", elf.symbol("ops_a", table, 0, 32, Elf.STB_LOCAL, 1), 0);
    entry("second", elf.symbol("ops_b", table, 32, 32, Elf.STB_LOCAL, 1), 8);
    try (ModuleFile file = open()) {
      TestModule.linker(kernel)
          .load(file, LinkOptions.DEFAULT.withParameters(List.of("second=2", "first", "second=3")));
    }
    List<Activation.ParameterCall> calls = kernel.activated().getFirst().parameters();
    assertThat(calls)
        .extracting(c -> c.name() + "=" + c.text())
        .containsExactly("second=2", "first=", "second=3");
    assertThat(calls.get(1).setFunction()).isEqualTo(FakeKernel.MODULES + 0x20);
    assertThat(calls.get(0).setFunction()).isEqualTo(FakeKernel.MODULES + 0x28);
    assertThat(calls.get(0).kernelParam() - calls.get(1).kernelParam()).isEqualTo(40);
  }

  @Test
  void ownOperationsThatNeedAValueGetOne() {
    ElfBuilder elf = module.elf();
    int table = elf.section(".rodata", TestModule.A, 8, new byte[32]);
    entry("own", elf.symbol("ops", table, 0, 32, Elf.STB_LOCAL, 1), 0);
    assertThat(refused("own").getFirst()).isEqualTo("parameter own (ops): it needs a value");
    assertThat(refused("own=1").getFirst()).contains("no set function");
  }

  @Test
  void operationsThatNoOneKnowsAreRefused() {
    parameter("odd", "param_ops_odd", 0);
    assertThat(refused("odd=1").getFirst()).contains("param_ops_odd are not supported");
  }

  @Test
  void aValueInZeroedMemoryIsWrittenThere() {
    int bss = module.elf().nobits(".bss", TestModule.WA, 16, 1 << 20);
    kernel.export("param_ops_int", OPS);
    ElfBuilder elf = module.elf();
    int rodata = elf.section(".names", TestModule.A, 1, new byte[] {'n', 0});
    int table = elf.section("__param", TestModule.A, 8, new byte[40]);
    elf.rela(table, 0, 1, elf.sectionSymbol(rodata), 0);
    elf.rela(table, 16, 1, elf.undefined("param_ops_int"), 0);
    elf.rela(table, 32, 1, elf.sectionSymbol(bss), 0x8000);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked =
            TestModule.linker(kernel)
                .prepare(file, LinkOptions.DEFAULT.withParameters(List.of("n=77")))) {
      int segment = linked.plan().layout().segmentOf(bss);
      int at = (int) linked.plan().layout().offsetOf(bss) + 0x8000;
      assertThat(kernel.memory(linked.allocation()).get(segment)[at]).isEqualTo((byte) 77);
    }
  }
}
