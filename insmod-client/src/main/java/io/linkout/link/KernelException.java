package io.linkout.link;

import java.util.List;

/** The kernel refused a request, or the connection to it is gone. */
public class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int errno;
  private final String errnoName;
  private final String detail;
  private final List<String> oops;

  /**
   * A refusal.
   *
   * @param errno positive
   * @param message one line for a person
   * @param detail more lines or empty
   * @param oops the report as the kernel logged it, undecoded, or empty
   */
  public KernelException(
      int errno, String errnoName, String message, String detail, List<String> oops) {
    super(message);
    this.errno = errno;
    this.errnoName = errnoName;
    this.detail = detail;
    this.oops = List.copyOf(oops);
  }

  /** Returns the errno, positive; 0 if the connection is gone. */
  public int errno() {
    return errno;
  }

  /** Returns its name, such as {@code EEXIST}. */
  public String errnoName() {
    return errnoName;
  }

  /** Returns the one line for a person. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Returns more lines, or empty. */
  public String detail() {
    return detail;
  }

  /** Returns the oops report, one line each, or empty. */
  public List<String> oops() {
    return oops;
  }
}
