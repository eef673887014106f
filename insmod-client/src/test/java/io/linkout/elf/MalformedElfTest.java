package io.linkout.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every broken file ends in one line that says where it is broken. */
final class MalformedElfTest {
  private static ElfBuilder file() {
    ElfBuilder builder = new ElfBuilder();
    int text = builder.section(".text", Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 16, new byte[64]);
    int data = builder.section(".data", Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, new byte[32]);
    int name = builder.global("function", text, 0);
    return builder.rela(data, 0, 1, name, 0);
  }

  private static String reason(byte[] bytes) {
    MalformedElfException e =
        catchThrowableOfType(
            MalformedElfException.class,
            () -> {
              try (ElfFile file = ElfFile.of("x.ko", FileBytes.of(bytes))) {
                file.symbols().section(1);
                file.symbols().name(1);
              }
            });
    assertThat(e).as("a malformed file must be refused").isNotNull();
    assertThat(e.file()).isEqualTo("x.ko");
    assertThat(e.reason()).doesNotContain("\n");
    return e.reason();
  }

  private static byte[] patched(Consumer<ByteBuffer> patch) {
    byte[] bytes = file().build();
    patch.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  /** Patches the header of section {@code index}: 1 .text, 2 .data, 3 .rela, 4 symtab, 5 strtab. */
  private static byte[] patchedSection(int index, int field, long value, int width) {
    return patched(
        b -> {
          int at = (int) b.getLong(40) + index * Elf.SHDR_SIZE + field;
          if (width == 4) {
            b.putInt(at, (int) value);
          } else {
            b.putLong(at, value);
          }
        });
  }

  @Test
  void theFileItselfIsFine() {
    try (ElfFile elf = ElfFile.of("x.ko", FileBytes.of(file().build()))) {
      assertThat(elf.sections().count()).isEqualTo(7);
      assertThat(elf.symbols().name(1)).isEqualTo("function");
    }
  }

  @Test
  void emptyFile() {
    assertThat(reason(new byte[0])).isEqualTo("empty file");
  }

  @Test
  void notElf() {
    assertThat(
            reason(
                "#!/bin/sh\necho this is a shell script\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isEqualTo("not an ELF file");
  }

  @Test
  void headerCutOff() {
    assertThat(reason(Arrays.copyOf(file().build(), 30))).startsWith("truncated: 30 bytes");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = file().build();
    for (int length = 0; length < whole.length; length++) {
      assertThat(reason(Arrays.copyOf(whole, length))).isNotEmpty();
    }
  }

  @Test
  void thirtyTwoBits() {
    assertThat(reason(patched(b -> b.put(4, (byte) 1)))).isEqualTo("ELF class 1, not 2 (64-bit)");
  }

  @Test
  void bigEndian() {
    assertThat(reason(patched(b -> b.put(5, (byte) 2)))).contains("not 1 (little-endian)");
  }

  @Test
  void executable() {
    assertThat(reason(file().type(Elf.ET_EXEC).build()))
        .isEqualTo("ELF type 2, not 1 (relocatable)");
  }

  @Test
  void noSectionHeaders() {
    assertThat(reason(patched(b -> b.putLong(40, 0)))).isEqualTo("no section headers");
  }

  @Test
  void sectionHeadersOutsideTheFile() {
    assertThat(reason(patched(b -> b.putLong(40, Long.MAX_VALUE - 10)))).startsWith("truncated");
    assertThat(reason(patched(b -> b.putLong(40, -64)))).startsWith("truncated");
  }

  @Test
  void sectionHeadersOfAnotherSize() {
    assertThat(reason(patched(b -> b.putShort(58, (short) 40))))
        .isEqualTo("section headers of 40 bytes, not 64");
  }

  @Test
  void sectionPastTheEnd() {
    assertThat(reason(patchedSection(2, 32, 1 << 20, 8))).startsWith("truncated: section 2");
  }

  @Test
  void sectionSizeOverflows() {
    assertThat(reason(patchedSection(2, 32, Long.MAX_VALUE, 8))).startsWith("truncated: section 2");
    assertThat(reason(patchedSection(2, 32, -1, 8))).startsWith("truncated: section 2");
  }

  @Test
  void sectionsOverlap() {
    assertThat(reason(patchedSection(2, 24, 100, 8)))
        .isEqualTo("section .data: overlaps section .text");
    assertThat(reason(patchedSection(1, 24, 0, 8)))
        .isEqualTo("section .text: overlaps the ELF header");
  }

  @Test
  void alignmentNoPowerOfTwo() {
    assertThat(reason(patchedSection(1, 48, 24, 8)))
        .isEqualTo("section .text: alignment 24 is no power of two");
  }

  @Test
  void sectionNameOutsideItsTable() {
    assertThat(reason(patchedSection(1, 0, 5000, 4))).contains("section 1: name at 5000");
  }

  @Test
  void nameTableIndexOutOfRange() {
    assertThat(reason(patched(b -> b.putShort(62, (short) 99))))
        .startsWith("section name table: index 99 out of range");
  }

  @Test
  void nameTableIsNoStringTable() {
    assertThat(reason(patched(b -> b.putShort(62, (short) 1)))).contains("is no string table");
  }

  @Test
  void stringTableWithoutEnd() {
    assertThat(
            reason(
                patched(
                    b -> {
                      int header = (int) b.getLong(40) + 5 * Elf.SHDR_SIZE;
                      int end = (int) (b.getLong(header + 24) + b.getLong(header + 32));
                      b.put(end - 1, (byte) 'x');
                    })))
        .isEqualTo("section .symtab: string table without end");
  }

  @Test
  void symbolTableWithTornEntry() {
    assertThat(reason(patchedSection(4, 32, 47, 8)))
        .isEqualTo("section .symtab: 47 bytes are no whole number of symbols");
    assertThat(reason(patchedSection(4, 56, 16, 8)))
        .isEqualTo("section .symtab: entries of 16 bytes, not 24");
  }

  @Test
  void symbolTablesStringsOutOfRange() {
    assertThat(reason(patchedSection(4, 40, 77, 4)))
        .isEqualTo("section .symtab: string table: section index 77 out of range (7 sections)");
  }

  @Test
  void relocationsOfASectionThatIsNotThere() {
    assertThat(reason(patchedSection(3, 44, 200, 4)))
        .isEqualTo("section .rela.data: applies to section 200, out of range (7 sections)");
  }

  @Test
  void relocationsWithoutSymbolTable() {
    assertThat(reason(patchedSection(3, 40, 1, 4)))
        .isEqualTo("section .rela.data: section 1 is no symbol table");
  }

  @Test
  void symbolInASectionThatIsNotThere() {
    byte[] bytes =
        patched(
            b -> {
              int header = (int) b.getLong(40) + 4 * Elf.SHDR_SIZE;
              b.putShort((int) b.getLong(header + 24) + Elf.SYM_SIZE + 6, (short) 500);
            });
    assertThat(reason(bytes))
        .isEqualTo("symbol function: section index 500 out of range (7 sections)");
  }

  @Test
  void symbolNameOutsideItsTable() {
    byte[] bytes =
        patched(
            b -> {
              int header = (int) b.getLong(40) + 4 * Elf.SHDR_SIZE;
              b.putInt((int) b.getLong(header + 24) + Elf.SYM_SIZE, 4000);
            });
    assertThat(reason(bytes)).contains("symbol 1: name at 4000 lies outside the string table");
  }

  @Test
  void twoSymbolTables() {
    assertThat(reason(patchedSection(5, 4, Elf.SHT_SYMTAB, 4))).contains("section .strtab");
  }
}
