package io.linkout.link;

/**
 * The errors that linking can end in, with the words kmod has for them ({@code tools/insmod.c}).
 */
public enum Errno {
  /** The file can't be loaded into this kernel. */
  ENOEXEC(8, "Invalid module format"),
  /** A symbol is not exported, or not to this module. */
  ENOENT(2, "Unknown symbol in module"),
  /** A symbol's version is not the one the module was built against. */
  ESRCH(3, "Module has wrong symbol version"),
  /** A parameter can't be set, or a namespace is not imported. */
  EINVAL(22, "Invalid parameters");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** Returns the number, positive. */
  public int number() {
    return number;
  }

  /** Returns kmod's words. */
  public String text() {
    return text;
  }
}
