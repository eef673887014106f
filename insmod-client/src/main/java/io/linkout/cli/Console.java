package io.linkout.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command writes to and what it was started with. Output is UTF-8 and buffered until {@link
 * #flush}. Diagnostics leave at once, after what was printed before them.
 */
final class Console {
  /** Nobody reads stdout any more: the command ends without a word. */
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Closed() {
      super("stdout is closed", null, false, false);
    }
  }

  private static final int BUFFER = 1 << 13;
  private static final int LARGE_BUFFER = 1 << 17;

  private final String program;
  private final OutputStream out;
  private final OutputStream err;
  private final Map<String, String> environment;
  private final StringBuilder pending = new StringBuilder();
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();

  Console(String program, OutputStream out, OutputStream err, Map<String, String> environment) {
    this.program = program;
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /** Returns the name of the command, as its diagnostics begin with it. */
  String program() {
    return program;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Prints {@code text}. */
  void print(String text) {
    if (gathered.size() > 0) {
      drain();
    }
    pending.append(text);
    if (pending.length() > BUFFER) {
      drain();
    }
  }

  /** Prints {@code text} and ends the line. */
  void line(String text) {
    print(text);
    print("\n");
  }

  /** Prints bytes as they are, when there is much to print or {@link #flush} is called. */
  void buffered(byte[] bytes) {
    if (!pending.isEmpty()) {
      drain();
    }
    if (gathered.size() > 0 && gathered.size() + bytes.length > LARGE_BUFFER) {
      drain();
    }
    gathered.writeBytes(bytes);
  }

  /** Prints bytes as they are. */
  void bytes(byte[] bytes) {
    drain();
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Sends what was printed.
   *
   * @throws Failure if it cannot be written, such as on a full disk
   * @throws Closed if nobody reads it any more
   */
  void flush() {
    drain();
    try {
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void drain() {
    if (gathered.size() > 0) {
      try {
        gathered.writeTo(out);
      } catch (IOException e) {
        throw unwritable(e);
      } finally {
        gathered.reset();
      }
    }
    if (pending.isEmpty()) {
      return;
    }
    byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
    pending.setLength(0);
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static RuntimeException unwritable(IOException e) {
    String reason = String.valueOf(e.getMessage());
    return reason.contains("Broken pipe") ? new Closed() : new Failure("write error: " + reason);
  }

  /** Says {@code prog: ERROR: text} on stderr. */
  void error(String text) {
    diagnostic("ERROR", text);
  }

  /** Says {@code prog: WARNING: text} on stderr. */
  void warning(String text) {
    diagnostic("WARNING", text);
  }

  /** Says {@code prog: FATAL: text} on stderr. */
  void fatal(String text) {
    diagnostic("FATAL", text);
  }

  private void diagnostic(String severity, String text) {
    raw(program + ": " + severity + ": " + text);
  }

  /** Draws {@code text} over the current line of the terminal that stderr is. */
  void progress(String text) {
    try {
      flush();
      err.write(("\r\033[K" + text).getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // only a picture is lost
    }
  }

  /** Says {@code text} on stderr as a line of its own. */
  void raw(String text) {
    try {
      flush();
    } catch (Closed | Failure e) {
      // what is said on stderr matters more than what no one can read on stdout
    }
    try {
      err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // nowhere left to say so; the exit status tells
    }
  }
}
