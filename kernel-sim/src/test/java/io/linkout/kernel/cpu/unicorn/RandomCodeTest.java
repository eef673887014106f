package io.linkout.kernel.cpu.unicorn;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.GuestFault;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random bytes as code: every call ends, and the next one works. */
class RandomCodeTest {
  private static final byte[][] BEGINNINGS = {
    {0x0f},
    {0x48, (byte) 0x8b},
    {(byte) 0xf3, 0x0f},
    {(byte) 0xeb, 9},
    {0x66, 0x0f, 0x38},
    {(byte) 0xf0, 0x48, 0x0f},
    {(byte) 0xe8, 33, 0, 0, 0},
    {(byte) 0xff},
    {(byte) 0xc5, (byte) 0xf8}
  };

  private final Machine machine = new Machine();

  @AfterEach
  void close() {
    machine.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingHurtsTheCpu(long seed) {
    Random random = new Random(seed);
    machine.traps(
        (slot, frame) -> {
          if (slot % 3 == 0) {
            frame.callGuest(Machine.CODE + slot, new long[] {Machine.DATA}, rax -> rax);
          } else if (slot % 3 == 1) {
            throw new GuestFault(frame.argument(0), io.linkout.kernel.cpu.Access.READ);
          }
          return slot;
        });
    machine.cpu.onFault(
        (fault, registers) -> random.nextInt(4) == 0 ? Machine.CODE + random.nextInt(200) : 0);
    for (int i = 0; i < 1000; i++) {
      machine.cpu.memory().patch(Machine.CODE, program(random));
      long[] arguments = {
        Machine.DATA + random.nextInt(4096),
        Machine.SLOTS + 16L * random.nextInt(16),
        random.nextLong(),
        Machine.CODE,
        Machine.CONSTANTS,
        Machine.STACK
      };
      assertThat(machine.call(Machine.CODE, 2_000_000, arguments)).isNotNull();
    }
    machine.code("b82a000000 c3");
    assertThat(machine.call()).isEqualTo(new CpuOutcome.Returned(42));
  }

  private static byte[] program(Random random) {
    byte[] code = new byte[256];
    random.nextBytes(code);
    for (int i = 0; i < 50; i++) {
      byte[] beginning = BEGINNINGS[random.nextInt(BEGINNINGS.length)];
      System.arraycopy(beginning, 0, code, random.nextInt(240), beginning.length);
    }
    return code;
  }
}
