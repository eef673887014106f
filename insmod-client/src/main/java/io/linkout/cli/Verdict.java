package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.KernelException;
import io.linkout.link.LinkException;
import io.linkout.link.ModuleCheck;
import io.linkout.link.ModuleFile;
import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What became of a module that was checked.
 *
 * @param reason why it would not load, empty if it would
 * @param causes everything that is wrong, a line each
 * @param note what is worth knowing of a module that would load, else empty
 */
record Verdict(String module, Path file, String reason, List<String> causes, String note) {

  /** Returns true if it would load. */
  boolean passed() {
    return reason.isEmpty();
  }

  /**
   * Checks the module at {@code path}.
   *
   * @param release of the kernel it is checked against
   * @throws KernelException if the kernel went away
   */
  static Verdict of(Path path, ModuleCheck check, String release) {
    try (ModuleFile file = ModuleFile.open(path)) {
      String name = file.name();
      try {
        check.check(file);
        return new Verdict(name, path, "", List.of(), note(file, release));
      } catch (LinkException e) {
        return new Verdict(name, path, e.errno().text(), e.causes(), "");
      } catch (KernelException e) {
        if (e.errno() == 0) {
          throw e;
        }
        return new Verdict(
            name, path, ErrnoText.ofLoading(e.errno()), List.of(ErrnoText.reason(e)), "");
      }
    } catch (MalformedElfException e) {
      return unreadable(path, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (IOException e) {
      return unreadable(path, FileReason.of(e), List.of());
    }
  }

  /** Linux lets another release's module in where symbol versions agree (version.c: same_magic). */
  private static String note(ModuleFile file, String release) {
    String magic = file.info().getOrEmpty("vermagic");
    int space = magic.indexOf(' ');
    String built = space < 0 ? magic : magic.substring(0, space);
    return built.isEmpty() || built.equals(release)
        ? ""
        : "(built for " + built + ", let in by its symbol versions)";
  }

  private static Verdict unreadable(Path path, String reason, List<String> causes) {
    return new Verdict(ModuleName.ofPath(path.toString()), path, reason, causes, "");
  }

  /** Prints it as lines. */
  void print(Console console) {
    if (passed()) {
      console.line(note.isEmpty() ? "ok " + module : "ok " + module + " " + note);
      return;
    }
    console.line("FAIL " + module + " " + reason);
    for (String cause : causes) {
      console.line("  " + cause);
    }
  }

  /** Prints it as an element of an array. */
  void print(JsonWriter json) {
    json.object()
        .member("module", module)
        .member("file", file.toString())
        .member("ok", passed())
        .member("reason", passed() ? null : reason)
        .member("causes", causes)
        .member("note", note.isEmpty() ? null : note)
        .endObject();
  }
}
