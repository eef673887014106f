package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.link.KernelException;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names the functions in log lines that hold a {@code module+0xoff}. The kernel is only asked what
 * is loaded if there is such a line.
 */
final class LogDecoder {
  private final Supplier<KernelConnection> connection;
  private final Console console;
  private @Nullable OopsText names;

  /** Asks over a connection of its own, since one that follows the log can ask nothing else. */
  LogDecoder(Supplier<KernelConnection> connection, Console console) {
    this.connection = connection;
    this.console = console;
  }

  /** Returns {@code text} with what can be named named. */
  String decode(String text) {
    if (!OopsText.mayHavePlace(text)) {
      return text;
    }
    OopsText known = names;
    if (known == null) {
      known = loaded();
      names = known;
    }
    return known.decode(text);
  }

  /** What was loaded may not be any more. */
  void forget() {
    names = null;
  }

  private OopsText loaded() {
    OopsText text = new OopsText();
    try (KernelConnection kernel = connection.get()) {
      ModuleTree tree = ModuleTree.of(null, console.environment(), kernel.identity().release());
      text.with(Symbols.mapOf(kernel));
      return text.loaded(new KernelQueries(kernel), new ModuleFiles(tree));
    } catch (KernelException e) {
      return text;
    }
  }
}
