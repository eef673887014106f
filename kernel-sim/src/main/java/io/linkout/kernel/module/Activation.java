package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of a module it wants live. Nothing of it is believed: see {@link
 * ActivationCheck}. Addresses are guest addresses, 0 where there is none.
 *
 * @param name with underscores for dashes, as the kernel's names have them, whatever the client
 *     wrote
 * @param dependencies load ids of modules the connection has pinned
 * @param buildId in hexadecimal digits
 * @param taints letters
 * @param path of the file as the client gave it; never opened
 * @param ignoredParameters names the client accepted and ignored, for the log
 * @param exportCount how many exports there are that are not told, as the kernel keeps no symbols
 * @param comparedUpTo highest load id among the modules that the client compared those with
 */
public record Activation(
    String name,
    String version,
    String srcversion,
    String vermagic,
    long init,
    long exit,
    long thisModule,
    long thisModuleSize,
    List<Export> exports,
    List<Long> dependencies,
    String buildId,
    String taints,
    List<LoadImage.Table> tables,
    List<LoadImage.ParameterCall> parameters,
    String path,
    List<String> ignoredParameters,
    int exportCount,
    long comparedUpTo) {

  /** Facts under the name that the kernel will know the module by. */
  public Activation {
    name = ModuleTable.canonical(name);
  }

  /** Returns the same without exports, but for their number. */
  Activation withoutExports() {
    return exports.isEmpty()
        ? this
        : new Activation(
            name,
            version,
            srcversion,
            vermagic,
            init,
            exit,
            thisModule,
            thisModuleSize,
            List.of(),
            dependencies,
            buildId,
            taints,
            tables,
            parameters,
            path,
            ignoredParameters,
            exports.size(),
            comparedUpTo);
  }

  /** A symbol the module exports; {@code crc} is null if it has none. */
  public record Export(
      String name, long address, @Nullable Integer crc, boolean gplOnly, String namespace) {}
}
