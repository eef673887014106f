package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.ExportHints;
import io.linkout.link.HeadersKernel;
import io.linkout.link.KernelException;
import io.linkout.link.KernelHeaders;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** modcheck: would these modules link? Everything up to Activate, then all is let go again. */
final class Modcheck extends Command {
  /** What became of one module; {@code reason} is empty if it links. */
  private record Verdict(String module, Path file, String reason, List<String> causes) {
    boolean passed() {
      return reason.isEmpty();
    }
  }

  Modcheck() {
    super(
        new Syntax("modcheck [options] FILE|DIR...")
            .value(
                '\0', "kernel-headers", "DIR", "link against these headers, not a running kernel")
            .flag('\0', "json", "an object")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (arguments.operands().isEmpty()) {
      throw new Failure("missing file or directory");
    }
    List<Path> files = files(arguments.operands());
    String headers = arguments.value("kernel-headers");
    if (headers != null) {
      HeadersKernel kernel = new HeadersKernel(read(headers));
      return check(files, linker(kernel, ExportHints.NONE), arguments, console);
    }
    try (KernelConnection kernel = connect(arguments, console)) {
      ExportHints hints = new KnownExporters(kernel.identity(), console.environment());
      return check(files, linker(kernel, hints), arguments, console);
    }
  }

  private static Linker linker(io.linkout.link.Kernel kernel, ExportHints hints) {
    return new Linker(kernel, X86_64.ARCHITECTURE, hints, PassTimer.NONE);
  }

  private static KernelHeaders read(String directory) {
    try {
      return KernelHeaders.read(Path.of(directory));
    } catch (IOException e) {
      throw new Failure("no kernel headers in " + directory + ": " + FileReason.of(e));
    }
  }

  /** Returns the files named, and the modules in the directories named, by path. */
  private static List<Path> files(List<String> operands) {
    List<Path> files = new ArrayList<>();
    for (String operand : operands) {
      Path path = Path.of(operand);
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> tree = Files.walk(path)) {
        tree.filter(ModuleTree::isModule).filter(Files::isRegularFile).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new Failure("cannot read " + operand + ": " + FileReason.of(e));
      }
    }
    return files;
  }

  private static int check(List<Path> files, Linker linker, Arguments arguments, Console console) {
    ProgressBar progress = new ProgressBar(files.size(), console);
    JsonWriter json =
        arguments.has("json") ? new JsonWriter(console).object().array("modules") : null;
    int failed = 0;
    for (Path file : files) {
      Verdict verdict = check(file, linker);
      failed += verdict.passed() ? 0 : 1;
      progress.clear();
      if (json == null) {
        line(verdict, console);
      } else {
        json(verdict, json);
      }
      progress.step();
    }
    progress.clear();
    int passed = files.size() - failed;
    if (json == null) {
      console.line(passed + " passed, " + failed + " failed");
    } else {
      json.endArray().member("passed", passed).member("failed", failed).endObject().end();
    }
    return failed == 0 ? 0 : 1;
  }

  private static Verdict check(Path path, Linker linker) {
    try (ModuleFile file = ModuleFile.open(path)) {
      String name = file.name();
      try {
        LinkedModule module = linker.prepare(file, LinkOptions.DEFAULT);
        linker.release(module);
        return new Verdict(name, path, "", List.of());
      } catch (LinkException e) {
        return new Verdict(name, path, e.errno().text(), e.causes());
      } catch (KernelException e) {
        if (e.errno() == 0) {
          throw e;
        }
        return new Verdict(
            name, path, ErrnoText.ofLoading(e.errno()), List.of(ErrnoText.reason(e)));
      }
    } catch (MalformedElfException e) {
      return unreadable(path, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (IOException e) {
      return unreadable(path, FileReason.of(e), List.of());
    }
  }

  private static Verdict unreadable(Path path, String reason, List<String> causes) {
    return new Verdict(ModuleName.ofPath(path.toString()), path, reason, causes);
  }

  private static void line(Verdict verdict, Console console) {
    if (verdict.passed()) {
      console.line("ok " + verdict.module());
      return;
    }
    console.line("FAIL " + verdict.module() + " " + verdict.reason());
    for (String cause : verdict.causes()) {
      console.line("  " + cause);
    }
  }

  private static void json(Verdict verdict, JsonWriter json) {
    json.object()
        .member("module", verdict.module())
        .member("file", verdict.file().toString())
        .member("ok", verdict.passed())
        .member("reason", verdict.passed() ? null : verdict.reason())
        .member("causes", verdict.causes())
        .endObject();
  }
}
