package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.symbol.ExportedSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a client says of a module against what its connection holds: every address against
 * the handle, every dependency against the pins, every name against the tables. Once {@link #check}
 * has returned, the image can be mapped and run without harm to anything but itself.
 */
final class ActivationCheck {
  /** MODULE_NAME_LEN of include/linux/moduleparam.h less its NUL, in bytes. */
  static final int NAME_BYTES = 55;

  /** KSYM_NAME_LEN of 6.1 (include/linux/kallsyms.h) less its NUL, in bytes. */
  static final int SYMBOL_BYTES = 511;

  private static final int TEXT_BYTES = 4096;

  /** sizeof(struct kernel_param), include/linux/moduleparam.h, 64 bit. */
  private static final int KERNEL_PARAM_BYTES = 40;

  private static final String TAINTS = "PFOECTXKRSLBUDNAWIMHZJYG";

  private final ModuleTable modules;
  private final Handle handle;
  private final Activation facts;
  private final Set<LoadedModule> pinned;
  private final TableForms forms;

  ActivationCheck(
      ModuleTable modules,
      Handle handle,
      Activation facts,
      Set<LoadedModule> pinned,
      TableForms forms) {
    this.forms = forms;
    this.modules = modules;
    this.handle = handle;
    this.facts = facts;
    this.pinned = pinned;
  }

  /**
   * Returns the modules it depends on.
   *
   * @throws Refusal (misuse) for an address or dependency that is not the connection's, (exists)
   *     for a name that is taken, (invalid) for words that cannot be, (stale) for exports that were
   *     not compared with those of all modules, and nothing else is wrong then
   */
  List<LoadedModule> check() {
    checkWords();
    checkEntryPoints();
    new TableCheck(handle.segments(), forms).check(facts.tables());
    List<LoadedModule> dependencies = dependencies();
    checkParameters(dependencies);
    checkNameIsFree();
    checkExports();
    return dependencies;
  }

  private void checkNameIsFree() {
    LoadedModule there = modules.find(facts.name());
    if (there != null) {
      throw new Refusal(
          Refusal.Kind.EXISTS,
          Errno.EEXIST,
          there.state() == ModuleState.LIVE
              ? "module " + facts.name() + " is loaded already"
              : "module " + facts.name() + " is being loaded or removed");
    }
  }

  private void checkWords() {
    String name = facts.name();
    if (!printable(name, NAME_BYTES) || name.isEmpty() || name.contains("/")) {
      throw Refusal.invalid(
          Errno.EINVAL, "not a module name of 1 to %d letters".formatted(NAME_BYTES));
    }
    for (String text :
        List.of(facts.version(), facts.srcversion(), facts.vermagic(), facts.path())) {
      if (text.length() > TEXT_BYTES || hasControls(text)) {
        throw Refusal.invalid(
            Errno.EINVAL, "module %s: version, vermagic or path cannot be".formatted(name));
      }
    }
    if (facts.buildId().length() > 128) {
      throw Refusal.invalid(
          Errno.EINVAL,
          "module %s: build id of %d bytes".formatted(name, facts.buildId().length() / 2));
    }
    if (facts.taints().length() > TAINTS.length()
        || facts.taints().chars().anyMatch(c -> TAINTS.indexOf(c) < 0)) {
      throw Refusal.invalid(Errno.EINVAL, "module %s: no such taint".formatted(name));
    }
    for (String parameter : facts.ignoredParameters()) {
      if (!printable(parameter, SYMBOL_BYTES)) {
        throw Refusal.invalid(Errno.EINVAL, "module %s: not a parameter name".formatted(name));
      }
    }
  }

  private void checkEntryPoints() {
    if (facts.init() != 0 && !inText(facts.init())) {
      throw outside("init", facts.init(), "text");
    }
    if (facts.exit() != 0 && !inCoreText(facts.exit())) {
      throw outside("exit", facts.exit(), "core text");
    }
    boolean inside =
        handle.segments().stream()
            .filter(s -> s.kind() != LoadImage.Kind.PERCPU && !s.kind().init())
            .anyMatch(s -> s.contains(facts.thisModule(), facts.thisModuleSize()));
    if (facts.thisModuleSize() <= 0 || !inside) {
      throw outside("__this_module", facts.thisModule(), "core memory");
    }
  }

  private List<LoadedModule> dependencies() {
    List<LoadedModule> dependencies = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (long loadId : facts.dependencies()) {
      LoadedModule module = modules.find(loadId);
      if (module == null || !pinned.contains(module)) {
        throw Refusal.misuse(
            "dependency %s of module %s is not pinned by this connection"
                .formatted(
                    module == null ? "load id " + Long.toUnsignedString(loadId) : module.name(),
                    facts.name()));
      }
      if (seen.add(loadId)) {
        dependencies.add(module);
      }
    }
    return dependencies;
  }

  private void checkParameters(List<LoadedModule> dependencies) {
    for (LoadImage.ParameterCall parameter : facts.parameters()) {
      if (!printable(parameter.name(), SYMBOL_BYTES)) {
        throw Refusal.invalid(
            Errno.EINVAL, "module %s: not a parameter name".formatted(facts.name()));
      }
      if (!inText(parameter.setFunction()) && !exported(parameter.setFunction(), dependencies)) {
        throw outside(
            "set function of parameter " + parameter.name(), parameter.setFunction(), "text");
      }
      if (handle.segments().stream()
          .filter(s -> s.kind() != LoadImage.Kind.PERCPU)
          .noneMatch(s -> s.contains(parameter.kernelParam(), KERNEL_PARAM_BYTES))) {
        throw outside("parameter " + parameter.name(), parameter.kernelParam(), "memory");
      }
    }
  }

  /** A module's own ops may name a set function of the kernel's or of a module it depends on. */
  private boolean exported(long address, List<LoadedModule> dependencies) {
    if (!modules.exports().keeps()) {
      // Nobody here can tell where a function begins: what is no code ends in an oops.
      return GuestLayout.within(address, GuestLayout.KERNEL_TEXT, GuestLayout.MODULES)
          || dependencies.stream().anyMatch(d -> d.hasText(address));
    }
    @Nullable ExportedSymbol ofKernel = modules.exports().atOrBelow(address, 0);
    if (ofKernel != null && ofKernel.address() == address) {
      return true;
    }
    return dependencies.stream()
        .anyMatch(d -> d.hasText(address) && d.exports().at(address) != null);
  }

  private void checkExports() {
    if (!modules.exports().keeps()) {
      checkCounted();
      return;
    }
    if (facts.exportCount() != 0) {
      throw Refusal.invalid(
          Errno.EINVAL,
          "module %s: this kernel keeps symbols and takes no mere number of exports"
              .formatted(facts.name()));
    }
    Set<String> names = new HashSet<>();
    for (Activation.Export export : facts.exports()) {
      if (export.name().isEmpty()
          || !printable(export.name(), SYMBOL_BYTES)
          || !printable(export.namespace(), SYMBOL_BYTES)) {
        throw Refusal.invalid(
            Errno.ENOEXEC, "module %s: export without a usable name".formatted(facts.name()));
      }
      if (!inCore(export.address())) {
        throw outside("export " + export.name(), export.address(), "core segments");
      }
      String other = names.add(export.name()) ? modules.exporter(export.name()) : facts.name();
      if (other != null) {
        throw new Refusal(
            Refusal.Kind.EXISTS,
            Errno.ENOEXEC,
            "%s: exports duplicate symbol %s (owned by %s)"
                .formatted(facts.name(), export.name(), other));
      }
    }
  }

  /**
   * Nobody here can tell whether two modules export one name, but whether the client has looked at
   * all that might: it looks before it asks, and another may have been faster.
   */
  private void checkCounted() {
    if (!facts.exports().isEmpty()) {
      throw Refusal.invalid(
          Errno.EINVAL,
          "module %s: this kernel keeps no symbols and takes no exports".formatted(facts.name()));
    }
    if (facts.exportCount() != 0 && modules.exporterSince(facts.comparedUpTo())) {
      throw new Refusal(
          Refusal.Kind.STALE,
          Errno.ESTALE,
          "module %s: its exports are compared with those of modules up to load id %s, and others came since"
              .formatted(facts.name(), Long.toUnsignedString(facts.comparedUpTo())));
    }
  }

  private boolean inCore(long address) {
    for (PlacedSegment segment : handle.segments()) {
      if (!segment.kind().init() && segment.contains(address, 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean inText(long address) {
    return handle.segments().stream().anyMatch(s -> s.text() && s.contains(address, 1));
  }

  private boolean inCoreText(long address) {
    return handle.segments().stream()
        .anyMatch(s -> s.kind() == LoadImage.Kind.TEXT && s.contains(address, 1));
  }

  private Refusal outside(String what, long address, String where) {
    return Refusal.misuse(
        "%s of module %s at 0x%x is not in the handle's %s"
            .formatted(what, facts.name(), address, where));
  }

  private static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean printable(String text, int most) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return text.length() <= most;
  }
}
