package io.linkout.cli;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names the functions in log lines that hold a {@code module+0xoff}. The kernel is only asked what
 * is loaded if there is such a line about a module that no report tells of.
 */
final class LogDecoder {
  private final Supplier<KernelConnection> connection;
  private final ModuleFiles files;
  private final Console console;
  private @Nullable OopsText names;

  /**
   * Asks over a connection of its own, since one that follows the log can ask nothing else.
   *
   * @param files where those of modules may be
   */
  LogDecoder(Supplier<KernelConnection> connection, ModuleFiles files, Console console) {
    this.connection = connection;
    this.files = files;
    this.console = console;
  }

  /** Returns the texts of {@code entries}, which follow those before, with names. */
  List<String> decode(List<LogEntry> entries) {
    List<String> texts = new ArrayList<>(entries.size());
    boolean places = names != null;
    for (LogEntry entry : entries) {
      texts.add(entry.text());
      places |= mayHavePlace(entry.text());
    }
    if (!places) {
      return texts;
    }
    OopsText known = names;
    if (known == null) {
      known = KernelNames.ofNew(connection, files, console);
      names = known;
    }
    List<String> decoded = known.decode(texts);
    // what is loaded by now may not be any more when the next lines come
    known.forget();
    return decoded;
  }

  /** Returns whether there may be something to decode in {@code line}; most have nothing. */
  static boolean mayHavePlace(String line) {
    return line.indexOf("+0x") >= 0
        || line.indexOf("0xffffffff") >= 0
        || line.indexOf("[<ffffffff") >= 0;
  }
}
