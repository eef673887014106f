package io.linkout.link;

import io.linkout.elf.ElfFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a module that is or was loaded, where they lay: what debuggers and binutils want,
 * who know a relocatable file's addresses by section only.
 */
public final class ModuleSections {
  /**
   * A section in memory.
   *
   * @param address guest address
   * @param size bytes, more than 0
   * @param kind of the segment it is in
   */
  public record Section(String name, long address, long size, SegmentKind kind) {}

  private final List<Section> sections;

  private ModuleSections(List<Section> sections) {
    this.sections = List.copyOf(sections);
  }

  /**
   * Returns the sections of {@code elf} that are not empty, in the file's order, with its segments
   * at {@code bases}, the guest address of each kind. Those of kinds that are not there are left
   * out.
   *
   * @throws io.linkout.elf.MalformedElfException if the file can't be laid out
   */
  public static ModuleSections of(ElfFile elf, Map<SegmentKind, Long> bases) {
    ModuleLayout layout = ModuleLayout.of(elf);
    List<Section> sections = new ArrayList<>();
    for (int i = 1; i < elf.sections().count(); i++) {
      int segment = layout.segmentOf(i);
      if (segment == ModuleLayout.NOT_LOADED || segment >= layout.requests().size()) {
        continue;
      }
      SegmentKind kind = layout.requests().get(segment).kind();
      Long base = bases.get(kind);
      if (base != null && elf.sections().size(i) > 0) {
        sections.add(
            new Section(
                elf.sections().name(i), base + layout.offsetOf(i), elf.sections().size(i), kind));
      }
    }
    return new ModuleSections(sections);
  }

  /** Returns all of them. */
  public List<Section> all() {
    return sections;
  }

  /** Returns the one that {@code address} lies in, or null. */
  public @Nullable Section at(long address) {
    for (Section section : sections) {
      if (Long.compareUnsigned(address - section.address, section.size) < 0) {
        return section;
      }
    }
    return null;
  }
}
