package io.linkout.cli;

import io.linkout.link.Architecture;
import io.linkout.link.ImageWriter;
import io.linkout.link.LinkedModule;
import io.linkout.link.MapWriter;
import io.linkout.link.SegmentRequest;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What insmod writes of a linked module: its segments, its map, its image. */
final class LinkOutputs {
  private LinkOutputs() {}

  /** Writes what {@code arguments} ask for. */
  static void write(LinkedModule module, Arguments arguments, Console console) {
    if (arguments.has("verbose")) {
      segments(module, console);
    }
    String map = arguments.value("map");
    if (map != null) {
      map(module, map, console);
    }
    String image = arguments.value("image");
    if (image != null) {
      image(module, image, arguments.has("no-fixups") ? null : X86_64.ARCHITECTURE);
    }
  }

  private static void segments(LinkedModule module, Console console) {
    for (int i = 0; i < module.image().segmentCount(); i++) {
      SegmentRequest segment = module.image().request(i);
      console.line(
          Numbers.left(segment.kind().toString().toLowerCase(Locale.ROOT), 13)
              + " 0x"
              + Numbers.hex16(module.allocation().addresses().get(i))
              + " "
              + segment.size());
    }
  }

  private static void map(LinkedModule module, String path, Console console) {
    StringBuilder text = new StringBuilder();
    try {
      MapWriter.write(module, text);
      if (path.equals("-")) {
        console.print(text.toString());
      } else {
        Files.writeString(Path.of(path), text, StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** To be done last: a {@code patcher} changes the image to what the initial keys make of it. */
  private static void image(LinkedModule module, String path, @Nullable Architecture patcher) {
    try {
      Files.write(Path.of(path), ImageWriter.write(module, patcher));
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static Failure unwritable(String path, IOException e) {
    return new Failure("cannot write " + path + ": " + FileReason.of(e));
  }
}
