package io.linkout.cli;

import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleSymbols;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.CallArgument;
import io.linkout.rpc.CallResult;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** kcall: calls a function inside the kernel and prints what it returned. */
final class Kcall extends Command {
  private static final int MOST_ARGUMENTS = 12;

  /** A function or variable: its guest address and the load it belongs to, 0 for the kernel. */
  private record Place(long address, long loadId) {}

  Kcall() {
    super(
        new Syntax("kcall [options] MODULE:FUNCTION|FUNCTION [ARG...]")
            .flag('\0', "json", "an object")
            .search()
            .socket()
            .note(
                """
                ARG is an integer (decimal or 0x), or one of
                \tstr:TEXT    TEXT with its NUL, copied; its address is passed
                \thex:BYTES   bytes, copied
                \tfile:PATH   a file's bytes, copied
                \tinout:HEX   bytes, copied and dumped afterwards
                \tout:SIZE    zeroed bytes, dumped afterwards
                \tsym:NAME    address of a symbol, also of MODULE:NAME
                """));
  }

  @Override
  boolean takesNegativeNumbers() {
    return true;
  }

  @Override
  int run(Arguments arguments, Console console) {
    List<String> operands = arguments.operands();
    if (operands.isEmpty()) {
      throw new Failure("missing function");
    }
    List<String> words = operands.subList(1, operands.size());
    if (words.size() > MOST_ARGUMENTS) {
      throw new Failure(words.size() + " arguments: at most " + MOST_ARGUMENTS + " can be passed");
    }
    try (KernelConnection kernel = connect(arguments, console)) {
      Symbols exports = Symbols.of(kernel, arguments, console);
      ModuleFiles files = ModuleFiles.of(arguments, console, kernel.identity().release());
      Place function = find(operands.getFirst(), exports, kernel, files);
      List<CallArgument> values = new ArrayList<>();
      for (String word : words) {
        values.add(
            word.startsWith("sym:")
                ? new CallArgument.Value(find(word.substring(4), exports, kernel, files).address())
                : CallWord.parse(word));
      }
      CallResult result = call(operands.getFirst(), function, values, kernel, files, console);
      print(result, arguments, console);
    }
    return 0;
  }

  private static CallResult call(
      String name,
      Place function,
      List<CallArgument> values,
      KernelConnection kernel,
      ModuleFiles files,
      Console console) {
    try {
      return new KernelQueries(kernel).call(function.address(), function.loadId(), values);
    } catch (KernelException e) {
      if (e.errno() == 0) {
        throw e;
      }
      List<String> causes = new ArrayList<>();
      if (!e.detail().isEmpty()) {
        causes.addAll(e.detail().lines().toList());
      }
      if (!e.oops().isEmpty()) {
        causes.addAll(KernelNames.of(kernel, files, console).decode(e.oops()));
      }
      throw new Failure(name + ": " + ErrnoText.reason(e), causes);
    }
  }

  private static Place find(
      String name, Symbols exports, KernelConnection kernel, ModuleFiles files) {
    int colon = name.indexOf(':');
    String module = colon < 0 ? "" : ModuleName.normalise(name.substring(0, colon));
    String symbol = name.substring(colon + 1);
    // Without symbols in the kernel a module's are all in its file.
    KernelSymbol export =
        colon >= 0 && kernel.identity().symbolsInUserspace()
            ? null
            : exports.find(List.of(symbol)).getFirst();
    if (export != null && (colon < 0 || export.owner().equals(module))) {
      return new Place(export.address(), export.ownerLoadId());
    }
    if (colon < 0) {
      throw new Failure("unknown symbol " + name + ": the kernel exports none of that name");
    }
    for (LoadedModule loaded : new KernelQueries(kernel).modulesIfAny()) {
      if (loaded.name().equals(module) && loaded.state() == LoadedModule.State.LIVE) {
        return local(loaded, symbol, files);
      }
    }
    throw new Failure("Module " + module + " is not currently loaded");
  }

  private static Place local(LoadedModule module, String symbol, ModuleFiles files) {
    List<String> others = new ArrayList<>();
    ModuleSymbols symbols = files.symbols(module, others);
    if (symbols == null) {
      throw new Failure(
          "cannot tell where "
              + module.name()
              + ":"
              + symbol
              + " is: "
              + ModuleFiles.missing(module, others)
              + "; "
              + files.advice());
    }
    ModuleSymbols.Symbol found = symbols.find(symbol);
    if (found == null) {
      throw new Failure("unknown symbol " + symbol + " in module " + module.name());
    }
    return new Place(found.address(), module.loadId());
  }

  private static void print(CallResult result, Arguments arguments, Console console) {
    String value = "0x" + Numbers.hex16(result.result());
    List<String> dumps = new ArrayList<>();
    for (byte[] output : result.outputs()) {
      dumps.add(HexFormat.of().formatHex(output));
    }
    if (arguments.has("json")) {
      new JsonWriter(console)
          .object()
          .member("result", value)
          .member("out", dumps)
          .endObject()
          .end();
      return;
    }
    console.line(value);
    dumps.forEach(console::line);
  }
}
