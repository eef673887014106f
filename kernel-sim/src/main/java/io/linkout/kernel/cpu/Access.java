package io.linkout.kernel.cpu;

/** How memory was touched. */
public enum Access {
  /** A load. */
  READ("read"),
  /** A store. */
  WRITE("write"),
  /** An instruction fetch. */
  FETCH("instruction fetch");

  private final String words;

  Access(String words) {
    this.words = words;
  }

  /** Returns the words the kernel's page-fault report uses, such as {@code instruction fetch}. */
  public String words() {
    return words;
  }
}
