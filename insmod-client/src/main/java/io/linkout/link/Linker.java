package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.MalformedElfException;
import io.linkout.elf.SectionHeaders;
import io.linkout.modinfo.ModInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links modules against one kernel: {@link #prepare} reads as the list of passes. Confined to one
 * thread; may be used for any number of modules, one after the other.
 */
public final class Linker {
  /** No lambda: those start slowly. */
  private static final Runnable NOTHING =
      new Runnable() {
        @Override
        public void run() {
          // No other module is to be begun.
        }
      };

  private final Kernel kernel;
  private final Architecture architecture;
  private final ExportHints hints;
  private final PassTimer timer;
  private final ImageMemory memory = new ImageMemory();

  /** Begun while another module was made live; null if none is. */
  private @Nullable Link ahead;

  /**
   * A linker for modules of {@code architecture}.
   *
   * @param hints asked about symbols that the kernel does not have
   * @param timer told of each pass
   */
  public Linker(Kernel kernel, Architecture architecture, ExportHints hints, PassTimer timer) {
    this.kernel = kernel;
    this.architecture = architecture;
    this.hints = hints;
    this.timer = timer;
  }

  /**
   * Does everything but activate: on return the module lies in the kernel with its final bytes.
   *
   * @throws MalformedElfException if the file is broken, or changed while it was being read
   * @throws LinkException if it can't be linked against this kernel; nothing is left there
   * @throws KernelException if the kernel refused, or went away
   */
  public LinkedModule prepare(ModuleFile file, LinkOptions options) {
    Link begun = ahead;
    ahead = null;
    if (begun != null && (begun.file != file || !begun.options.equals(options))) {
      begun = null;
      kernel.withdraw();
    }
    return undisturbed(file, options, new Complaints(), false, begun);
  }

  /**
   * Begins with a module that {@link #prepare} is likely to be called for next. To be called by
   * what {@link #activate(LinkedModule, Runnable)} runs, once; {@code file} has to stay open until
   * then. What is wrong with the file is told by {@code prepare}.
   */
  public void begin(ModuleFile file, LinkOptions options) {
    try {
      Link link = new Link(file, options, new Complaints(), false);
      link.announce();
      ahead = link;
    } catch (MalformedElfException | LinkException | IndexOutOfBoundsException | InternalError e) {
      // A file that is not as it should be, or shrank: prepare begins anew and says so.
      ahead = null;
    }
  }

  /**
   * Links; if the file changed meanwhile, that is what is told.
   *
   * @param begun the link, if it has begun
   */
  private LinkedModule undisturbed(
      ModuleFile file,
      LinkOptions options,
      Complaints complaints,
      boolean thorough,
      @Nullable Link begun) {
    ElfFile elf = file.elf();
    try {
      Link link = begun == null ? new Link(file, options, complaints, thorough) : begun;
      LinkedModule module = link.run();
      if (elf.changed()) {
        release(module);
        throw ElfFile.changed(elf.path());
      }
      return module;
    } catch (InternalError e) {
      // A mapped file that shrank: FileBytes.
      throw ElfFile.changed(elf.path());
    } catch (IndexOutOfBoundsException | MalformedElfException | LinkException e) {
      // What was checked at first need not hold in a file that was written to meanwhile.
      throw elf.changed() ? ElfFile.changed(elf.path()) : e;
    }
  }

  /**
   * Makes a prepared module live.
   *
   * @throws KernelException if the kernel refused; the space in it is gone
   */
  public Activated activate(LinkedModule module) {
    long start = System.nanoTime();
    Activated activated = kernel.activate(module.allocation(), module.activation());
    timer.passed("activate", System.nanoTime() - start);
    return activated;
  }

  /**
   * Makes a prepared module live and runs {@code meanwhile} before it knows how that went, which
   * may {@link #begin} another.
   *
   * @throws KernelException if the kernel refused; the space in it is gone
   */
  public Activated activate(LinkedModule module, Runnable meanwhile) {
    long start = System.nanoTime();
    boolean live = false;
    try {
      Activated activated = kernel.activate(module.allocation(), module.activation(), meanwhile);
      live = true;
      timer.passed("activate", System.nanoTime() - start);
      return activated;
    } finally {
      if (!live && ahead != null) {
        ahead = null;
        kernel.withdraw();
      }
    }
  }

  /** Gives a prepared module's space in the kernel back, and its host memory. */
  public void release(LinkedModule module) {
    module.close();
    kernel.free(module.allocation());
  }

  /**
   * Links and makes live; tells the kernel log if it can't be linked.
   *
   * @throws MalformedElfException if the file is broken
   * @throws LinkException if it can't be linked against this kernel; nothing is left there
   * @throws KernelException if the kernel refused, or went away; nothing is left there
   */
  public Activated load(ModuleFile file, LinkOptions options) {
    return load(file, options, NOTHING);
  }

  /**
   * Does the same, and runs {@code meanwhile} as {@link #activate(LinkedModule, Runnable)} does.
   */
  public Activated load(ModuleFile file, LinkOptions options, Runnable meanwhile) {
    LinkedModule module;
    try {
      module = prepare(file, options);
    } catch (LinkException e) {
      if (!e.failures().isEmpty()) {
        kernel.reportFailure(file.name(), e.failures());
      }
      throw e;
    }
    try (module) {
      return activate(module, meanwhile);
    }
  }

  /**
   * Does everything but activate, goes on where a load would end, and gives back what it took of
   * the kernel: all that is wrong with the module is added to {@code complaints}.
   *
   * @throws MalformedElfException if the file is broken, or changed while it was being read
   * @throws KernelException if the kernel refused, or went away
   */
  void checkAll(ModuleFile file, LinkOptions options, Complaints complaints) {
    try {
      release(undisturbed(file, options, complaints, true, null));
    } catch (LinkException e) {
      // they are among the complaints
    }
  }

  /** One link: what the passes hand on to each other. */
  private final class Link {
    private final ModuleFile file;
    private final ElfFile elf;
    private final ModInfo info;
    private final LinkOptions options;
    private final Complaints complaints;
    private final KernelIdentity identity = kernel.identity();
    private final boolean thorough;
    private final ThisModule self;
    private final ModuleLayout layout;
    private final int ofParameters;
    private final ParameterPlan parameters;
    private final Imports imports;
    private final Versions versions;
    private final boolean checkVersions;
    private final List<SegmentRequest> requests;
    private boolean announced;
    private long passStart = System.nanoTime();

    /**
     * Does what needs no kernel.
     *
     * @param thorough goes on with what can be told of a module that can't be linked
     */
    Link(ModuleFile file, LinkOptions options, Complaints complaints, boolean thorough) {
      this.complaints = complaints;
      this.thorough = thorough;
      this.file = file;
      this.elf = file.elf();
      this.info = file.info();
      this.options = options;
      if (elf.machine() != architecture.machine()) {
        throw elf.malformed(
            "ELF machine "
                + elf.machine()
                + ", not "
                + architecture.machine()
                + " ("
                + architecture.name()
                + ")");
      }
      self = ThisModule.of(elf, identity, complaints);
      layout = ModuleLayout.of(elf);
      passed("layout");

      ofParameters = complaints.mark();
      parameters = ParameterPlan.of(elf, info, file.name(), options.parameters(), complaints);
      passed("parameters");

      imports = Imports.of(elf);
      versions = Versions.of(elf);
      // A symbol without a CRC is let through (version.c: check_version), so that a kernel without
      // modversions still notices two modules that disagree.
      checkVersions = versions.present() && !options.forceModversions();
      requests = requests(layout, parameters);
    }

    /** Asks for space and symbols while the kernel makes another module live. */
    void announce() {
      List<String> names = imports.batch(versions, checkVersions);
      kernel.announce(file.name(), requests, ExportTable.isIn(elf), names);
      announced = true;
    }

    LinkedModule run() {
      long[] values = new long[elf.symbols().count()];
      if (!announced) {
        // The space is asked for with the symbols: one way there and back less.
        kernel.announce(file.name(), requests, ExportTable.isIn(elf));
      }
      boolean resolved = false;
      try {
        Complaints ofSymbols = new Complaints();
        resolve(values, ofSymbols);
        // Told before the parameters', which are the lesser fault.
        complaints.insert(ofParameters, ofSymbols);
        passed("resolve");
        // From here on nothing can be wrong with the module but its relocations.
        if (!thorough) {
          complaints.throwIfAny();
        }
        resolved = true;
      } finally {
        if (!resolved) {
          kernel.withdraw();
        }
      }
      Allocation allocation = kernel.allocate(file.name(), requests);
      passed("allocate");
      try {
        ModuleImage image = place(allocation);
        passed("copy");
        if (thorough) {
          // In reach, as the symbol would be: only other faults of the relocations are to be found.
          imports.standIn(elf, values, allocation.addresses().getFirst());
        }
        relocate(image, values);
        if (thorough && !complaints.isEmpty()) {
          ExportTable.read(image, complaints);
        }
        complaints.throwIfAny();
        passed("relocate");

        // From here on no address changes and no relocation follows.
        if (options.fixups()) {
          image.beginPatching();
          architecture.fixUp(new FixupContext(image, identity, imports, values), complaints);
        }
        passed("fixups");

        int texts = layout.requests().size();
        List<Activation.ParameterCall> calls = List.of();
        if (options.fixups()) {
          long address = parameters.textSize() == 0 ? 0 : allocation.addresses().get(texts);
          calls = parameters.apply(image, address);
        }
        List<ModuleExport> exports = ExportTable.read(image, complaints);
        List<Activation.Table> tables = tables(image);
        complaints.throwIfAny();
        Activation activation = activation(image, exports, tables, calls);
        passed("exports");

        write(allocation, image);
        if (parameters.textSize() > 0) {
          kernel.write(allocation, texts, 0, parameters.texts());
        }
        passed("write");
        return new LinkedModule(file, allocation, image, values, activation, memory);
      } catch (RuntimeException | Error e) {
        giveBack(allocation, e);
        throw e;
      }
    }

    private void giveBack(Allocation allocation, Throwable cause) {
      try {
        kernel.free(allocation);
      } catch (KernelException gone) {
        // It gives back by itself what a closed connection owned.
        cause.addSuppressed(gone);
      }
    }

    private void passed(String pass) {
      long now = System.nanoTime();
      timer.passed(pass, now - passStart);
      passStart = now;
    }

    private void resolve(long[] values, Complaints complaints) {
      if (!options.forceVermagic()) {
        Vermagic.check(info, identity, versions.present(), complaints);
      }
      if (identity.modversions()
          && !versions.present()
          && !options.forceModversions()
          && !imports.names().isEmpty()) {
        complaints.add(
            Errno.ENOEXEC, "no symbol versions in the module, but the kernel's symbols have them");
      }
      imports.resolve(elf, kernel, info, versions, checkVersions, hints, values, complaints);
    }

    /** The layout's, and one for the texts of parameters: writable, since charp may be written. */
    private List<SegmentRequest> requests(ModuleLayout layout, ParameterPlan parameters) {
      if (parameters.textSize() == 0) {
        return layout.requests();
      }
      List<SegmentRequest> requests = new ArrayList<>(layout.requests());
      requests.add(new SegmentRequest(SegmentKind.DATA, parameters.textSize(), 4096));
      return requests;
    }

    private ModuleImage place(Allocation allocation) {
      long[] addresses = new long[layout.requests().size()];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = allocation.addresses().get(i);
      }
      return ModuleImage.copyOf(new LinkPlan(elf, layout, addresses), memory);
    }

    private void relocate(ModuleImage image, long[] values) {
      LinkPlan plan = image.plan();
      plan.fillValues(values);
      SectionHeaders sections = elf.sections();
      for (int i = 1; i < sections.count(); i++) {
        int target = sections.info(i);
        if (sections.type(i) == Elf.SHT_REL) {
          throw elf.malformed("section " + sections.name(i) + ": relocations without addends");
        }
        if (sections.type(i) != Elf.SHT_RELA
            || !plan.layout().isLoaded(target)
            || sections.size(i) == 0) {
          continue;
        }
        if (sections.type(target) == Elf.SHT_NOBITS) {
          throw elf.malformed(
              "section "
                  + sections.name(i)
                  + ": relocates section "
                  + sections.name(target)
                  + ", which has no bytes");
        }
        architecture.relocate(image.relocations(i, values), complaints);
      }
    }

    private Activation activation(
        ModuleImage image,
        List<ModuleExport> exports,
        List<Activation.Table> tables,
        List<Activation.ParameterCall> calls) {
      long address = image.plan().sectionAddress(self.section());
      return new Activation(
          file.name(),
          info.getOrEmpty("version"),
          info.getOrEmpty("srcversion"),
          info.getOrEmpty("vermagic"),
          self.initOffset() < 0 ? 0 : image.getLong(address + self.initOffset()),
          self.exitOffset() < 0 ? 0 : image.getLong(address + self.exitOffset()),
          address,
          elf.sections().size(self.section()),
          exports,
          List.copyOf(imports.dependencies()),
          file.buildId(),
          taints(),
          tables,
          calls,
          file.path(),
          parameters.ignored());
    }

    private String taints() {
      StringBuilder letters = new StringBuilder();
      if (!info.gplCompatible()) {
        letters.append('P');
      }
      if (!info.inTree()) {
        letters.append('O');
      }
      if (info.staging()) {
        letters.append('C');
      }
      if (options.forceVermagic() || options.forceModversions()) {
        letters.append('F');
      }
      return letters.toString();
    }

    private List<Activation.Table> tables(ModuleImage image) {
      List<Activation.Table> tables = new ArrayList<>();
      for (Architecture.KernelTable table : architecture.tables()) {
        int section = elf.sections().find(table.section());
        if (section == 0
            || !image.plan().layout().isLoaded(section)
            || elf.sections().size(section) == 0) {
          continue;
        }
        long size = elf.sections().size(section);
        checkEntries(table, section, size);
        if (table.kind() == TableKind.CONSTRUCTORS && holdsConstructors(tables)) {
          // Two compilers' idea of one thing: kernel/module/main.c, find_module_sections (6.1).
          complaints.add(
              Errno.EINVAL, "both .ctors and .init_array: only one may have constructors");
          continue;
        }
        tables.add(new Activation.Table(table.kind(), image.plan().sectionAddress(section), size));
      }
      return tables;
    }

    private void checkEntries(Architecture.KernelTable table, int section, long size) {
      if (table.pointers().isEmpty()) {
        if (size % table.entrySize() != 0) {
          throw elf.malformed(
              "section " + table.section() + ": " + size + " bytes are no whole number of entries");
        }
        return;
      }
      int relocations = elf.sections().relocationsOf(section);
      long there = relocations == 0 ? 0 : elf.sections().size(relocations) / Elf.RELA_SIZE;
      for (int pointers : table.pointers()) {
        if (there % pointers == 0 && size == there / pointers * table.entrySize(pointers)) {
          return;
        }
      }
      throw elf.malformed(
          "section "
              + table.section()
              + ": "
              + size
              + " bytes with "
              + there
              + " relocations are entries of no known release");
    }

    private static boolean holdsConstructors(List<Activation.Table> tables) {
      for (Activation.Table table : tables) {
        if (table.kind() == TableKind.CONSTRUCTORS) {
          return true;
        }
      }
      return false;
    }

    private void write(Allocation allocation, ModuleImage image) {
      for (int i = 0; i < image.segmentCount(); i++) {
        if (image.bytes(i).capacity() > 0) {
          kernel.write(allocation, i, 0, image.bytes(i));
        }
      }
    }
  }
}
