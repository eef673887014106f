package io.linkout.kernel.api.heap;

import io.linkout.kernel.personality.StructLayout;

/** The allocation flags that matter here, as the personality's release numbers them. */
record Gfp(long zero, long noWarn) {
  static Gfp of(StructLayout layout) {
    return new Gfp(layout.of("__GFP_ZERO"), layout.of("__GFP_NOWARN"));
  }

  boolean zero(long flags) {
    return (flags & zero) != 0;
  }

  boolean warns(long flags) {
    return (flags & noWarn) == 0;
  }
}
