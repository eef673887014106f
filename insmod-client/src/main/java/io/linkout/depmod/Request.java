package io.linkout.depmod;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What depmod is asked to do.
 *
 * @param tree {@code ROOT/lib/modules/RELEASE}, absolute
 * @param release the kernel's release, which overrides of the configuration are matched with
 * @param files absolute paths of the modules to list instead of all of the tree; empty for all
 * @param configuration files and directories to read instead of the system's; empty for those
 * @param symvers a {@code Module.symvers} whose vmlinux rows are known symbols, CRCs compared
 * @param systemMap a {@code System.map} whose {@code __ksymtab_} rows are known symbols, if there
 *     is no {@code symvers}
 * @param unknownSymbols report symbols that nobody exports, and CRCs that differ
 * @param duplicates report aliases that one module has twice
 * @param verbose show each dependency with the symbol that causes it
 * @param prefix a character before every symbol of the architecture, 0 for none
 */
public record Request(
    Path tree,
    String release,
    List<String> files,
    List<Path> configuration,
    @Nullable Path symvers,
    @Nullable Path systemMap,
    boolean unknownSymbols,
    boolean duplicates,
    boolean verbose,
    char prefix) {}
