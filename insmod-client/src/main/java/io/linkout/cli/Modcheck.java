package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.ExportHints;
import io.linkout.link.HeadersKernel;
import io.linkout.link.Kernel;
import io.linkout.link.KernelHeaders;
import io.linkout.link.ModuleCheck;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleOutline;
import io.linkout.link.ModuleSet;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * modcheck: would these modules load? Everything up to Activate, then all is let go again. What one
 * of them exports is there for the others.
 */
final class Modcheck extends Command {
  /** Lists that a directory has which holds all modules of a kernel. */
  private static final String[] OF_WHOLE_TREES = {
    "modules.order", "modules.builtin", "modules.dep"
  };

  Modcheck() {
    super(
        new Syntax("modcheck [options] FILE|DIR...")
            .value(
                '\0', "kernel-headers", "DIR", "link against these headers, not a running kernel")
            .flag('\0', "json", "an object")
            .search()
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (arguments.operands().isEmpty()) {
      throw new Failure("missing file or directory");
    }
    List<Path> files = new ArrayList<>();
    boolean whole = files(arguments.operands(), files);
    String headers = arguments.value("kernel-headers");
    if (headers != null) {
      KernelHeaders read = read(headers);
      int threads = Runtime.getRuntime().availableProcessors();
      return new Run(files, whole, new HeadersKernel(read), read.symvers(), threads)
          .report(arguments.has("json"), console);
    }
    try (KernelConnection kernel = connect(arguments, console)) {
      ExportHints hints = KnownExporters.of(kernel.identity(), arguments, console);
      return new Run(files, whole, Symbols.of(kernel, arguments, console).kernel(), hints, 1)
          .report(arguments.has("json"), console);
    }
  }

  private static KernelHeaders read(String directory) {
    try {
      return KernelHeaders.read(Path.of(directory));
    } catch (IOException e) {
      throw new Failure("no kernel headers in " + directory + ": " + FileReason.of(e));
    }
  }

  /**
   * Adds the files named, and the modules in the directories named by path; returns true if one of
   * those holds all modules of a kernel.
   */
  private static boolean files(List<String> operands, List<Path> files) {
    boolean whole = false;
    for (String operand : operands) {
      Path path = Path.of(operand);
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      for (String list : OF_WHOLE_TREES) {
        whole |= Files.exists(path.resolve(list));
      }
      try (Stream<Path> tree = Files.walk(path)) {
        tree.filter(ModuleTree::isModule).filter(Files::isRegularFile).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new Failure("cannot read " + operand + ": " + FileReason.of(e));
      }
    }
    return whole;
  }

  /** The check of {@code files}; a kernel that only one thread may use is used by one. */
  private record Run(
      List<Path> files, boolean whole, Kernel kernel, ExportHints hints, int threads) {

    int report(boolean asJson, Console console) {
      ModuleSet modules = outlines();
      ProgressBar progress = new ProgressBar(files.size(), console);
      JsonWriter json = asJson ? new JsonWriter(console).object().array("modules") : null;
      int[] failed = {0};
      String release = kernel.identity().release();
      OrderedWork.<Verdict>run(
          files.size(),
          threads,
          () -> {
            ModuleCheck check = new ModuleCheck(kernel, modules, X86_64.ARCHITECTURE, hints);
            return i -> Verdict.of(files.get(i), check, release);
          },
          verdict -> {
            failed[0] += verdict.passed() ? 0 : 1;
            progress.clear();
            if (json == null) {
              verdict.print(console);
            } else {
              verdict.print(json);
            }
            progress.step();
          });
      progress.clear();
      int passed = files.size() - failed[0];
      if (json == null) {
        console.line(passed + " passed, " + failed[0] + " failed");
      } else {
        json.endArray();
        structModule(modules, json);
        json.member("passed", passed).member("failed", failed[0]).endObject().end();
      }
      return failed[0] == 0 ? 0 : 1;
    }

    /** Says which size of struct module was expected, and where that comes from. */
    private void structModule(ModuleSet modules, JsonWriter json) {
      int size = kernel.identity().thisModuleSize();
      json.object("struct_module")
          .member("bytes", size != 0 ? size : modules.thisModuleSize())
          .member("from", size != 0 ? "the running kernel" : modules.thisModuleSizeSource())
          .endObject();
    }

    private ModuleSet outlines() {
      List<ModuleOutline> outlines = new ArrayList<>(files.size());
      OrderedWork.<Optional<ModuleOutline>>run(
          files.size(),
          Runtime.getRuntime().availableProcessors(),
          () -> i -> outline(files.get(i)),
          outline -> outline.ifPresent(outlines::add));
      return new ModuleSet(outlines, whole);
    }

    /** What is wrong with a file that has none is told when it is checked. */
    private static Optional<ModuleOutline> outline(Path path) {
      try (ModuleFile file = ModuleFile.open(path)) {
        return Optional.of(ModuleOutline.of(file));
      } catch (IOException | MalformedElfException e) {
        return Optional.empty();
      } catch (InternalError shrank) {
        return Optional.empty();
      }
    }
  }
}
