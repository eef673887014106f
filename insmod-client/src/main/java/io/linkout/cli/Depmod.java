package io.linkout.cli;

import io.linkout.depmod.DepmodException;
import io.linkout.depmod.Lists;
import io.linkout.depmod.Report;
import io.linkout.depmod.Request;
import io.linkout.depmod.UpToDate;
import io.linkout.link.KernelException;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.SocketPath;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** depmod: writes the lists of a module tree that modprobe reads, as kmod 30 does. */
final class Depmod extends Command {
  /** Options of old that do nothing. */
  private static final String[] DEPRECATED = {"unresolved-error", "quiet", "root", "map"};

  private static final String DEPRECATED_LETTERS = "uqrm";

  Depmod() {
    super(
        new Syntax("depmod [options] [version [file ...]]")
            .flag('a', "all", "list all modules of the tree (the default)")
            .flag('A', "quick", "only if a module is newer than the lists")
            .flag('e', "errsyms", "report symbols that nobody exports")
            .flag('n', "show", "write the lists to stdout only")
            .flag('\0', "dry-run", "the same")
            .value('P', "symbol-prefix", "CHAR", "what every symbol begins with")
            .value('C', "config", "PATH", "configuration file or directory, instead of depmod.d")
            .flag('v', "verbose", "show each dependency and its symbol")
            .flag('w', "warn", "report aliases that a module has twice")
            .value('b', "basedir", "DIR", "root of /lib/modules")
            .value('o', "outdir", "DIR", "root of /lib/modules to write to")
            .value('F', "filesyms", "FILE", "System.map with the kernel's symbols, for -e")
            .value('E', "symvers", "FILE", "Module.symvers with the kernel's symbols, for -e")
            .flag('u', "unresolved-error", "ignored")
            .flag('q', "quiet", "ignored")
            .flag('r', "root", "ignored")
            .flag('m', "map", "ignored")
            .socket()
            .note(
                "Without a version: the running kernel's, else the only one there is, else the"
                    + " host's.\n"));
  }

  @Override
  int run(Arguments arguments, Console console) {
    for (int i = 0; i < DEPRECATED.length; i++) {
      if (arguments.has(DEPRECATED[i])) {
        console.warning("Ignored deprecated option -" + DEPRECATED_LETTERS.charAt(i));
      }
    }
    Path modules = root(arguments.value("basedir"), console).resolve("lib/modules");
    List<String> operands = arguments.operands();
    String release = operands.isEmpty() ? release(modules, arguments, console) : operands.get(0);
    if (!operands.isEmpty() && !isVersion(release)) {
      throw new Failure("Bad version passed " + release);
    }
    Path tree = modules.resolve(release);
    boolean show = arguments.has("show") || arguments.has("dry-run");
    boolean all = arguments.has("all") || operands.size() <= 1;
    Report report = new ConsoleReport(console);
    try {
      if (arguments.has("quick")) {
        if (show || UpToDate.check(tree, report)) {
          return 0;
        }
        all = true;
      }
      Request request =
          new Request(
              tree,
              release,
              all ? List.of() : operands.subList(1, operands.size()),
              paths(arguments.values("config")),
              path(arguments.value("symvers")),
              path(arguments.value("filesyms")),
              arguments.has("errsyms"),
              arguments.has("warn"),
              arguments.has("verbose"),
              prefix(arguments.value("symbol-prefix")));
      Lists lists = io.linkout.depmod.Depmod.lists(request, report);
      if (show) {
        console.bytes(lists.show());
      } else {
        lists.write(output(arguments.value("outdir"), release, tree));
      }
      return 0;
    } catch (DepmodException e) {
      throw new Failure(e.reason());
    }
  }

  private static Path root(@Nullable String option, Console console) {
    String variable = console.environment().get("LINKOUT_MODULES");
    String root = option != null ? option : variable == null || variable.isEmpty() ? "/" : variable;
    return Path.of(root).toAbsolutePath().normalize();
  }

  private static Path output(@Nullable String option, String release, Path tree) {
    if (option == null) {
      return tree;
    }
    Path directory = Path.of(option).resolve("lib/modules").resolve(release).toAbsolutePath();
    try {
      Files.createDirectories(directory);
    } catch (java.io.IOException e) {
      throw new Failure("could not create directory " + directory + ": " + FileReason.of(e));
    }
    return directory;
  }

  /** Two numbers with a dot between them at the start, as kmod has it. */
  private static boolean isVersion(String text) {
    int dot = digits(text, 0);
    return dot > 0
        && dot + 1 < text.length()
        && text.charAt(dot) == '.'
        && digits(text, dot + 1) > dot + 1;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** Returns the running kernel's release, else the tree's only one, else the host's. */
  private static String release(Path modules, Arguments arguments, Console console) {
    String socket = SocketPath.find(arguments.value("socket"), console.environment());
    if (new File(socket).exists()) {
      try (KernelConnection kernel = KernelConnection.open(socket)) {
        return kernel.identity().release();
      } catch (KernelException e) {
        // nobody there: it does not need one
      }
    }
    String[] names = modules.toFile().list();
    return names != null && names.length == 1 ? names[0] : System.getProperty("os.version");
  }

  private static @Nullable Path path(@Nullable String option) {
    return option == null ? null : Path.of(option);
  }

  private static List<Path> paths(List<String> options) {
    List<Path> paths = new ArrayList<>();
    for (String option : options) {
      paths.add(Path.of(option));
    }
    return paths;
  }

  private static char prefix(@Nullable String option) {
    if (option != null && option.length() != 1) {
      throw new Failure("-P only takes a single char");
    }
    return option == null ? 0 : option.charAt(0);
  }

  /** Remarks on the terminal. */
  private static final class ConsoleReport implements Report {
    private final Console console;

    ConsoleReport(Console console) {
      this.console = console;
    }

    @Override
    public void warning(String text) {
      console.warning(text);
    }

    @Override
    public void error(String text) {
      console.error(text);
    }

    @Override
    public void show(String text) {
      console.line(text);
    }
  }
}
