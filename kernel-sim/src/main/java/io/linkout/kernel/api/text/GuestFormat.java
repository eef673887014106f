package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The kernel's formatted printing over guest memory: vsnprintf of lib/vsprintf.c, release 6.1. It
 * differs from C's where Linux does: no floating point, %n and other unknown conversions end the
 * output with a warning, and %p has extensions (see {@link PointerFormats}).
 *
 * <p>A format, a string or a buffer that is not there is a {@link
 * io.linkout.kernel.cpu.GuestFault}. Confined to the CPU thread.
 */
public final class GuestFormat {
  /** Larger sizes are refused, as in Linux. */
  private static final long INT_MAX = Integer.MAX_VALUE;

  /** A kernel stack of 16 KiB holds about as many nested vsnprintf. */
  private static final int NESTING_MAX = 64;

  private final PointerHash hash;
  private final AddressNames names;
  private final Consumer<String> warning;
  private final Set<String> warned = new HashSet<>();
  private int depth;

  /**
   * @param hash for %p
   * @param names for %pS and its kin
   * @param warning takes the text of a WARN, at most once for each kind
   */
  public GuestFormat(PointerHash hash, AddressNames names, Consumer<String> warning) {
    this.hash = hash;
    this.names = names;
    this.warning = warning;
  }

  /**
   * Formats into {@code size} bytes at guest address {@code buffer}, the last of them NUL.
   *
   * @param format guest address
   * @return the number of bytes there would be without a limit, NUL not counted
   */
  public long vsnprintf(
      GuestMemory memory, long buffer, long size, long format, FormatArguments arguments) {
    if (Long.compareUnsigned(size, INT_MAX) > 0) {
      warnOnce("vsnprintf: size", "size " + Long.toUnsignedString(size) + " is above INT_MAX");
      return 0;
    }
    FormatOutput out = FormatOutput.toGuest(memory, buffer, size);
    format(out, memory, text(memory, format), arguments);
    out.finish(size);
    return (int) out.length();
  }

  /** As {@link #vsnprintf}, but returns the bytes written: vscnprintf. */
  public long vscnprintf(
      GuestMemory memory, long buffer, long size, long format, FormatArguments arguments) {
    if (size == 0) {
      return 0;
    }
    return Math.min(vsnprintf(memory, buffer, size, format, arguments), size - 1);
  }

  /** Returns the number of bytes a format would have, NUL not counted. */
  public long length(GuestMemory memory, long format, FormatArguments arguments) {
    FormatOutput out = FormatOutput.toKernel(memory, 0);
    format(out, memory, text(memory, format), arguments);
    return out.length();
  }

  /**
   * Formats for the kernel itself.
   *
   * @param limit bytes returned at most; at most 64 KiB
   */
  public byte[] bytes(GuestMemory memory, int limit, long format, FormatArguments arguments) {
    FormatOutput out = FormatOutput.toKernel(memory, limit);
    format(out, memory, text(memory, format), arguments);
    return out.kept();
  }

  /** Returns {@code pointer} as %p prints it. */
  public String pointer(GuestMemory memory, long pointer) {
    FormatOutput out = FormatOutput.toKernel(memory, 32);
    plainPointer(out, pointer, FormatSpec.STRING);
    return new String(out.kept(), StandardCharsets.ISO_8859_1);
  }

  /** Appends to {@code out}; the format's chars are bytes. */
  void format(FormatOutput out, GuestMemory memory, String format, FormatArguments arguments) {
    FormatContext context = new FormatContext(out, memory, this);
    FormatParser parser = new FormatParser(format, arguments, text -> warnOnce("spec", text));
    while (!parser.atEnd()) {
      switch (parser.next()) {
        case FormatParser.Part.Literal literal -> out.append(literal.text());
        case FormatParser.Part.Percent _ -> out.append('%');
        case FormatParser.Part.Integral number ->
            FormatText.number(out, narrowed(arguments.next(), number), number.spec());
        case FormatParser.Part.Single character ->
            character(out, (int) arguments.next() & 0xff, character.spec());
        case FormatParser.Part.Text text -> context.guestString(arguments.next(), text.spec());
        case FormatParser.Part.Pointer pointer ->
            PointerFormats.format(context, pointer.extension(), arguments.next(), pointer.spec());
        case FormatParser.Part.Invalid invalid -> {
          warnOnce(
              "conversion",
              "Please remove unsupported %" + invalid.conversion() + " in format string");
          return;
        }
      }
    }
  }

  /**
   * Appends a format within a format.
   *
   * @throws GuestOops if they nest without end, which on a real CPU exhausts the stack
   */
  void nested(FormatContext context, String format, FormatArguments arguments) {
    if (depth == NESTING_MAX) {
      throw new GuestOops("BUG: stack guard page was hit: %pV formats nest without end");
    }
    depth++;
    try {
      format(context.out(), context.memory(), format, arguments);
    } finally {
      depth--;
    }
  }

  AddressNames names() {
    return names;
  }

  /** Appends {@code pointer} as %p does: hashed, but for NULL and error pointers. */
  void plainPointer(FormatOutput out, long pointer, FormatSpec spec) {
    boolean plain = pointer == 0 || FormatContext.isError(pointer);
    FormatText.pointer(out, plain ? pointer : hash.of(pointer), spec);
  }

  static String text(GuestMemory memory, long address) {
    return memory.readString(address, Integer.MAX_VALUE);
  }

  void warnOnce(String kind, String text) {
    if (warned.add(kind)) {
      warning.accept(text);
    }
  }

  private static void character(FormatOutput out, int c, FormatSpec spec) {
    boolean left = spec.has(FormatSpec.LEFT);
    if (!left) {
      out.pad(' ', spec.width() - 1L);
    }
    out.append(c);
    if (left) {
      out.pad(' ', spec.width() - 1L);
    }
  }

  private static long narrowed(long value, FormatParser.Part.Integral number) {
    int unused = 64 - number.bits();
    return number.spec().has(FormatSpec.SIGN)
        ? (value << unused) >> unused
        : (value << unused) >>> unused;
  }
}
