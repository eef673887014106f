package io.linkout.kernel.api.life;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.api.oops.ModuleLines;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Says where the code of modules lies and which files they come from: {@code linkout: module NAME:
 * text START-END, init START-END, base ADDRESS, build id HEX, file PATH}. Ranges end before their
 * last address. What there is none of is left out, and the base where there is text: offsets count
 * from there. The client's {@code ReportedModule} reads it.
 */
public final class ModulePlaces implements ModuleLines {
  private final GuestModules modules;

  /** Of what is mapped by {@code modules}. */
  public ModulePlaces(GuestModules modules) {
    this.modules = modules;
  }

  @Override
  public List<String> of(List<Long> addresses) {
    Set<String> lines = new LinkedHashSet<>();
    for (long address : addresses) {
      modules.at(address).map(ModulePlaces::line).ifPresent(lines::add);
    }
    return List.copyOf(lines);
  }

  /** Returns the line of {@code module}, also once its init segments are freed. */
  static String line(GuestModule module) {
    LoadImage image = module.image();
    StringBuilder line = new StringBuilder("linkout: module ").append(module.name()).append(':');
    String separator = " ";
    for (Segment segment : image.segments()) {
      String what =
          switch (segment.kind()) {
            case TEXT -> "text";
            case INIT_TEXT -> "init";
            default -> "";
          };
      if (!what.isEmpty()) {
        long start = segment.address();
        long end = start + segment.host().byteSize();
        line.append(separator).append("%s 0x%016x-0x%016x".formatted(what, start, end));
        separator = ", ";
      }
    }
    if (image.segments().stream().noneMatch(s -> s.kind() == LoadImage.Kind.TEXT)) {
      line.append(separator).append("base 0x%016x".formatted(module.base()));
      separator = ", ";
    }
    line.append(separator).append("build id ").append(image.buildId());
    if (!image.path().isEmpty() && image.path().chars().noneMatch(Character::isISOControl)) {
      line.append(", file ").append(image.path());
    }
    return line.toString();
  }
}
