package io.linkout.cli;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.MemoryRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** kmap: the kernel's address space. */
final class Kmap extends Command {
  Kmap() {
    super(
        new Syntax("kmap [options]")
            .value('\0', "svg", "FILE", "also as a picture")
            .flag('\0', "json", "an array of objects")
            .flag('\0', "gdb", "commands that tell gdb of the loaded modules")
            .value('\0', "search", "DIR", "where else their files may be")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (!arguments.operands().isEmpty()) {
      throw new Failure("unexpected argument '" + arguments.operands().getFirst() + "'");
    }
    if (arguments.has("gdb")) {
      gdb(arguments, console);
      return 0;
    }
    List<MemoryRegion> regions;
    try (KernelConnection kernel = connect(arguments, console)) {
      regions = new KernelQueries(kernel).memoryMap();
    }
    String svg = arguments.value("svg");
    if (svg != null) {
      picture(regions, svg);
    }
    if (arguments.has("json")) {
      json(regions, console);
    } else if (svg == null) {
      table(regions, console);
    }
    return 0;
  }

  private static void gdb(Arguments arguments, Console console) {
    try (KernelConnection kernel = connect(arguments, console)) {
      ModuleFiles files = ModuleFiles.of(arguments, console, kernel.identity().release());
      GdbLines.print(new KernelQueries(kernel).modules(), files, console);
    }
  }

  private static void table(List<MemoryRegion> regions, Console console) {
    console.line(
        Numbers.left("START", 18) + " " + Numbers.left("END", 18) + "         SIZE PROT WHAT");
    for (MemoryRegion region : regions) {
      String row =
          "0x"
              + Numbers.hex16(region.address())
              + " 0x"
              + Numbers.hex16(region.address() + region.size())
              + " "
              + Numbers.padded(Long.toString(region.size()), 12, ' ')
              + " "
              + Numbers.left(region.protection(), 4)
              + " "
              + region.what();
      console.line(region.owner().isEmpty() ? row : row + " [" + region.owner() + "]");
    }
  }

  private static void json(List<MemoryRegion> regions, Console console) {
    JsonWriter json = new JsonWriter(console).array();
    for (MemoryRegion region : regions) {
      json.object()
          .member("address", "0x" + Numbers.hex16(region.address()))
          .member("size", region.size())
          .member("protection", region.protection())
          .member("what", region.what())
          .member("owner", region.owner().isEmpty() ? null : region.owner())
          .endObject();
    }
    json.endArray().end();
  }

  private static void picture(List<MemoryRegion> regions, String file) {
    try {
      Files.writeString(Path.of(file), MapPicture.svg(regions));
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + FileReason.of(e));
    }
  }
}
