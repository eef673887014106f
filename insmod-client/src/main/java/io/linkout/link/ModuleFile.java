package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.FileBytes;
import io.linkout.elf.Sha256;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A module's file: the ELF file and what it says of itself. Owns the file's bytes until closed.
 * Confined to the thread that opened it.
 */
public final class ModuleFile implements AutoCloseable {
  /** Section that holds {@code struct module}: its presence makes a file a module. */
  static final String THIS_MODULE = ".gnu.linkonce.this_module";

  private final ElfFile elf;
  private final ModInfo info;
  private @Nullable String buildId;

  private ModuleFile(ElfFile elf) {
    this.elf = elf;
    this.info = ModInfo.of(elf);
  }

  /**
   * Opens the module at {@code path}.
   *
   * @throws IOException if it can't be read, the reason as message
   * @throws io.linkout.elf.MalformedElfException if it is no well-formed relocatable file
   */
  public static ModuleFile open(Path path) throws IOException {
    return of(path.toString(), FileBytes.open(path));
  }

  /**
   * Reads {@code bytes} as the module called {@code path}, to which alone messages refer.
   *
   * @throws io.linkout.elf.MalformedElfException if they are no well-formed relocatable file
   */
  public static ModuleFile of(String path, byte[] bytes) {
    return of(path, FileBytes.of(bytes));
  }

  private static ModuleFile of(String path, FileBytes bytes) {
    ElfFile elf = ElfFile.of(path, bytes);
    try {
      return new ModuleFile(elf);
    } catch (RuntimeException | InternalError e) {
      boolean changed = e instanceof InternalError || elf.changed();
      elf.close();
      throw changed ? ElfFile.changed(path) : (RuntimeException) e;
    }
  }

  /** Returns the ELF file. */
  public ElfFile elf() {
    return elf;
  }

  /** Returns the strings of {@code .modinfo}. */
  public ModInfo info() {
    return info;
  }

  /** Returns the path as the user gave it. */
  public String path() {
    return elf.path();
  }

  /** Returns the module's name: from {@code .modinfo}, else from the file's name; underscores. */
  public String name() {
    String name = info.get("name");
    return name == null || name.isEmpty()
        ? ModuleName.ofPath(elf.path())
        : ModuleName.normalise(name);
  }

  /** Returns the build id in hexadecimal digits; the file's SHA-256 if it has none. */
  public String buildId() {
    String known = buildId;
    if (known == null) {
      byte[] id = elf.buildId();
      known =
          HexFormat.of()
              .formatHex(id == null ? Sha256.of(elf.bytes().duplicate().position(0)) : id);
      buildId = known;
    }
    return known;
  }

  /** Returns true if the file is a module rather than any object file. */
  public boolean isModule() {
    int section = elf.sections().find(THIS_MODULE);
    return section != 0 && elf.sections().has(section, Elf.SHF_ALLOC);
  }

  /** Returns true if the file is compressed, so that only who unpacks it can read it. */
  public boolean isPacked() {
    return elf.isPacked();
  }

  @Override
  public void close() {
    elf.close();
  }
}
