package io.linkout.elf;

/**
 * A file is not what it claims to be: truncated, not ELF, an index or size out of range. The only
 * exception that reading a bad file causes.
 */
public final class MalformedElfException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String file;

  /**
   * One fault of one file.
   *
   * @param file path as the user gave it
   * @param reason one line naming section, symbol or offset, without the file's name; control
   *     characters in it are escaped
   */
  public MalformedElfException(String file, String reason) {
    super(OneLine.of(reason));
    this.file = file;
  }

  /** Returns the file's path as the user gave it. */
  public String file() {
    return file;
  }

  /** Returns what is wrong, one line without the file's name. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
