package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import java.util.ArrayList;
import java.util.List;

/** Activations for tests, spoilt one thing at a time. */
public final class Images {
  /** Segments of a plain module: text, rodata, data, init text, per-CPU. */
  public static final List<SegmentSpec> SEGMENTS =
      List.of(
          new SegmentSpec(LoadImage.Kind.TEXT, 0x1000, 4096),
          new SegmentSpec(LoadImage.Kind.RODATA, 0x800, 4096),
          new SegmentSpec(LoadImage.Kind.DATA, 0x2000, 4096),
          new SegmentSpec(LoadImage.Kind.INIT_TEXT, 0x100, 4096),
          new SegmentSpec(LoadImage.Kind.PERCPU, 64, 64));

  /** Index of the text segment. */
  public static final int TEXT = 0;

  /** Index of the read-only segment. */
  public static final int RODATA = 1;

  /** Index of the data segment. */
  public static final int DATA = 2;

  /** Index of the init text segment. */
  public static final int INIT_TEXT = 3;

  /** Index of the per-CPU segment. */
  public static final int PERCPU = 4;

  private final String name;
  private long init;
  private long exit;
  private long thisModule;
  private long thisModuleSize = 0x100;
  private final List<Activation.Export> exports = new ArrayList<>();
  private final List<Long> dependencies = new ArrayList<>();
  private final List<LoadImage.Table> tables = new ArrayList<>();
  private final List<LoadImage.ParameterCall> parameters = new ArrayList<>();
  private String taints = "";
  private int exportCount;
  private long comparedUpTo;

  private Images(String name, Handle handle) {
    this.name = name;
    this.init = address(handle, INIT_TEXT);
    this.exit = address(handle, TEXT) + 16;
    this.thisModule = address(handle, DATA);
  }

  /** Returns a plain module called {@code name} in a handle of {@link #SEGMENTS}. */
  public static Images of(String name, Handle handle) {
    return new Images(name, handle);
  }

  /** Returns the address of segment {@code index} of {@code handle}. */
  public static long address(Handle handle, int index) {
    return handle.segments().get(index).address();
  }

  /** With another init. */
  public Images init(long address) {
    init = address;
    return this;
  }

  /** With another exit. */
  public Images exit(long address) {
    exit = address;
    return this;
  }

  /** With another struct module. */
  public Images thisModule(long address, long size) {
    thisModule = address;
    thisModuleSize = size;
    return this;
  }

  /** With one more export. */
  public Images export(String symbol, long address) {
    exports.add(new Activation.Export(symbol, address, null, false, ""));
    return this;
  }

  /** With one more dependency. */
  public Images uses(long loadId) {
    dependencies.add(loadId);
    return this;
  }

  /** With one more table. */
  public Images table(LoadImage.TableKind kind, long address, long length) {
    tables.add(new LoadImage.Table(kind, address, length));
    return this;
  }

  /** With one more parameter. */
  public Images parameter(long setFunction, long kernelParam) {
    parameters.add(
        new LoadImage.ParameterCall("param", setFunction, kernelParam, new byte[] {'1'}));
    return this;
  }

  /** With these taints. */
  public Images taints(String letters) {
    taints = letters;
    return this;
  }

  /** With so many exports that are not told, compared with those of loads up to that. */
  public Images counted(int exports, long upTo) {
    exportCount = exports;
    comparedUpTo = upTo;
    return this;
  }

  /** Returns the activation. */
  public Activation build() {
    return new Activation(
        name,
        "1",
        "src",
        "magic",
        init,
        exit,
        thisModule,
        thisModuleSize,
        exports,
        dependencies,
        "00ff",
        taints,
        tables,
        parameters,
        "/lib/" + name + ".ko",
        List.of(),
        exportCount,
        comparedUpTo);
  }
}
