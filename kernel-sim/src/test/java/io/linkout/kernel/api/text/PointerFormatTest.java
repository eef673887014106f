package io.linkout.kernel.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestOops;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The extensions of %p. */
class PointerFormatTest {
  private static final long POINTER = 0xffff888012345678L;

  private final FormatBench bench = new FormatBench();

  @Test
  void hashesPlainPointers() {
    String hashed = bench.print("%p", POINTER);
    assertThat(hashed).matches("00000000[0-9a-f]{8}").isNotEqualTo("0000000012345678");
    assertThat(bench.print("%p", POINTER)).isEqualTo(hashed);
    assertThat(bench.print("%pK", POINTER)).isEqualTo(hashed);
    assertThat(new FormatBench().print("%p", POINTER)).isEqualTo(hashed);
    assertThat(bench.print("%p", POINTER + 1)).isNotEqualTo(hashed);
    assertThat(new PointerHash(8).of(POINTER)).isNotEqualTo(new PointerHash(7).of(POINTER));
  }

  @Test
  void showsNullAndErrorPointersAsTheyAre() {
    assertThat(bench.print("%p", 0)).isEqualTo("0000000000000000");
    assertThat(bench.print("%p", -2)).isEqualTo("fffffffffffffffe");
    assertThat(bench.print("%px", POINTER)).isEqualTo("ffff888012345678");
    assertThat(bench.print("[%20px]", POINTER)).isEqualTo("[    ffff888012345678]");
    assertThat(bench.print("[%-20px]", POINTER)).isEqualTo("[ffff888012345678    ]");
    assertThat(bench.print("%#px", 0x1234)).isEqualTo("0x00000000001234");
  }

  @Test
  void swallowsLettersAndDigitsAfterAPointer() {
    assertThat(bench.print("%pxyz9 %d", 0, 5)).isEqualTo("0000000000000000 5");
  }

  @Test
  void printsUnknownExtensionsAsPlainPointers() {
    String hashed = bench.print("%p", POINTER);
    for (String extension : List.of("%pd", "%pD2", "%pg", "%pCn", "%pGp", "%pfwP", "%pQ", "%pz")) {
      assertThat(bench.print(extension, POINTER)).as(extension).isEqualTo(hashed);
    }
    assertThat(bench.print("%pOFn %pO %pA", POINTER, POINTER, POINTER))
        .isEqualTo("(%pOF?) (%pO?) (%pA?)");
  }

  @Test
  void namesErrors() {
    assertThat(bench.print("%pe %pe", -2, -517)).isEqualTo("-ENOENT -EPROBE_DEFER");
    assertThat(bench.print("%pe %pe", -531, -4095)).isEqualTo("-531 -4095");
    assertThat(bench.print("[%8pe|%-9pe]", -5, -22)).isEqualTo("[    -EIO|-EINVAL  ]");
    assertThat(bench.print("%pe", POINTER)).isEqualTo(bench.print("%p", POINTER));
    assertThat(ErrorNames.name(133)).isEqualTo("EHWPOISON");
    assertThat(ErrorNames.name(110)).isEqualTo("ETIMEDOUT");
    assertThat(ErrorNames.name(61)).isEqualTo("ENODATA");
    assertThat(ErrorNames.name(524)).isEqualTo("ENOTSUPP");
    assertThat(ErrorNames.name(530)).isEqualTo("ERECALLCONFLICT");
    assertThat(ErrorNames.name(41)).isNull();
    assertThat(ErrorNames.name(520)).isNull();
  }

  @Test
  void namesAddresses() {
    long address = FormatBench.SYMBOL + 4;
    assertThat(bench.print("%pS", address)).isEqualTo("alpha_init+0x4/0x40 [alpha]");
    assertThat(bench.print("%pSR", address)).isEqualTo("alpha_init+0x4/0x40 [alpha]");
    assertThat(bench.print("%ps", address)).isEqualTo("alpha_init [alpha]");
    assertThat(bench.print("%pS", 0xffffffff81000000L)).isEqualTo("_text+0x0/0x10");
    assertThat(bench.print("%pB", FormatBench.SYMBOL + 0x40))
        .isEqualTo("alpha_init+0x40/0x40 [alpha]");
    assertThat(bench.print("%pB", FormatBench.SYMBOL)).isEqualTo("0xffffffffa0001000");
    assertThat(bench.print("%ps", 0x1234)).isEqualTo("0x1234");
    assertThat(bench.print("[%-12pS]", 0x1234)).isEqualTo("[0x1234      ]");
  }

  /** The client has the name, and a number stays a number. */
  @Test
  void marksAddressesWhoseNameIsNotKept() {
    long address = FormatBench.NAMELESS;
    assertThat(bench.print("%pS %ps", address, address))
        .isEqualTo("[<ffffffff81000010>] [<ffffffff81000010>]");
    assertThat(bench.print("%pB", address + 1)).isEqualTo("[<ffffffff81000011>]");
    assertThat(bench.print("%pB", address)).isEqualTo("0xffffffff81000010");
    assertThat(bench.print("%px", address)).isEqualTo("ffffffff81000010");
  }

  @Test
  void refusesPointersThatCannotBeFollowed() {
    assertThat(bench.print("%s", 0)).isEqualTo("(null)");
    assertThat(bench.print("%s %s", 0xfff, -22)).isEqualTo("(efault) (efault)");
    assertThat(bench.print("[%8s|%.3s]", 0, 0)).isEqualTo("[  (null)|(nu]");
    assertThat(bench.print("%pM %pI4 %pU", 0, -1, 16)).isEqualTo("(null) (efault) (efault)");
    assertThatThrownBy(() -> bench.print("%s", 0xffff888000000000L)).isInstanceOf(GuestFault.class);
  }

  @Test
  void printsBuffersInHexadecimal() {
    long bytes = bench.trap.bytes((byte) 0xc0, (byte) 0x01, (byte) 0xff);
    assertThat(bench.print("%3ph", bytes)).isEqualTo("c0 01 ff");
    assertThat(bench.print("%3phC %3phD %3phN", bytes, bytes, bytes))
        .isEqualTo("c0:01:ff c0-01-ff c001ff");
    assertThat(bench.print("%*ph", 2, bytes)).isEqualTo("c0 01");
    assertThat(bench.print("%ph", bytes)).isEqualTo("c0");
    assertThat(bench.print("[%*ph]", 0, bytes)).isEqualTo("[]");
    assertThat(bench.print("%*phN", 100, bench.trap.room(100))).isEqualTo("00".repeat(64));
  }

  @Test
  void escapesBuffers() {
    long text = bench.trap.string("a\n\"\u001b\u0001b\\");
    assertThat(bench.print("%*pE", 7, text)).isEqualTo("a\\n\"\\e\\001b\\");
    assertThat(bench.print("%*pEh", 3, text)).isEqualTo("\\x61\\x0a\\x22");
    assertThat(bench.print("%*pEhp", 3, text)).isEqualTo("a\\x0a\"");
    assertThat(bench.print("%*pEc", 7, text)).isEqualTo("a\n\\\"\\e\u0001b\\\\");
    assertThat(bench.print("%*pEns", 3, bench.trap.bytes((byte) 0, (byte) 9, (byte) 'x')))
        .isEqualTo("\\0\\tx");
  }

  @Test
  void printsBitmaps() {
    long map = bench.trap.longs(0x8000_0000_0000_00f1L, 0x3);
    assertThat(bench.print("%*pb", 66, map)).isEqualTo("3,80000000,000000f1");
    assertThat(bench.print("%*pbl", 66, map)).isEqualTo("0,4-7,63-65");
    assertThat(bench.print("%6pb", map)).isEqualTo("31");
    assertThat(bench.print("%6pbl", map)).isEqualTo("0,4-5");
    assertThat(bench.print("[%0pbl]", map)).isEqualTo("[]");
  }

  @Test
  void printsMacAddresses() {
    byte[] mac = {0, 0x11, 0x22, 0x33, (byte) 0xaa, (byte) 0xff};
    long address = bench.trap.bytes(mac);
    assertThat(bench.print("%pM %pMF", address, address))
        .isEqualTo("00:11:22:33:aa:ff 00-11-22-33-aa-ff");
    assertThat(bench.print("%pMR %pm %pmR", address, address, address))
        .isEqualTo("ff:aa:33:22:11:00 00112233aaff ffaa33221100");
  }

  @Test
  void printsIp4Addresses() {
    long address = bench.trap.bytes((byte) 127, (byte) 0, (byte) 12, (byte) 255);
    assertThat(bench.print("%pI4 %pi4", address, address))
        .isEqualTo("127.0.12.255 127.000.012.255");
    assertThat(bench.print("%pI4h %pI4l %pI4n %pI4b", address, address, address, address))
        .isEqualTo("255.12.0.127 255.12.0.127 127.0.12.255 127.0.12.255");
    assertThat(bench.print("[%-15pI4]", address)).isEqualTo("[127.0.12.255   ]");
    assertThat(bench.print("%pI5 %pi", address, address)).isEqualTo("(%pI?) (%pi?)");
  }

  @Test
  void printsIp6Addresses() {
    assertThat(ip6("%pI6", 0x20010db800000000L, 1))
        .isEqualTo("2001:0db8:0000:0000:0000:0000:0000:0001");
    assertThat(ip6("%pi6", 0x20010db800000000L, 1)).isEqualTo("20010db8000000000000000000000001");
    assertThat(ip6("%pI6c", 0x20010db800000000L, 1)).isEqualTo("2001:db8::1");
    assertThat(ip6("%pI6c", 0, 0)).isEqualTo("::");
    assertThat(ip6("%pI6c", 0, 1)).isEqualTo("::1");
    assertThat(ip6("%pI6c", 0x0001000000020000L, 0x0000000300000000L)).isEqualTo("1:0:2::3:0:0");
    assertThat(ip6("%pI6c", 0x0001000000020003L, 0x0004000500060007L)).isEqualTo("1:0:2:3:4:5:6:7");
    assertThat(ip6("%pI6c", 0xfe80000000000000L, 0)).isEqualTo("fe80::");
    assertThat(ip6("%pI6c", 0, 0x0000ffffc0a80101L)).isEqualTo("::ffff:192.168.1.1");
    assertThat(ip6("%pI6c", 0xfe80000000000000L, 0x00005efe0a000001L))
        .isEqualTo("fe80::5efe:10.0.0.1");
  }

  private String ip6(String format, long high, long low) {
    return bench.print(format, bench.trap.longs(Long.reverseBytes(high), Long.reverseBytes(low)));
  }

  @Test
  void printsSocketAddresses() {
    long four =
        bench.trap.bytes(
            (byte) 2, (byte) 0, (byte) 0x30, (byte) 0x39, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
    assertThat(bench.print("%pIS %pISp %pISpc %piS", four, four, four, four))
        .isEqualTo("1.2.3.4 1.2.3.4:12345 1.2.3.4:12345 001.002.003.004");
    byte[] sixBytes = new byte[28];
    sixBytes[0] = 10;
    sixBytes[2] = 0x30;
    sixBytes[3] = 0x39;
    sixBytes[7] = 9;
    sixBytes[23] = 1;
    sixBytes[24] = 7;
    long six = bench.trap.bytes(sixBytes);
    assertThat(bench.print("%pISc", six)).isEqualTo("::1");
    assertThat(bench.print("%pISpfsc", six)).isEqualTo("[::1]:12345/9%7");
    assertThat(bench.print("%pIS", bench.trap.bytes((byte) 1, (byte) 0))).isEqualTo("(einval)");
  }

  @Test
  void printsIdentifiers() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 16; i++) {
      bytes[i] = (byte) (0xa0 + i);
    }
    long uuid = bench.trap.bytes(bytes);
    assertThat(bench.print("%pU", uuid)).isEqualTo("a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
    assertThat(bench.print("%pUb", uuid)).isEqualTo("a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
    assertThat(bench.print("%pUB", uuid)).isEqualTo("A0A1A2A3-A4A5-A6A7-A8A9-AAABACADAEAF");
    assertThat(bench.print("%pUl", uuid)).isEqualTo("a3a2a1a0-a5a4-a7a6-a8a9-aaabacadaeaf");
    assertThat(bench.print("%pUL", uuid)).isEqualTo("A3A2A1A0-A5A4-A7A6-A8A9-AAABACADAEAF");
  }

  @Test
  void printsValuesByReference() {
    long value = bench.trap.longs(0x12345678L);
    assertThat(bench.print("%pa %pad %pap", value, value, value))
        .isEqualTo("0x0000000012345678 0x0000000012345678 0x0000000012345678");
    assertThat(bench.print("%pNF %pNx", value, value)).isEqualTo("0x0000000012345678 (%pN?)");
    assertThat(bench.print("%p4cc", bench.trap.longs(0x3231564eL)))
        .isEqualTo("NV12 little-endian (0x3231564e)");
    assertThat(bench.print("%p4cc", bench.trap.longs(0xb231560aL)))
        .isEqualTo(".V12 big-endian (0xb231560a)");
    assertThat(bench.print("%pks %pus", bench.trap.string("k"), bench.trap.string("u")))
        .isEqualTo("k u");
    assertThat(bench.print("%pkx", value)).isEqualTo("(einval)");
  }

  @Test
  void printsResources() {
    assertThat(resource(0xc0ffee00L, 0xc0ffee00L, 0x200, "%pR")).isEqualTo("[mem 0xc0ffee00]");
    assertThat(resource(0, 0x1f, 0x102200L, "%pR"))
        .isEqualTo("[mem 0x00000000-0x0000001f 64bit pref]");
    assertThat(resource(0, 0x1f, 0x200, "%pr"))
        .isEqualTo("[mem 0x00000000-0x0000001f flags 0x200]");
    assertThat(resource(0x3f8, 0x3ff, 0x100, "%pR")).isEqualTo("[io  0x03f8-0x03ff]");
    assertThat(resource(4, 4, 0x400, "%pR")).isEqualTo("[irq 4]");
    assertThat(resource(0, 0xff, 0x30001000L, "%pR")).isEqualTo("[bus size 100 disabled]");
    assertThat(resource(1, 2, 0, "%pR")).isEqualTo("[??? 0x00000001-0x00000002 flags 0x0]");
  }

  private String resource(long start, long end, long flags, String format) {
    return bench.print(format, bench.trap.longs(start, end, 0, flags));
  }

  @Test
  void printsTimes() {
    long time = bench.trap.longs(1543210543L);
    assertThat(bench.print("%ptT", time)).isEqualTo("2018-11-26T05:35:43");
    assertThat(bench.print("%ptTs %ptTd %ptTt", time, time, time))
        .isEqualTo("2018-11-26 05:35:43 2018-11-26 05:35:43");
    assertThat(bench.print("%ptTdr %ptTtr", time, time)).isEqualTo("0118-10-26 05:35:43");
    assertThat(bench.print("%ptT", bench.trap.longs(-1))).isEqualTo("1969-12-31T23:59:59");
    long rtc = bench.trap.room(36);
    int[] fields = {43, 35, 5, 26, 10, 118};
    for (int i = 0; i < fields.length; i++) {
      bench.trap.memory().writeInt(rtc + 4L * i, fields[i]);
    }
    assertThat(bench.print("%ptR %ptRr", rtc, rtc))
        .isEqualTo("2018-11-26T05:35:43 0118-10-26T05:35:43");
    assertThat(bench.print("%ptX", rtc)).isEqualTo("(%pt?)");
  }

  @Test
  void printsFormatsWithinFormats() {
    long arguments = bench.trap.vaList(2, 7, bench.trap.string("in"), 9, 10);
    long nested = bench.trap.longs(bench.trap.string("<%d %s %d %d>"), arguments);
    assertThat(bench.print("a %pV %d", nested, 5)).isEqualTo("a <7 in 9 10> 5");
    assertThat(bench.print("%pV", nested)).as("not used up").isEqualTo("<7 in 9 10>");
  }

  @Test
  void endsFormatsThatNestWithoutEnd() {
    long nested = bench.trap.longs(bench.trap.string("%pV"), 0);
    bench.trap.memory().writeLong(nested + 8, bench.trap.vaList(1, nested));
    assertThatThrownBy(() -> bench.print("%pV", nested)).isInstanceOf(GuestOops.class);
  }

  @Test
  void listsEveryExtensionOnce() {
    assertThat(PointerFormats.ALL)
        .extracting(PointerFormats.Extension::letters)
        .doesNotHaveDuplicates();
    assertThat(PointerFormats.ALL)
        .filteredOn(e -> e.support() == PointerFormats.Support.HASHED)
        .extracting(PointerFormats.Extension::letters)
        .contains("%pd %pD", "%pg");
  }
}
