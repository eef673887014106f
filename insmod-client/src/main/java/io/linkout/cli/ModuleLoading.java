package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.Activated;
import io.linkout.link.KernelException;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import java.util.ArrayList;
import java.util.List;

/** Links modules and makes them live over one connection, which it does not own. */
final class ModuleLoading {
  /** What to do with a module between linking and making it live. */
  interface Step {
    /** Returns true to make {@code module} live, false to let it go. */
    boolean linked(LinkedModule module);
  }

  /** No lambda: those start slowly. */
  private static final Runnable NOTHING =
      new Runnable() {
        @Override
        public void run() {
          // Nothing is to be loaded next.
        }
      };

  private final KernelConnection kernel;
  private final Linker linker;
  private final PassTimer timer;
  private final Arguments arguments;
  private final Console console;

  /** Loads into {@code kernel}; {@code arguments} say where files of other modules are. */
  ModuleLoading(KernelConnection kernel, Arguments arguments, PassTimer timer, Console console) {
    this.kernel = kernel;
    this.timer = timer;
    this.arguments = arguments;
    this.console = console;
    KnownExporters hints = KnownExporters.of(kernel.identity(), arguments, console);
    Symbols symbols = Symbols.of(kernel, arguments, console);
    this.linker = new Linker(symbols.kernel(), X86_64.ARCHITECTURE, hints, timer);
  }

  /**
   * Loads {@code file}.
   *
   * @throws LoadFailure if that cannot be
   */
  void load(ModuleFile file, LinkOptions options, Step step) {
    load(file, options, step, NOTHING);
  }

  /**
   * Loads {@code file}; runs {@code meanwhile} while the kernel makes it live, which may {@link
   * #begin} another and must not fail.
   *
   * @throws LoadFailure if that cannot be
   */
  void load(ModuleFile file, LinkOptions options, Step step, Runnable meanwhile) {
    try (LinkedModule module = link(file, options)) {
      if (step.linked(module)) {
        activate(module, meanwhile);
      } else {
        linker.release(module);
      }
    } catch (MalformedElfException e) {
      throw new LoadFailure(
          ErrnoText.ENOEXEC, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (LinkException e) {
      throw new LoadFailure(e.errno().number(), e.errno().text(), e.causes());
    } catch (KernelException e) {
      throw refused(e, List.of());
    }
  }

  /** Begins with a file that is likely to be loaded next, and stays open until then. */
  void begin(ModuleFile file, LinkOptions options) {
    linker.begin(file, options);
  }

  /** Links, and lets the kernel log say what Linux's would if that fails. */
  private LinkedModule link(ModuleFile file, LinkOptions options) {
    try {
      return linker.prepare(file, options);
    } catch (LinkException e) {
      if (!e.failures().isEmpty()) {
        kernel.reportFailure(file.name(), e.failures());
      }
      throw e;
    }
  }

  private void activate(LinkedModule module, Runnable meanwhile) {
    try {
      Activated activated = linker.activate(module, meanwhile);
      timer.passed("init", activated.initNanos());
    } catch (KernelException e) {
      if (e.oops().isEmpty()) {
        throw e;
      }
      throw refused(e, LoadOops.decode(e.oops(), module, kernel, arguments, console));
    }
  }

  private static LoadFailure refused(KernelException e, List<String> oops) {
    if (e.errno() == 0) {
      return new LoadFailure(0, e.reason(), List.of());
    }
    List<String> causes = new ArrayList<>();
    if (!e.reason().isEmpty()) {
      causes.add(e.reason());
    }
    if (!e.detail().isEmpty()) {
      causes.addAll(e.detail().lines().toList());
    }
    causes.addAll(oops);
    return new LoadFailure(e.errno(), ErrnoText.ofLoading(e.errno()), causes);
  }
}
