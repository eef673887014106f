package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.FakeTable;
import io.linkout.kernel.api.FakeTrap;
import io.linkout.kernel.api.crypto.CryptoFunctions;
import io.linkout.kernel.api.print.PrintFunctions;
import io.linkout.kernel.api.print.Printk;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever the guest passes, a function returns, faults or is an oops: nothing else is thrown. */
class HostileArgumentsTest {
  private static final int ROUNDS = 40;
  private static final int ARGUMENTS = 48;

  private final FakeTrap trap = new FakeTrap();
  private final FakeTable table = new FakeTable();
  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Map<String, String> failures = new TreeMap<>();
  private int callbacks;

  HostileArgumentsTest() {
    GuestFormat format = new GuestFormat(new PointerHash(1), AddressNames.NONE, _ -> {});
    TextFunctions.declare(
        table, format, (size, gfp, caller) -> 0, bytes -> Arrays.fill(bytes, (byte) 1));
    CryptoFunctions.declare(table);
    Kmsg log = new Kmsg(64, () -> 0);
    PrintFunctions.declare(table, new Printk(format, log), log, () -> 1, 250, (frame, level) -> {});
  }

  @Test
  void onlyFaultsAndOopsesComeOut() {
    int calls = 0;
    for (String name : table.names()) {
      if (!table.isFunction(name)) {
        continue;
      }
      for (int i = 0; i < ROUNDS; i++) {
        callOnce(name);
        calls++;
      }
    }
    assertThat(calls).isGreaterThan(7_000);
    assertThat(failures).isEmpty();
  }

  private static String where(RuntimeException e) {
    return e + " at " + e.getStackTrace()[0] + " of " + e.getStackTrace().length;
  }

  private void callOnce(String name) {
    long mark = trap.mark();
    callbacks = 0;
    long[] arguments = new long[ARGUMENTS];
    for (int i = 0; i < ARGUMENTS; i++) {
      arguments[i] = argument();
    }
    try {
      trap.call(table.function(name), arguments);
    } catch (GuestFault | GuestOops expected) {
      // Both end the guest, not the kernel.
    } catch (RuntimeException e) {
      failures.putIfAbsent(name, Arrays.toString(Arrays.copyOf(arguments, 8)) + ": " + where(e));
    }
    trap.rewind(mark);
  }

  private long argument() {
    return switch (random.nextInt(9)) {
      case 0 -> 0;
      case 1 -> random.nextInt(-40, 300);
      case 2 -> random.nextLong();
      case 3 -> -random.nextInt(4096);
      case 4 -> FakeTrap.SCRATCH + FakeTrap.SCRATCH_SIZE - random.nextInt(64);
      case 5 -> string();
      case 6 -> trap.bytes(garbage());
      case 7 -> pointers();
      default -> trap.function(this::callback);
    };
  }

  private long callback(long[] arguments) {
    if (++callbacks > 200) {
      throw new GuestFault(arguments[0], Access.READ);
    }
    return random.nextInt(-1, 2);
  }

  private long string() {
    String letters = "%*.0123456789abcdefxXpsSdulhzIiUbBMRrEVnt[]^-+ ,:/\\\"\n\u0001\u00ff";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30);
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return trap.string(text.toString());
  }

  private byte[] garbage() {
    byte[] bytes = new byte[random.nextInt(1, 64)];
    random.nextBytes(bytes);
    return bytes;
  }

  private long pointers() {
    return trap.longs(
        trap.bytes(garbage()), string(), random.nextInt(100), trap.bytes(garbage()), string(), 0);
  }
}
