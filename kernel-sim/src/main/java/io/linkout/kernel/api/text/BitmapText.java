package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.TrapFrame;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bitmaps as text and back (lib/bitmap.c, release 6.1). */
final class BitmapText {
  private static final int EINVAL = 22;
  private static final int ERANGE = 34;
  private static final int EOVERFLOW = 75;
  private static final int PAGE = 4096;
  private static final long UINT_MAX = 0xffffffffL;

  private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

  /** A bit; or a range or all of them, of which so many of each group: N is the last bit. */
  private static final Pattern REGION =
      Pattern.compile(
          "(?<single>\\d{1,18}|N)"
              + "|(?:all|(?<start>\\d{1,18}|N)-(?<end>\\d{1,18}|N))"
              + "(?::(?<used>\\d{1,18})/(?<group>\\d{1,18}))?");

  private BitmapText() {}

  /** bitmap_print_to_pagebuf(list, buffer, map, bits): to the end of the buffer's page. */
  static long printToPage(TrapFrame c) {
    FormatOutput out = FormatOutput.toKernel(c.memory(), PAGE);
    boolean list = (c.argument(0) & 0xff) != 0;
    BufferText.bits(out, BitmapFunctions.map(c, 2), (int) c.argument(3), list);
    out.append('\n');
    byte[] text = out.kept();
    int room = PAGE - (int) (c.argument(1) & (PAGE - 1));
    int length = Math.min(text.length, room - 1);
    c.memory().write(c.argument(1), java.util.Arrays.copyOf(text, length));
    c.memory().writeByte(c.argument(1) + length, 0);
    return length;
  }

  /** bitmap_parse(text, its size, map, bits): groups of hexadecimal digits, the highest first. */
  static long parse(TrapFrame c) {
    String whole =
        c.memory()
            .readString(c.argument(0), (int) Math.min(BitmapFunctions.unsigned(c, 1), 1 << 20));
    String[] groups = SEPARATORS.split(whole.substring(0, lineEnd(whole)), -1);
    long bits = BitmapFunctions.unsigned(c, 3);
    GuestBits map = BitmapFunctions.map(c, 2);
    clear(map, bits);
    long chunk = 0;
    for (int i = groups.length - 1; i >= 0; i--) {
      String digits = groups[i];
      if (digits.isEmpty()) {
        continue;
      }
      if (!digits.matches("[0-9a-fA-F]+")) {
        return -EINVAL;
      }
      if (chunk == (bits + 31) / 32 || digits.length() > 8) {
        return -EOVERFLOW;
      }
      long value = Long.parseLong(digits, 16);
      long left = bits - 32 * chunk;
      if (left < 32 && value >>> left != 0) {
        return -EOVERFLOW;
      }
      map.word(chunk / 2, map.word(chunk / 2) | value << (chunk % 2 * 32));
      chunk++;
    }
    return 0;
  }

  /** bitmap_parselist(text, map, bits): such as {@code 0-3,8,16-31:2/8}. */
  static long parseList(TrapFrame c) {
    String whole = GuestFormat.text(c.memory(), c.argument(0));
    String text = whole.substring(0, lineEnd(whole));
    long bits = c.argument(2) & 0xffffffffL;
    GuestBits map = BitmapFunctions.map(c, 1);
    clear(map, bits);
    for (String part : SEPARATORS.split(text, -1)) {
      int error = part.isEmpty() ? 0 : region(map, part, bits);
      if (error != 0) {
        return -error;
      }
    }
    return 0;
  }

  private static int region(GuestBits map, String part, long bits) {
    Matcher m = REGION.matcher(part);
    if (!m.matches()) {
      return EINVAL;
    }
    long start = number(m.group("start"), bits, 0);
    long end = number(m.group("end"), bits, m.group("single") == null ? bits - 1 : 0);
    if (m.group("single") != null) {
      start = number(m.group("single"), bits, 0);
      end = start;
    }
    long group = number(m.group("group"), bits, UINT_MAX);
    long used = number(m.group("used"), bits, group);
    if (Math.max(Math.max(start, end), Math.max(group, used)) > UINT_MAX) {
      return EOVERFLOW;
    }
    if (start > end || group == 0 || used > group) {
      return EINVAL;
    }
    if (end >= bits) {
      return ERANGE;
    }
    for (long at = start; at <= end && used != 0; at += group) {
      map.assign(at, Math.min(end - at + 1, used), true);
    }
    return 0;
  }

  private static long number(@Nullable String text, long bits, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    return text.equals("N") ? bits - 1 : Long.parseLong(text);
  }

  private static void clear(GuestBits map, long bits) {
    for (long i = 0; i < GuestBits.words(bits); i++) {
      map.word(i, 0);
    }
  }

  private static int lineEnd(String text) {
    int newline = text.indexOf('\n');
    return newline < 0 ? text.length() : newline;
  }
}
