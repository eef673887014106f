package io.linkout.link;

import java.util.List;

/**
 * Which kernel is to be linked against.
 *
 * @param release as {@code uname -r}
 * @param vermagic what a module's must equal
 * @param headersDirectory where the personality came from, empty for the built-in one
 * @param symversPath its Module.symvers, or empty
 * @param features x86_capability words of the CPU modules will run on
 * @param thisModuleSize sizeof(struct module) in bytes, 0 if not known
 * @param modversions true if exports carry CRCs
 * @param symbolsInUserspace true if the kernel keeps no symbols
 */
public record KernelIdentity(
    String release,
    String vermagic,
    String headersDirectory,
    String symversPath,
    List<Integer> features,
    int thisModuleSize,
    boolean modversions,
    boolean symbolsInUserspace) {}
