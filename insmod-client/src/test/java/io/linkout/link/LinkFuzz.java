package io.linkout.link;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: any bytes as a module, through everything that is done to a file on its way into a
 * kernel. Such a file links, or is refused by one of the two exceptions that are for files; space
 * in the kernel is given back; host memory stays in proportion to the file.
 *
 * <p>Run by Jazzer stand-alone ({@code make fuzz}), which finds {@link #fuzzerTestOneInput} by its
 * name; jazzer-junit is made for JUnit 5. What it finds goes into the folder that {@link
 * FuzzRegressionTest} replays.
 */
public final class LinkFuzz {
  private static final int MOST_PARAMETERS = 4;

  private LinkFuzz() {}

  /** Links {@code data}; throws what must not escape. */
  public static void fuzzerTestOneInput(byte[] data) {
    for (boolean features : new boolean[] {false, true}) {
      AnyKernel kernel = new AnyKernel(features);
      link(data, kernel, LinkOptions.DEFAULT, false);
      link(data, kernel, new LinkOptions(true, true, true, List.of()), features);
      if (kernel.allocations != 0) {
        throw new AssertionError(kernel.allocations + " allocations are left");
      }
    }
  }

  private static void link(byte[] data, Kernel kernel, LinkOptions options, boolean parameters) {
    try (ModuleFile file = ModuleFile.of("fuzz.ko", data)) {
      Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
      LinkedModule module =
          linker.prepare(file, parameters ? withParameters(file, options) : options);
      try {
        check(module, data.length);
        MapWriter.write(module, new StringBuilder());
        ImageWriter.write(module, X86_64.ARCHITECTURE);
      } finally {
        linker.release(module);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (MalformedElfException e) {
      oneLine(e.reason());
    } catch (LinkException e) {
      e.causes().forEach(LinkFuzz::oneLine);
    } catch (KernelException e) {
      if (e.errno() != AnyKernel.ENOMEM) {
        throw e;
      }
    }
  }

  /** Sets the first few parameters that the file says it has. */
  private static LinkOptions withParameters(ModuleFile file, LinkOptions options) {
    List<String> parameters = new ArrayList<>();
    for (String type : file.info().all("parmtype")) {
      int colon = type.indexOf(':');
      if (colon > 0 && parameters.size() < MOST_PARAMETERS) {
        parameters.add(type.substring(0, colon) + "=1");
      }
    }
    return options.withParameters(parameters);
  }

  private static void check(LinkedModule module, int size) {
    long held = 0;
    for (int i = 0; i < module.image().segmentCount(); i++) {
      held += module.image().bytes(i).capacity();
    }
    if (held > ImageMemory.mostBytes(size)) {
      throw new AssertionError(held + " bytes held for a file of " + size);
    }
  }

  private static void oneLine(String reason) {
    if (reason.isEmpty() || reason.indexOf('\n') >= 0) {
      throw new AssertionError("not one line: " + reason);
    }
  }

  /** A kernel that has every symbol, and little memory. */
  private static final class AnyKernel implements Kernel {
    static final int ENOMEM = 12;
    private static final long EXPORTS = 0xffffffff81000000L;
    private static final long MOST_BYTES = 1 << 26;
    private static final int FEATURE_WORDS = 24;

    private final boolean features;
    private List<SegmentRequest> segments = List.of();
    private int allocations;

    AnyKernel(boolean features) {
      this.features = features;
    }

    @Override
    public KernelIdentity identity() {
      List<Integer> words = Collections.nCopies(FEATURE_WORDS, features ? -1 : 0);
      return new KernelIdentity("fuzz", FakeKernel.VERMAGIC, "", "", words, 0, features, false);
    }

    @Override
    public List<@Nullable KernelSymbol> resolve(List<String> names) {
      List<@Nullable KernelSymbol> symbols = new ArrayList<>(names.size());
      long address = EXPORTS;
      for (String name : names) {
        symbols.add(new KernelSymbol(name, address, null, false, "", "", 0));
        address += 16;
      }
      return symbols;
    }

    @Override
    public Allocation allocate(String name, List<SegmentRequest> requests) {
      List<Long> addresses = new ArrayList<>();
      long next = FakeKernel.MODULES;
      long total = 0;
      for (SegmentRequest request : requests) {
        if (request.size() <= 0 || request.alignment() <= 0) {
          throw new AssertionError("asks for " + request);
        }
        total += request.size();
        next = (next + request.alignment() - 1) & -request.alignment();
        addresses.add(request.kind() == SegmentKind.PERCPU ? 0x20000 : next);
        next += (request.size() + 8191) & -4096L;
      }
      if (total > MOST_BYTES || next > 0xffffffffff000000L || next > 0) {
        throw new KernelException(ENOMEM, "ENOMEM", "no room", "", List.of());
      }
      segments = requests;
      allocations++;
      return new Allocation(1, addresses);
    }

    @Override
    public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
      if (offset < 0 || bytes.remaining() > segments.get(segment).size() - offset) {
        throw new AssertionError("writes past segment " + segment);
      }
    }

    @Override
    public Activated activate(Allocation allocation, Activation activation) {
      throw new AssertionError("not asked to activate");
    }

    @Override
    public void free(Allocation allocation) {
      allocations--;
    }

    @Override
    public void reportFailure(String module, List<FailureCause> causes) {}
  }
}
