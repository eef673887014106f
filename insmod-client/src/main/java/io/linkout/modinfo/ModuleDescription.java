package io.linkout.modinfo;

import io.linkout.elf.ElfFile;
import io.linkout.elf.ElfGlance;
import io.linkout.elf.MalformedElfException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what files say of their modules: the strings of {@code .modinfo}, then what their signature
 * says, as kmod lists it. Confined to one thread.
 */
public final class ModuleDescription {
  private static final byte[] SECTION = ".modinfo".getBytes(StandardCharsets.US_ASCII);
  private static final String HEX = "0123456789ABCDEF";

  /** Bytes in a line of kmod's. */
  private static final int LINE = 20;

  private final ElfGlance glance = new ElfGlance();

  /** Has read nothing yet. */
  public ModuleDescription() {}

  /**
   * Returns the entries of the file at {@code path}, those of its signature last; null if it is a
   * well-formed file without {@code .modinfo}.
   *
   * @throws IOException if it can't be read
   * @throws MalformedElfException if it is no well-formed relocatable file
   */
  public @Nullable List<ModInfo.Entry> read(Path path) throws IOException {
    byte[] strings = glance.section(path, SECTION);
    if (strings != null && (strings.length == 0 || strings[strings.length - 1] == 0)) {
      return entries(ModInfo.parse(strings), ModuleSignature.of(glance.tail()));
    }
    try (ElfFile elf = ElfFile.open(path)) {
      return elf.sections().find(".modinfo") == 0
          ? null
          : entries(ModInfo.of(elf), ModuleSignature.of(elf.bytes()));
    }
  }

  private static List<ModInfo.Entry> entries(ModInfo info, @Nullable ModuleSignature signature) {
    if (signature == null) {
      return info.entries();
    }
    List<ModInfo.Entry> entries = new ArrayList<>(info.entries());
    entries.add(new ModInfo.Entry("sig_id", signature.type()));
    entries.add(new ModInfo.Entry("signer", signature.signer()));
    entries.add(new ModInfo.Entry("sig_key", hex(signature.key())));
    entries.add(new ModInfo.Entry("sig_hashalgo", signature.hashAlgorithm()));
    entries.add(new ModInfo.Entry("signature", hex(signature.signature())));
    return entries;
  }

  /** Returns {@code AB:CD:...}, twenty bytes a line. */
  private static String hex(byte[] bytes) {
    byte[] out = new byte[bytes.length * 3 + (bytes.length / LINE + 1) * 3];
    int at = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0) {
        out[at++] = ':';
        if (i % LINE == 0) {
          out[at++] = '\n';
          out[at++] = '\t';
          out[at++] = '\t';
        }
      }
      out[at++] = (byte) HEX.charAt(bytes[i] >>> 4 & 0xf);
      out[at++] = (byte) HEX.charAt(bytes[i] & 0xf);
    }
    return new String(out, 0, at, StandardCharsets.ISO_8859_1);
  }
}
