package io.linkout.link;

import io.linkout.elf.ElfFile;
import java.nio.ByteBuffer;

/**
 * One section of relocations and what it applies to.
 *
 * @param section index of the section of relocations, for messages
 * @param entries the file's bytes; the entries begin at {@code start}
 * @param count number of entries
 * @param target bytes that hold the section to be relocated, from {@code targetStart} on
 * @param targetSize bytes of that section
 * @param address guest address of that section
 * @param values value of each symbol, {@link LinkPlan#NO_ADDRESS} where it has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record RelocationSection(
    ElfFile elf,
    int section,
    ByteBuffer entries,
    int start,
    int count,
    ByteBuffer target,
    int targetStart,
    int targetSize,
    long address,
    long[] values) {
  /** Returns the name of the section to be relocated. */
  public String targetName() {
    return elf.sections().name(elf.sections().info(section));
  }
}
