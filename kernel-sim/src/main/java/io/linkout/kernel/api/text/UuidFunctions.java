package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.function.Consumer;

/** UUIDs and GUIDs (lib/uuid.c, release 6.1). */
public final class UuidFunctions {
  private static final int EINVAL = 22;

  /** Where in the text each byte begins. */
  private static final int[] TEXT_INDEX = {
    0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34
  };

  /** The first three fields of a GUID are little-endian. */
  private static final int[] GUID_INDEX = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

  private UuidFunctions() {}

  /**
   * Declares them.
   *
   * @param random fills an array with random bytes
   */
  public static void declare(FunctionTable table, Consumer<byte[]> random) {
    table.real("uuid_is_valid", c -> valid(c, c.argument(0)) ? 1 : 0);
    table.real("uuid_parse", c -> parse(c, false));
    table.real("guid_parse", c -> parse(c, true));
    table.real("generate_random_uuid", c -> generate(c, random, 6));
    table.real("generate_random_guid", c -> generate(c, random, 7));
    table.real("uuid_gen", Licence.GPL, c -> generate(c, random, 6));
    table.real("guid_gen", Licence.GPL, c -> generate(c, random, 7));
  }

  private static boolean valid(TrapFrame c, long address) {
    GuestText text = new GuestText(c.memory());
    for (int i = 0; i < 36; i++) {
      int b = text.at(address + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? b != '-' : !CType.isHexDigit(b)) {
        return false;
      }
    }
    return true;
  }

  /** (text, sixteen bytes). */
  private static long parse(TrapFrame c, boolean guid) {
    if (!valid(c, c.argument(0))) {
      return -EINVAL;
    }
    for (int i = 0; i < 16; i++) {
      long at = c.argument(0) + TEXT_INDEX[i];
      int high = CType.hexValue(c.memory().readByte(at));
      int low = CType.hexValue(c.memory().readByte(at + 1));
      c.memory().writeByte(c.argument(1) + (guid ? GUID_INDEX[i] : i), (high << 4) | low);
    }
    return 0;
  }

  /** Version 4, random; {@code version} is the byte that holds it. */
  private static long generate(TrapFrame c, Consumer<byte[]> random, int version) {
    byte[] bytes = new byte[16];
    random.accept(bytes);
    bytes[version] = (byte) ((bytes[version] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    c.memory().write(c.argument(0), bytes);
    return 0;
  }
}
