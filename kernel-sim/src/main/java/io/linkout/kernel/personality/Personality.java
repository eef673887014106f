package io.linkout.kernel.personality;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The kernel that this daemon is.
 *
 * @param release as {@code uname -r} prints it
 * @param vermagic what a module's must equal
 * @param hz ticks a second
 * @param thisModuleSize sizeof(struct module) in bytes
 * @param modversions true if exports carry CRCs
 * @param headers directory it was read from; empty if built in
 * @param symvers the Module.symvers it was read from; empty if built in
 * @param exports the only names exported, sorted; empty: every name that is provided is
 */
public record Personality(
    String release,
    String vermagic,
    int hz,
    int thisModuleSize,
    boolean modversions,
    Optional<Path> headers,
    Optional<Path> symvers,
    List<SymbolVersion> exports,
    KernelConfig config,
    StructLayout layout) {
  private static final String BUILT_IN_RELEASE = "6.1.0-linkout";

  private static final KernelConfig BUILT_IN_CONFIG =
      KernelConfig.of(
          Map.of(
              "SMP", "1",
              "PREEMPT_BUILD", "1",
              "PREEMPT_COUNT", "1",
              "MODULE_UNLOAD", "1",
              "HZ", "250"));

  /** Returns the kernel that serves modules compiled against {@code examples/include}. */
  public static Personality builtIn() {
    StructLayout layout = ShippedLayout.load();
    return new Personality(
        BUILT_IN_RELEASE,
        Vermagic.of(BUILT_IN_RELEASE, BUILT_IN_CONFIG, ""),
        BUILT_IN_CONFIG.number("HZ", 250),
        layout.of("sizeof.module"),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        BUILT_IN_CONFIG,
        layout);
  }

  /**
   * Returns the kernel whose headers package (or build tree) is {@code directory}.
   *
   * @param notices told, one line each, of what could not be had and what is used in its place
   * @throws PersonalityException if it is no such directory
   */
  public static Personality fromHeaders(Path directory, Consumer<String> notices)
      throws PersonalityException {
    return new HeadersTree(directory, LayoutCache.ofUser()).personality(notices);
  }

  /** Returns true if it was read from headers, so that exactly its names are exported. */
  public boolean fromHeaders() {
    return headers.isPresent();
  }
}
