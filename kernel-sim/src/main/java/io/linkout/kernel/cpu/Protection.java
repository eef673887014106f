package io.linkout.kernel.cpu;

/** What guest code may do with a mapping. There is no writable and executable one. */
public enum Protection {
  /** Nothing: a guard. */
  NONE("---", false, false, false),
  /** Read. */
  READ("r--", true, false, false),
  /** Read and write. */
  READ_WRITE("rw-", true, true, false),
  /** Read and execute. */
  READ_EXECUTE("r-x", true, false, true);

  private final String text;
  private final boolean readable;
  private final boolean writable;
  private final boolean executable;

  Protection(String text, boolean readable, boolean writable, boolean executable) {
    this.text = text;
    this.readable = readable;
    this.writable = writable;
    this.executable = executable;
  }

  /** Returns three letters as /proc/PID/maps has them, such as {@code r-x}. */
  public String text() {
    return text;
  }

  /** Returns whether loads are allowed. */
  public boolean readable() {
    return readable;
  }

  /** Returns whether stores are allowed. */
  public boolean writable() {
    return writable;
  }

  /** Returns whether instruction fetches are allowed. */
  public boolean executable() {
    return executable;
  }
}
