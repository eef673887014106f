package io.linkout.depmod;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lists need of one module.
 *
 * @param exports with CRCs
 * @param imports in the order of the symbol table, then what only {@code __versions} names
 * @param aliases values of {@code alias=}, one char a byte
 * @param softdeps values of {@code softdep=}
 * @param weakdeps values of {@code weakdep=}
 * @param buildId in hexadecimal digits, the SHA-256 of the file if it has none; null if it could
 *     not be read
 * @param fault why its symbols could not be read, null if they could
 */
record ModuleFacts(
    NameList exports,
    NameList imports,
    List<String> aliases,
    List<String> softdeps,
    List<String> weakdeps,
    @Nullable String buildId,
    @Nullable String fault) {
  /** Returns what a file that could not be read has. */
  static ModuleFacts unreadable(String fault) {
    return new ModuleFacts(
        new NameList(), new NameList(), List.of(), List.of(), List.of(), null, fault);
  }
}
