package io.linkout.kernel.server;

import java.util.List;

/**
 * Who this kernel is, as {@code Welcome} tells.
 *
 * @param release as {@code uname -r}
 * @param vermagic what a module's must equal
 * @param buildId in hexadecimal digits
 * @param bootId a random UUID
 * @param bootTimeMicros wall-clock time of boot, microseconds since 1970
 * @param clientDirectory installation of the matching client, or empty
 * @param headersDirectory of the personality, or empty
 * @param symversPath of the personality, or empty
 * @param features x86_capability words
 * @param thisModuleSize sizeof(struct module) in bytes, 0 if not known
 * @param modversions true if exports carry CRCs
 * @param symbolMap where the kernel's own exports are written down if it keeps none; else empty
 */
public record KernelIdentity(
    String release,
    String vermagic,
    String buildId,
    String bootId,
    long bootTimeMicros,
    String clientDirectory,
    String headersDirectory,
    String symversPath,
    List<Integer> features,
    int thisModuleSize,
    boolean modversions,
    String symbolMap) {}
