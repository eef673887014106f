package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LocalSymbol;
import io.linkout.kernel.server.KernelIdentity;
import io.linkout.kernel.server.SocketPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code SOCKET.symbols}: what the kernel itself has, for clients of a kernel that keeps no
 * symbols. Written once before the socket is there; the kernel then forgets what it wrote.
 *
 * <p>Text. The first line is {@code linkout-symbols 1 BUILD-ID BOOT-ID RELEASE}, then a line for
 * each symbol, sorted by name in byte order: {@code NAME 0xADDRESS CRC CLASS NAMESPACE} with CLASS
 * {@code T}, {@code G} for an export to GPL modules only, {@code t} for what is not exported and is
 * there for readers of reports; {@code -} where there is no CRC or namespace. Docs:
 * docs/PROTOCOL.md.
 */
final class SymbolMapFile implements ExportKeeper {
  private static final String SUFFIX = ".symbols";

  private List<LocalSymbol> locals = List.of();
  private @Nullable StringBuilder lines;

  /** Returns where the map of the kernel at {@code socket} lies. */
  static Path of(Path socket) {
    return SocketPlace.beside(socket.toAbsolutePath(), SUFFIX);
  }

  @Override
  public void keepLocal(List<LocalSymbol> symbols) {
    locals = symbols.stream().sorted(Comparator.comparing(LocalSymbol::name)).toList();
  }

  @Override
  public void keep(List<KernelExport> exports) {
    StringBuilder text = new StringBuilder(exports.size() * 48);
    int local = 0;
    for (KernelExport export : exports) {
      while (local < locals.size() && locals.get(local).name().compareTo(export.name()) < 0) {
        append(text, locals.get(local++));
      }
      Integer crc = export.crc();
      text.append(export.name())
          .append(" 0x")
          .append(HexFormat.of().toHexDigits(export.address()))
          .append(' ')
          .append(crc == null ? "-" : "0x" + HexFormat.of().toHexDigits(crc))
          .append(export.gplOnly() ? " G " : " T ")
          .append(export.namespace().isEmpty() ? "-" : export.namespace())
          .append('\n');
    }
    while (local < locals.size()) {
      append(text, locals.get(local++));
    }
    locals = List.of();
    lines = text;
  }

  private static void append(StringBuilder text, LocalSymbol symbol) {
    text.append(symbol.name())
        .append(" 0x")
        .append(HexFormat.of().toHexDigits(symbol.address()))
        .append(" - t -\n");
  }

  @Override
  public @Nullable String at(long address) {
    return null;
  }

  /**
   * Writes what was kept beside {@code socket} and forgets it; the guest has booted.
   *
   * @param socketMode who may read it: who may connect, unless {@code socket} is there already and
   *     says so itself
   * @throws IOException if it cannot be written; nothing is left of it then
   */
  void write(Path socket, KernelIdentity identity, int socketMode) throws IOException {
    StringBuilder kept = lines;
    if (kept == null) {
      throw new IllegalStateException("the kernel has told no exports");
    }
    lines = null;
    Path map = of(socket);
    Path fresh = SocketPlace.beside(map, "." + ProcessHandle.current().pid());
    Files.deleteIfExists(fresh);
    try {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      fill(fresh, identity, kept);
      SocketReaders readers =
          Files.exists(socket) ? SocketReaders.of(socket) : SocketReaders.ofOwn(socketMode, fresh);
      readers.mayRead(fresh);
      Files.move(fresh, map, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void fill(Path file, KernelIdentity identity, StringBuilder kept)
      throws IOException {
    String header =
        "linkout-symbols 1 "
            + identity.buildId()
            + ' '
            + identity.bootId()
            + ' '
            + identity.release()
            + '\n';
    try (var out =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.WRITE)) {
      out.write(header);
      out.append(kept);
    }
  }

  /** Removes the map of the kernel at {@code socket}, or one that another left there. */
  static void remove(Path socket) throws IOException {
    Files.deleteIfExists(of(socket));
  }
}
