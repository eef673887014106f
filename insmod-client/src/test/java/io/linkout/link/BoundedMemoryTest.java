package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.elf.ElfBuilder;
import io.linkout.elf.MalformedElfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A small file can't make its reader hold much memory: at most 16 MiB and 16 times its size. */
final class BoundedMemoryTest {
  private static final long GIGABYTE = 1L << 30;

  private final TestModule module = new TestModule();
  private final ElfBuilder elf = module.elf();

  private void refused(String reason) {
    refused(module.thisModule(0, 0).bytes(), reason);
  }

  private static void refused(byte[] bytes, String reason) {
    assertThat(bytes).hasSizeLessThan(64 << 10);
    try (ModuleFile file = ModuleFile.of("small.ko", bytes)) {
      assertThatThrownBy(() -> TestModule.linker(new Roomy()).prepare(file, LinkOptions.DEFAULT))
          .isInstanceOf(MalformedElfException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void zeroesBeforeBytes() {
    elf.nobits(".bss", TestModule.WA, 32, GIGABYTE);
    elf.section(".data", TestModule.WA, 8, new byte[8]);
    refused("too many for a file of");
  }

  @Test
  void gapsOfAlignment() {
    elf.section(".data", TestModule.WA, 8, new byte[8]);
    int far = elf.section(".data.far", TestModule.WA, 8, new byte[8]);
    byte[] bytes = module.thisModule(0, 0).bytes();
    ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    little.putLong((int) little.getLong(40) + far * 64 + 48, GIGABYTE / 2);
    refused(bytes, "too many for a file of");
  }

  @Test
  void moreThanTheModuleArea() {
    elf.nobits(".bss", TestModule.WA, 32, Integer.MAX_VALUE);
    refused("do not fit the module area");
  }

  /** Many names that share one long text would each become a string. */
  @Test
  void namesWithoutEnd() {
    elf.undefined("x".repeat(5000));
    refused("name of more than 4096 bytes");
  }

  /** What the kernel zeroes costs nothing here, however large; the kernel has limits of its own. */
  @Test
  void zeroesAfterTheLastBytesAreNotHeld() {
    elf.section(".data", TestModule.WA, 8, new byte[8]);
    module.thisModule(0, 0);
    elf.nobits(".bss", TestModule.WA, 32, GIGABYTE);
    try (ModuleFile file = module.open();
        LinkedModule linked = TestModule.linker(new Roomy()).prepare(file, LinkOptions.DEFAULT)) {
      long held = 0;
      long asked = 0;
      for (int i = 0; i < linked.image().segmentCount(); i++) {
        held += linked.image().bytes(i).capacity();
        asked += linked.image().request(i).size();
      }
      assertThat(asked).isGreaterThan(GIGABYTE);
      assertThat(held).isLessThan(4096);
    }
  }

  /** A kernel that gives any amount of room and keeps nothing. */
  private static final class Roomy implements Kernel {
    private final FakeKernel kernel = new FakeKernel();

    @Override
    public KernelIdentity identity() {
      return kernel.identity();
    }

    @Override
    public List<@Nullable KernelSymbol> resolve(List<String> names) {
      return kernel.resolve(names);
    }

    @Override
    public Allocation allocate(String name, List<SegmentRequest> segments) {
      List<Long> addresses = new ArrayList<>();
      long next = FakeKernel.MODULES;
      for (SegmentRequest segment : segments) {
        next = (next + segment.alignment() - 1) & -segment.alignment();
        addresses.add(next);
        next += segment.size();
      }
      return new Allocation(1, addresses);
    }

    @Override
    public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {}

    @Override
    public Activated activate(Allocation allocation, Activation activation) {
      throw new AssertionError("not asked to activate");
    }

    @Override
    public void free(Allocation allocation) {}

    @Override
    public void reportFailure(String module, List<FailureCause> causes) {}
  }
}
