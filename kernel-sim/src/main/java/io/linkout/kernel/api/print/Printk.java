package io.linkout.kernel.api.print;

import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.kmsg.Kmsg;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Guest text into the kernel log, as vprintk_store of kernel/printk/printk.c (6.1): levels and
 * continuation by prefix, one trailing newline stripped, long text cut.
 */
public final class Printk {
  /** Level -1: whatever the prefix says, else the default. */
  public static final int LEVEL_DEFAULT = -1;

  /** LOG_LINE_MAX without PRINTK_CALLER: 1024 bytes less 32 for a prefix. */
  static final int LINE_MAX = 1024 - 32;

  /** CONFIG_MESSAGE_LOGLEVEL_DEFAULT: warning. */
  private static final int MESSAGE_LEVEL = 4;

  /** SOH: starts a two-byte prefix. */
  private static final byte PREFIX = 1;

  /** Bytes of the text in which Linux looks for prefixes, its NUL not counted. */
  private static final int PREFIX_SEARCHED = 7;

  private final GuestFormat format;
  private final Kmsg log;

  /** Formats with {@code format} and stores into {@code log}. */
  public Printk(GuestFormat format, Kmsg log) {
    this.format = format;
    this.log = log;
  }

  /**
   * Stores one message.
   *
   * @param facility 0 for kern; only then prefixes count
   * @param level 0 to 7, or {@link #LEVEL_DEFAULT}
   * @param text guest address of the format
   * @return bytes stored, as printk returns
   */
  public int store(
      GuestMemory memory, int facility, int level, long text, FormatArguments arguments) {
    return store(facility, level, format.bytes(memory, LINE_MAX, text, arguments));
  }

  /** Stores one message of facility kern whose text is {@code text}, each char a byte. */
  void store(String text) {
    store(0, LEVEL_DEFAULT, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns {@code pointer} as %p prints it. */
  String pointer(GuestMemory memory, long pointer) {
    return format.pointer(memory, pointer);
  }

  /** Stores one message whose text is {@code bytes}, prefixes and newline included. */
  int store(int facility, int wantedLevel, byte[] bytes) {
    byte[] text = bytes.length < LINE_MAX ? bytes : Arrays.copyOf(bytes, LINE_MAX - 1);
    int prefix = 0;
    int level = wantedLevel;
    boolean continued = false;
    if (facility == 0) {
      prefix = prefixLength(text, text.length);
      int end = prefixLength(text, PREFIX_SEARCHED);
      for (int i = 1; i < end; i += 2) {
        continued |= text[i] == 'c';
        if (text[i] != 'c' && level == LEVEL_DEFAULT) {
          level = text[i] - '0';
        }
      }
    }
    boolean ended = text.length > 0 && text[text.length - 1] == '\n';
    byte[] body = Arrays.copyOfRange(text, prefix, Math.max(prefix, text.length - (ended ? 1 : 0)));
    if (!continued || !log.extend(body, ended, LINE_MAX)) {
      log.store(facility, (level == LEVEL_DEFAULT ? MESSAGE_LEVEL : level) & 7, body, ended);
    }
    return body.length;
  }

  private static int prefixLength(byte[] text, int limit) {
    int length = 0;
    int end = Math.min(text.length, limit);
    while (length + 1 < end && text[length] == PREFIX && isLevel(text[length + 1])) {
      length += 2;
    }
    return length;
  }

  private static boolean isLevel(byte letter) {
    return letter == 'c' || (letter >= '0' && letter <= '7');
  }
}
