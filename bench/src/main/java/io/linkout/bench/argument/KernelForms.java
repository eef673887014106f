package io.linkout.bench.argument;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.module.SegmentSpec;
import io.linkout.kernel.session.Controls;
import io.linkout.kernel.session.Reply;
import io.linkout.kernel.symbol.AddressRegions;
import io.linkout.kernel.symbol.AddressRegions.Region;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.symbol.ExportedSymbol;
import io.linkout.link.Activation;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleExport;
import io.linkout.link.SegmentRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The linker's forms of things as the kernel's, without a wire between them. */
final class KernelForms {
  /** Where symbols lie, as in the daemon. */
  static final AddressRegions REGIONS =
      new AddressRegions(
          List.of(
              new Region(GuestLayout.ABSENT, GuestLayout.ABSENT_END, 13),
              new Region(GuestLayout.KERNEL_TEXT, GuestLayout.KERNEL_DATA, 4),
              new Region(GuestLayout.KERNEL_DATA, GuestLayout.ABSENT, 6),
              new Region(GuestLayout.KERNEL_DATA, GuestLayout.ABSENT, 0),
              new Region(GuestLayout.MODULES, GuestLayout.MODULES_END, 0),
              new Region(0, GuestLayout.PERCPU_SIZE, 0)));

  private KernelForms() {}

  /** Puts the kernel's exports into a table at once. */
  record Keeper(ExportTable table) implements ExportKeeper {
    @Override
    public void keep(List<KernelExport> exports) {
      List<ExportedSymbol> symbols = new ArrayList<>(exports.size());
      for (KernelExport e : exports) {
        symbols.add(
            new ExportedSymbol(e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace(), 0));
      }
      table.add(symbols);
    }

    @Override
    public @Nullable String at(long address) {
      ExportedSymbol symbol = table.atOrBelow(address, 0);
      return symbol != null && symbol.address() == address ? symbol.name() : null;
    }
  }

  /** A daemon that nobody stops. */
  record NoControls() implements Controls {
    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void reload(String logLevel) {
      throw new UnsupportedOperationException();
    }
  }

  static @Nullable KernelSymbol symbol(Reply.@Nullable OwnedSymbol owned) {
    if (owned == null) {
      return null;
    }
    ExportedSymbol symbol = owned.symbol();
    return new KernelSymbol(
        symbol.name(),
        symbol.address(),
        symbol.crc(),
        symbol.gplOnly(),
        symbol.namespace(),
        owned.owner(),
        symbol.owner());
  }

  static List<SegmentSpec> segments(List<SegmentRequest> requests) {
    List<SegmentSpec> specs = new ArrayList<>(requests.size());
    for (SegmentRequest request : requests) {
      specs.add(
          new SegmentSpec(
              LoadImage.Kind.valueOf(request.kind().name()), request.size(), request.alignment()));
    }
    return specs;
  }

  static io.linkout.kernel.module.Activation activation(Activation activation) {
    List<io.linkout.kernel.module.Activation.Export> exports = new ArrayList<>();
    for (ModuleExport e : activation.exports()) {
      exports.add(
          new io.linkout.kernel.module.Activation.Export(
              e.name(), e.address(), e.crc(), e.gplOnly(), e.namespace()));
    }
    List<LoadImage.Table> tables = new ArrayList<>();
    for (Activation.Table table : activation.tables()) {
      tables.add(
          new LoadImage.Table(
              LoadImage.TableKind.valueOf(table.kind().name()), table.address(), table.length()));
    }
    List<LoadImage.ParameterCall> parameters = new ArrayList<>();
    for (Activation.ParameterCall call : activation.parameters()) {
      parameters.add(
          new LoadImage.ParameterCall(
              call.name(),
              call.setFunction(),
              call.kernelParam(),
              call.text().getBytes(StandardCharsets.UTF_8)));
    }
    return new io.linkout.kernel.module.Activation(
        activation.name(),
        activation.version(),
        activation.srcversion(),
        activation.vermagic(),
        activation.init(),
        activation.exit(),
        activation.thisModule(),
        activation.thisModuleSize(),
        exports,
        activation.dependencies(),
        activation.buildId(),
        activation.taints(),
        tables,
        parameters,
        activation.path(),
        activation.ignoredParameters(),
        0,
        0);
  }
}
