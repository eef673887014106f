package io.linkout.cli;

import io.linkout.link.LinkedModule;
import io.linkout.rpc.KernelConnection;
import java.util.List;

/**
 * Names the places in the report of a module that died in its init: it is gone, its file is not.
 */
final class LoadOops {
  private LoadOops() {}

  /**
   * Returns {@code report} decoded, with the names of {@code module} and of those in it.
   *
   * @param arguments say where the files of the others are
   */
  static List<String> decode(
      List<String> report,
      LinkedModule module,
      KernelConnection kernel,
      Arguments arguments,
      Console console) {
    return KernelNames.of(kernel, arguments, console).with(module).decode(report);
  }
}
