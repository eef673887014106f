package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import io.linkout.elf.SymbolTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which section goes where: a segment and an offset for every section that is loaded, as the
 * kernel's own loader lays them out ({@code kernel/module/main.c}: layout_sections, 6.1). Depends
 * on the file alone, so that a name can be found for an address long after the load.
 *
 * <p>Linux makes five passes over the sections (code; read-only; read-only after init; writable;
 * small), once for core and once for what {@code .init} begins the name of; in each, sections keep
 * their order and each is aligned to its own alignment. Every region begins on a page. Here each
 * region is a segment of its own. {@code .exit} sections stay, since every kernel here unloads.
 */
public final class ModuleLayout {
  /** What {@link #segmentOf} returns for a section that is not loaded. */
  public static final int NOT_LOADED = -1;

  /** Most bytes all segments may have together: the module area of x86-64. */
  static final long MOST_BYTES = 0x5f000000L;

  private static final long PAGE = 4096;

  private final int[] segmentOf;
  private final long[] offsetOf;
  private final List<SegmentRequest> requests;
  private final long[] fileEnd;
  private final Map<Integer, Long> commonOffsets;
  private final int commonSegment;

  private ModuleLayout(Builder builder) {
    segmentOf = builder.segmentOf;
    offsetOf = builder.offsetOf;
    requests = List.copyOf(builder.requests);
    fileEnd = builder.fileEnd;
    commonOffsets = builder.commonOffsets;
    commonSegment = builder.commonSegment;
  }

  /**
   * Returns the layout of {@code elf}.
   *
   * @throws io.linkout.elf.MalformedElfException if it would not fit the module area
   */
  public static ModuleLayout of(ElfFile elf) {
    Builder builder = new Builder(elf);
    builder.layOut();
    return new ModuleLayout(builder);
  }

  /** Returns the space to ask for; more than 0 bytes each. */
  public List<SegmentRequest> requests() {
    return requests;
  }

  /** Returns the index into {@link #requests} for {@code section}, or {@link #NOT_LOADED}. */
  public int segmentOf(int section) {
    return segmentOf[section];
  }

  /** Returns true if {@code section} is loaded. */
  public boolean isLoaded(int section) {
    return segmentOf[section] != NOT_LOADED;
  }

  /** Returns the offset of {@code section} in its segment in bytes. */
  public long offsetOf(int section) {
    return offsetOf[section];
  }

  /** Returns where the bytes that come from the file end in {@code segment}; zeroes follow. */
  public long fileEnd(int segment) {
    return fileEnd[segment];
  }

  /** Returns the segment that holds symbols of SHN_COMMON. */
  public int commonSegment() {
    return commonSegment;
  }

  /** Returns the offset of the SHN_COMMON symbol {@code symbol} in that segment. */
  public long commonOffset(int symbol) {
    Long offset = commonOffsets.get(symbol);
    return offset == null ? 0 : offset;
  }

  /** Returns true if {@code section} is loaded only until init has returned. */
  static boolean isInit(String name) {
    return name.startsWith(".init");
  }

  private static final class Builder {
    private final ElfFile elf;
    private final SectionHeaders sections;
    private final int[] segmentOf;
    private final long[] offsetOf;
    private final List<SegmentRequest> requests = new ArrayList<>();
    private final long[] fileEnd = new long[SegmentKind.values().length];
    private final Map<Integer, Long> commonOffsets = new HashMap<>();
    private final SegmentKind[] kinds;
    private int commonSegment;
    private long total;
    private long size;
    private long alignment;

    Builder(ElfFile elf) {
      this.elf = elf;
      this.sections = elf.sections();
      this.segmentOf = new int[sections.count()];
      this.offsetOf = new long[sections.count()];
      this.kinds = new SegmentKind[sections.count()];
      Arrays.fill(segmentOf, NOT_LOADED);
    }

    void layOut() {
      boolean[] loaded = new boolean[sections.count()];
      for (int i = 1; i < sections.count(); i++) {
        loaded[i] = sections.has(i, Elf.SHF_ALLOC) && !isInformation(sections.name(i));
        if (loaded[i]) {
          kinds[i] = kindOf(i);
          if (sections.has(i, Elf.SHF_COMPRESSED)) {
            throw elf.malformed(
                "section " + sections.name(i) + ": compressed sections can't be loaded");
          }
        }
      }
      for (SegmentKind kind : SegmentKind.values()) {
        place(kind, loaded);
      }
    }

    private void place(SegmentKind kind, boolean[] loaded) {
      size = 0;
      alignment = kind == SegmentKind.PERCPU ? 1 : PAGE;
      int segment = requests.size();
      long end = 0;
      for (int i = 1; i < sections.count(); i++) {
        if (!loaded[i] || kinds[i] != kind) {
          continue;
        }
        offsetOf[i] = append(sections.size(i), sections.align(i), i);
        segmentOf[i] = segment;
        if (sections.type(i) != Elf.SHT_NOBITS) {
          end = size;
        }
      }
      if (kind == SegmentKind.DATA) {
        commonSegment = segment;
        placeCommon();
      }
      if (kind == SegmentKind.PERCPU) {
        // Linux warns and goes on with a page (kernel/module/main.c: percpu_modalloc).
        alignment = Math.min(alignment, PAGE);
      }
      if (size > 0) {
        fileEnd[segment] = end;
        requests.add(new SegmentRequest(kind, size, alignment));
      } else {
        forgetEmpty(segment);
      }
    }

    /** Sections of no bytes in a region of no bytes: they lie where the module begins. */
    private void forgetEmpty(int segment) {
      for (int i = 1; i < segmentOf.length; i++) {
        if (segmentOf[i] == segment) {
          segmentOf[i] = 0;
          offsetOf[i] = 0;
        }
      }
    }

    private void placeCommon() {
      if (!elf.hasSymbols()) {
        return;
      }
      SymbolTable symbols = elf.symbols();
      for (int i = 1; i < symbols.count(); i++) {
        if (symbols.section(i) == SymbolTable.COMMON) {
          long align = Math.max(symbols.value(i), 1);
          if ((align & (align - 1)) != 0) {
            throw elf.malformed(
                "symbol " + symbols.name(i) + ": alignment " + align + " is no power of two");
          }
          commonOffsets.put(i, append(symbols.size(i), align, 0));
        }
      }
    }

    private long append(long bytes, long align, int section) {
      if (align > MOST_BYTES || bytes < 0 || bytes > MOST_BYTES - total) {
        throw elf.malformed(
            (section == 0 ? "common symbols" : "section " + sections.name(section))
                + ": "
                + Long.toUnsignedString(bytes)
                + " bytes aligned to "
                + Long.toUnsignedString(align)
                + " do not fit the module area");
      }
      long offset = (size + align - 1) & -align;
      total += offset - size + bytes;
      size = offset + bytes;
      alignment = Math.max(alignment, align);
      return offset;
    }

    private SegmentKind kindOf(int section) {
      String name = sections.name(section);
      if (name.equals(".data..percpu")) {
        return SegmentKind.PERCPU;
      }
      boolean init = isInit(name);
      if (sections.has(section, Elf.SHF_EXECINSTR)) {
        return init ? SegmentKind.INIT_TEXT : SegmentKind.TEXT;
      }
      // Not marked by flags in the file: the loader knows them by name (6.1: layout_and_allocate).
      if (name.equals(".data..ro_after_init") || name.equals("__jump_table")) {
        return SegmentKind.RO_AFTER_INIT;
      }
      if (sections.has(section, Elf.SHF_WRITE)) {
        return init ? SegmentKind.INIT_DATA : SegmentKind.DATA;
      }
      return init ? SegmentKind.INIT_RODATA : SegmentKind.RODATA;
    }

    /** Sections for the loader only: Linux clears their SHF_ALLOC (rewrite_section_headers). */
    private static boolean isInformation(String name) {
      return name.equals(".modinfo")
          || name.equals("__versions")
          || name.equals("__version_ext_crcs")
          || name.equals("__version_ext_names");
    }
  }
}
