package io.linkout.kernel.module;

/** What a module's code died in, and so what became of the module. */
enum Death {
  /**
   * The kernel's own code broke off while loading it, and again while undoing that: it is going.
   */
  LOAD("its load broke off"),
  /** A function called from outside died: it stays live. */
  CALL("a function of it died"),
  /** Exit died, or the kernel's own code while it removed the module: it is going. */
  EXIT("it died in its exit");

  private final String words;

  Death(String words) {
    this.words = words;
  }

  /** Returns it for a person, as half a sentence. */
  String words() {
    return words;
  }
}
