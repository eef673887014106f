package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/** %pM, %pI, %pN: addresses of networks. */
final class NetworkText {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /** The flow label and traffic class of sin6_flowinfo. */
  private static final int FLOW_MASK = 0x0fffffff;

  private NetworkText() {}

  /** %pM %pMF %pMR %pm %pmR: six bytes. */
  static void mac(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    byte[] address = context.memory().read(pointer, 6);
    char variant = PointerFormats.at(extension, 1);
    String separator = variant == 'F' ? "-" : ":";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append(i == 0 || PointerFormats.at(extension, 0) == 'm' ? "" : separator);
      text.append(FormatText.hexByte(address[variant == 'R' ? 5 - i : i]));
    }
    FormatText.string(context.out(), text.toString(), spec);
  }

  /** %pNF: netdev_features_t. */
  static void features(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    if (PointerFormats.at(extension, 1) == 'F') {
      FormatText.number(
          context.out(), context.memory().readLong(pointer), FormatSpec.fullHex(Long.BYTES));
    } else {
      FormatText.error(context.out(), "(%pN?)", spec);
    }
  }

  /** %pI and %pi: addresses and socket addresses. */
  static void ip(FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    GuestMemory memory = context.memory();
    boolean plain = PointerFormats.at(extension, 0) == 'I';
    String text =
        switch (PointerFormats.at(extension, 1)) {
          case '4' -> ip4(memory.read(pointer, 4), plain, PointerFormats.at(extension, 2));
          case '6' -> ip6(memory.read(pointer, 16), plain, PointerFormats.at(extension, 2) == 'c');
          case 'S' -> socket(context, extension, pointer, spec, plain);
          default -> "";
        };
    if (text.isEmpty()) {
      String message = PointerFormats.at(extension, 1) == 'S' ? "(einval)" : "(%p?)";
      String letter = plain ? "I" : "i";
      FormatText.error(context.out(), message.replace("p?", "p" + letter + "?"), spec);
    } else {
      FormatText.string(context.out(), text, spec);
    }
  }

  private static String socket(
      FormatContext context, String extension, long pointer, FormatSpec spec, boolean plain) {
    return switch (context.memory().readShort(pointer)) {
      case AF_INET -> socket4(context, extension, pointer, spec, plain);
      case AF_INET6 -> socket6(context, extension, pointer, spec, plain);
      default -> "";
    };
  }

  /** A struct sockaddr_in: port at 2, address at 4. */
  private static String socket4(
      FormatContext context, String extension, long pointer, FormatSpec spec, boolean plain) {
    char order = 0;
    boolean port = false;
    for (int i = 2; CType.isAlpha(PointerFormats.at(extension, i)); i++) {
      char c = extension.charAt(i);
      port |= c == 'p';
      order = "hlnb".indexOf(c) >= 0 ? c : order;
    }
    String text = ip4(context.memory().read(pointer + 4, 4), plain, order);
    return port ? text + ":" + field(context, networkShort(context, pointer + 2), spec) : text;
  }

  /** A struct sockaddr_in6: port at 2, flow at 4, address at 8, scope at 24. */
  private static String socket6(
      FormatContext context, String extension, long pointer, FormatSpec spec, boolean plain) {
    int end = 2;
    while (CType.isAlpha(PointerFormats.at(extension, end))) {
      end++;
    }
    String wanted = extension.substring(2, end);
    boolean brackets = wanted.matches(".*[pfs].*");
    String text = ip6(context.memory().read(pointer + 8, 16), plain, wanted.indexOf('c') >= 0);
    StringBuilder whole = new StringBuilder(brackets ? "[" + text + "]" : text);
    if (wanted.indexOf('p') >= 0) {
      whole.append(':').append(field(context, networkShort(context, pointer + 2), spec));
    }
    if (wanted.indexOf('f') >= 0) {
      int flow = Integer.reverseBytes(context.memory().readInt(pointer + 4)) & FLOW_MASK;
      whole.append('/').append(field(context, flow, spec));
    }
    if (wanted.indexOf('s') >= 0) {
      long scope = context.memory().readInt(pointer + 24) & 0xffffffffL;
      whole.append('%').append(field(context, scope, spec));
    }
    return whole.toString();
  }

  /** %pI4 is 1.2.3.4; %pi4 has three digits each. */
  static String ip4(byte[] address, boolean plain, char order) {
    boolean reversed = order == 'h' || order == 'l';
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      int octet = address[reversed ? 3 - i : i] & 0xff;
      String digits = plain ? Integer.toString(octet) : Integer.toString(1000 + octet).substring(1);
      text.append(i == 0 ? "" : ".").append(digits);
    }
    return text.toString();
  }

  private static String ip6(byte[] address, boolean plain, boolean compressed) {
    if (plain && compressed) {
      return compressed(address);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      text.append(plain && i % 2 == 0 && i > 0 ? ":" : "").append(FormatText.hexByte(address[i]));
    }
    return text.toString();
  }

  /** RFC 5952: the longest run of zero words is left out, the first of equals. */
  private static String compressed(byte[] address) {
    boolean embedded = embedsIp4(address);
    int range = embedded ? 6 : 8;
    int start = -1;
    int longest = 1;
    for (int i = 0; i < range; i++) {
      int run = 0;
      while (i + run < range && word(address, i + run) == 0) {
        run++;
      }
      if (run > longest) {
        longest = run;
        start = i;
      }
    }
    StringBuilder text = new StringBuilder();
    boolean colon = false;
    for (int i = 0; i < range; i++) {
      if (i == start) {
        text.append(colon || i == 0 ? "::" : ":");
        colon = false;
        i += longest - 1;
        continue;
      }
      text.append(colon ? ":" : "").append(Integer.toHexString(word(address, i)));
      colon = true;
    }
    if (embedded) {
      byte[] last = {address[12], address[13], address[14], address[15]};
      text.append(colon ? ":" : "").append(ip4(last, true, 'n'));
    }
    return text.toString();
  }

  /** A v4-mapped address or an ISATAP one (RFC 5214). */
  private static boolean embedsIp4(byte[] address) {
    boolean mapped = true;
    for (int i = 0; i < 5; i++) {
      mapped &= word(address, i) == 0;
    }
    mapped &= word(address, 5) == 0xffff;
    boolean isatap = (word(address, 4) | 0x200) == 0x200 && word(address, 5) == 0x5efe;
    return mapped || isatap;
  }

  private static int word(byte[] address, int index) {
    return ((address[2 * index] & 0xff) << 8) | (address[2 * index + 1] & 0xff);
  }

  private static int networkShort(FormatContext context, long pointer) {
    return Short.reverseBytes((short) context.memory().readShort(pointer)) & 0xffff;
  }

  private static String field(FormatContext context, long value, FormatSpec spec) {
    return ValueText.text(context, out -> FormatText.number(out, value, spec));
  }
}
