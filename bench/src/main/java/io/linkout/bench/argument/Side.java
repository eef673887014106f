package io.linkout.bench.argument;

import io.linkout.cli.UserspaceSymbols;
import io.linkout.link.ExportHints;
import io.linkout.link.Kernel;
import io.linkout.link.LinkOptions;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One way to load modules: a linker, and the kernel that it is inside or outside of. */
final class Side implements AutoCloseable {
  private final String name;
  private final Supplier<Kernel> kernels;
  private final Consumer<String> removal;
  private final Supplier<Traffic> traffic;
  private final Runnable end;
  private WithoutInit kernel;
  private Linker linker;

  private Side(
      String name,
      Supplier<Kernel> kernels,
      Consumer<String> removal,
      Supplier<Traffic> traffic,
      Runnable end) {
    this.name = name;
    this.kernels = kernels;
    this.removal = removal;
    this.traffic = traffic;
    this.end = end;
    this.kernel = new WithoutInit(kernels.get(), traffic);
    this.linker = linker(kernel);
  }

  private static Linker linker(Kernel kernel) {
    return new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
  }

  /** Links in the kernel. */
  static Side inside(InKernel kernel) {
    return new Side(
        "in the kernel", () -> kernel, kernel::remove, () -> new Traffic(0, 0, 0), kernel::close);
  }

  /** Links in another process than the kernel at {@code socket}, which has the symbols. */
  static Side outside(String socket) {
    KernelConnection connection = KernelConnection.open(socket);
    return over("over the socket", connection, () -> connection);
  }

  /** The same with symbols in userspace; they are looked for anew from {@link #fresh} on. */
  static Side userspace(String socket) {
    KernelConnection connection = KernelConnection.open(socket);
    return over(
        "over the socket, symbols in userspace", connection, () -> UserspaceSymbols.of(connection));
  }

  private static Side over(String name, KernelConnection connection, Supplier<Kernel> kernels) {
    KernelQueries queries = new KernelQueries(connection);
    return new Side(
        name,
        kernels,
        module -> queries.remove(module, false),
        connection::traffic,
        connection::close);
  }

  String name() {
    return name;
  }

  /** Forgets what is remembered of modules, as another command would begin without it. */
  void fresh() {
    kernel = new WithoutInit(kernels.get(), traffic);
    linker = linker(kernel);
  }

  /** Loads {@code path} and returns its name. */
  String load(Path path) throws IOException {
    try (ModuleFile file = ModuleFile.open(path)) {
      linker.load(file, LinkOptions.DEFAULT);
      return file.name();
    }
  }

  /**
   * Loads {@code paths} one after the other as modprobe does, each begun with while the kernel
   * makes the one before it live; returns their names.
   */
  List<String> loadAll(List<Path> paths) throws IOException {
    List<String> names = new ArrayList<>();
    Next next = new Next(linker, paths);
    for (int i = 0; i < paths.size(); i++) {
      try (ModuleFile file = next.take(i)) {
        linker.load(file, LinkOptions.DEFAULT, next);
        names.add(file.name());
      }
    }
    return names;
  }

  /** Begins with the file after the one that was taken. */
  private static final class Next implements Runnable {
    private final Linker linker;
    private final List<Path> paths;
    private int number;
    private @Nullable ModuleFile begun;

    Next(Linker linker, List<Path> paths) {
      this.linker = linker;
      this.paths = paths;
    }

    ModuleFile take(int which) throws IOException {
      number = which + 1;
      ModuleFile file = begun;
      begun = null;
      return file == null ? ModuleFile.open(paths.get(which)) : file;
    }

    @Override
    public void run() {
      if (number < paths.size()) {
        try {
          ModuleFile file = ModuleFile.open(paths.get(number));
          begun = file;
          linker.begin(file, LinkOptions.DEFAULT);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  void remove(String module) {
    removal.accept(module);
  }

  /** Loads {@code path} and removes it; returns what went to and fro in each round trip. */
  List<Traffic> turnsOf(Path path) throws IOException {
    kernel.beginTurns();
    String name = load(path);
    List<Traffic> turns = kernel.turns();
    remove(name);
    return turns;
  }

  Traffic traffic() {
    return traffic.get();
  }

  /** Returns nanoseconds spent in the kernel and on the way to it since {@link #fresh}. */
  long kernelNanos() {
    return kernel.nanos();
  }

  @Override
  public void close() {
    end.run();
  }
}
