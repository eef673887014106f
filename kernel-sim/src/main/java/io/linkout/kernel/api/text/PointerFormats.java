package io.linkout.kernel.api.text;

import java.util.List;

/** The extensions of %p: which letters do what (pointer() of lib/vsprintf.c, 6.1). */
public final class PointerFormats {
  /** How an extension is honoured. */
  public enum Support {
    /** As Linux prints it. */
    HONOURED,
    /** As Linux prints an extension it does not know: like %p. */
    HASHED
  }

  /**
   * One family of extensions, for the documentation.
   *
   * @param letters what follows the percent sign
   * @param meaning in a few words
   */
  public record Extension(String letters, String meaning, Support support) {}

  /** Every extension Linux 6.1 knows. */
  public static final List<Extension> ALL =
      List.of(
          honoured("p", "a pointer, hashed; NULL and error pointers as they are"),
          honoured("pK", "as %p (kptr_restrict is 0)"),
          honoured("px", "the address itself"),
          honoured("pe", "an error pointer's name, such as -ENOENT"),
          honoured(
              "pS pSR pSb pSRb",
              "symbol+0xoffset/0xsize [module]; [<address>] if only the symbol map has the name"),
          honoured("ps psR", "symbol [module]"),
          honoured("pB pBb", "as %pS, for return addresses"),
          honoured("pR pr", "struct resource, decoded or raw"),
          honoured("ph phC phD phN", "bytes in hexadecimal; the width is their number, up to 64"),
          honoured("pb pbl", "a bitmap, as words or list; the width is its size in bits"),
          honoured("pM pMR pMF pm pmR", "a MAC address"),
          honoured("pI4 pi4 and h n b l", "an IPv4 address"),
          honoured("pI6 pi6 pI6c", "an IPv6 address"),
          honoured("pIS piS and c p f s h n b l", "a struct sockaddr"),
          honoured("pE and a c h n o p s", "an escaped buffer; the width is its size"),
          honoured("pU and b B l L", "a UUID or GUID"),
          honoured("pV", "struct va_format: a format with arguments of its own"),
          honoured("pNF", "netdev_features_t"),
          honoured("p4cc", "a FourCC code"),
          honoured("pa pap pad", "phys_addr_t or dma_addr_t by reference"),
          honoured("ptR ptT and d t r s", "struct rtc_time or time64_t"),
          honoured("pks pus", "a string, as %s"),
          honoured("pOF pA", "(%pOF?), (%pA?): no device tree and no Rust in this kernel"),
          hashed("pfw pfwP pfwf", "firmware node names: this kernel has no firmware nodes"),
          hashed("pd pD", "dentry and file names: this kernel has no file system"),
          hashed("pg", "block device names: this kernel has no block layer"),
          hashed("pC pCn", "clock names: this kernel has no clock framework"),
          hashed("pGp pGg pGv", "page, gfp and vma flags by name"));

  private PointerFormats() {}

  /**
   * Appends {@code pointer}.
   *
   * @param extension the format from after the p, to its end
   */
  static void format(FormatContext context, String extension, long pointer, FormatSpec spec) {
    FormatOutput out = context.out();
    switch (at(extension, 0)) {
      case 'S', 's', 'B' -> symbol(context, extension, pointer, spec);
      case 'R', 'r' -> ResourceText.format(context, extension, pointer, spec);
      case 'h' -> BufferText.hex(context, extension, pointer, spec);
      case 'b' -> BufferText.bitmap(context, extension, pointer, spec);
      case 'E' -> BufferText.escaped(context, extension, pointer, spec);
      case 'M', 'm' -> NetworkText.mac(context, extension, pointer, spec);
      case 'I', 'i' -> NetworkText.ip(context, extension, pointer, spec);
      case 'N' -> NetworkText.features(context, extension, pointer, spec);
      case 'U' -> ValueText.uuid(context, extension, pointer, spec);
      case '4' -> ValueText.fourCc(context, extension, pointer, spec);
      case 'a' -> ValueText.address(context, pointer, spec);
      case 't' -> TimeText.format(context, extension, pointer, spec);
      case 'V' -> nested(context, pointer, spec);
      case 'f' -> firmwareNode(context, extension, pointer, spec);
      case 'O' -> FormatText.error(out, at(extension, 1) == 'F' ? "(%pOF?)" : "(%pO?)", spec);
      case 'A' -> {
        context.format().warnOnce("%pA", "Please remove %pA from non-Rust code");
        FormatText.error(out, "(%pA?)", spec);
      }
      case 'x' -> FormatText.pointer(out, pointer, spec);
      case 'e' -> error(context, pointer, spec);
      case 'u', 'k' -> {
        if (at(extension, 1) == 's') {
          context.guestString(pointer, spec);
        } else {
          FormatText.error(out, "(einval)", spec);
        }
      }
      default -> context.format().plainPointer(out, pointer, spec);
    }
  }

  /** Returns the char at {@code index}, 0 beyond the end. */
  static char at(String extension, int index) {
    return index < extension.length() ? extension.charAt(index) : 0;
  }

  private static void error(FormatContext context, long pointer, FormatSpec spec) {
    if (!FormatContext.isError(pointer)) {
      context.format().plainPointer(context.out(), pointer, spec);
      return;
    }
    String name = ErrorNames.name((int) -pointer);
    if (name != null) {
      FormatText.string(context.out(), "-" + name, spec);
    } else {
      FormatText.number(context.out(), pointer, spec.withFlags(FormatSpec.SIGN).withBase(10));
    }
  }

  /**
   * Names an address as kernel/kallsyms.c: __sprint_symbol does. Where the name is left to those
   * who have the symbol map it marks the address as Linux's oopses once did for ksymoops, since %px
   * and %lx may print the same number and mean the number.
   */
  private static void symbol(
      FormatContext context, String extension, long address, FormatSpec spec) {
    // A return address may lie just after a function whose last instruction is the call.
    int back = at(extension, 0) == 'B' ? 1 : 0;
    AddressNames.Name name = context.format().names().lookup(address - back);
    String text;
    if (name == null) {
      boolean nameless = context.format().names().isNameless(address - back);
      String digits = Long.toHexString(address);
      text = nameless ? "[<" + digits + ">]" : "0x" + digits;
    } else {
      text = name.symbol();
      if (at(extension, 0) != 's') {
        text +=
            "+0x" + Long.toHexString(name.offset() + back) + "/0x" + Long.toHexString(name.size());
      }
      if (!name.module().isEmpty()) {
        text += " [" + name.module() + "]";
      }
    }
    FormatText.string(context.out(), text, spec);
  }

  /** A struct va_format: the address of a format and that of a va_list. */
  private static void nested(FormatContext context, long pointer, FormatSpec spec) {
    if (context.refuses(pointer, spec)) {
      return;
    }
    long format = context.memory().readLong(pointer);
    long vaList = context.memory().readLong(pointer + 8);
    FormatArguments arguments = FormatArguments.ofVaList(context.memory(), vaList);
    context.format().nested(context, GuestFormat.text(context.memory(), format), arguments);
  }

  private static void firmwareNode(
      FormatContext context, String extension, long pointer, FormatSpec spec) {
    if (at(extension, 1) != 'w') {
      FormatText.error(context.out(), "(%pf?)", spec);
    } else {
      context.format().plainPointer(context.out(), pointer, spec);
    }
  }

  private static Extension honoured(String letters, String meaning) {
    return new Extension(("%" + letters).replace(" p", " %p"), meaning, Support.HONOURED);
  }

  private static Extension hashed(String letters, String meaning) {
    return new Extension(("%" + letters).replace(" p", " %p"), meaning, Support.HASHED);
  }
}
