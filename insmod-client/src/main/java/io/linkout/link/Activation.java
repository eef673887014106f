package io.linkout.link;

import java.util.List;

/**
 * All that outlives the loader: what the kernel is told when a module is to go live. Addresses are
 * guest addresses, 0 where there is none.
 *
 * @param dependencies load ids of pinned modules
 * @param buildId of the file, or its SHA-256 if it has none, in hexadecimal digits
 * @param taints letters: P O E F C
 * @param ignoredParameters names accepted and ignored, such as {@code dyndbg}
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
    List<ModuleExport> exports,
    List<Long> dependencies,
    String buildId,
    String taints,
    List<Table> tables,
    List<ParameterCall> parameters,
    String path,
    List<String> ignoredParameters) {

  /** Returns whether the user forces the module in, which taints it. */
  public boolean forced() {
    return taints.indexOf('F') >= 0;
  }

  /** A table in the image: guest address and length in bytes. */
  public record Table(TableKind kind, long address, long length) {}

  /**
   * A parameter whose set function is the module's own.
   *
   * @param setFunction guest address of {@code ops->set}
   * @param kernelParam guest address of the {@code struct kernel_param}
   * @param text what the user gave, without NUL
   */
  public record ParameterCall(String name, long setFunction, long kernelParam, String text) {}
}
