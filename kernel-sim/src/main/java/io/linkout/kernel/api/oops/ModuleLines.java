package io.linkout.kernel.api.oops;

import java.util.List;

/**
 * What a report says of the modules that its addresses lie in. It is all that is needed to name
 * those addresses later from the modules' files, wherever these are by then, loaded or not.
 */
@FunctionalInterface
public interface ModuleLines {
  /** Says nothing. */
  ModuleLines NONE = addresses -> List.of();

  /** Returns a line for each module that one of {@code addresses} lies in, in their order. */
  List<String> of(List<Long> addresses);
}
