package io.linkout.link;

import java.util.List;

/**
 * How a module is to be linked.
 *
 * @param forceVermagic ignore the version magic (taint F)
 * @param forceModversions ignore symbol versions (taint F)
 * @param fixups false: stop after relocation, for {@code --no-fixups}
 * @param parameters what follows the file on the command line, each as given; joined with spaces as
 *     kmod does
 */
public record LinkOptions(
    boolean forceVermagic, boolean forceModversions, boolean fixups, List<String> parameters) {
  /** Nothing forced, all fixups, no parameters. */
  public static final LinkOptions DEFAULT = new LinkOptions(false, false, true, List.of());

  /** Keeps a copy of {@code parameters}. */
  public LinkOptions {
    parameters = List.copyOf(parameters);
  }

  /** Returns these options with other parameters. */
  public LinkOptions withParameters(List<String> others) {
    return new LinkOptions(forceVermagic, forceModversions, fixups, others);
  }
}
