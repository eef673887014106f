package io.linkout.kernel.api.register;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.TrapFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Functions that register one structure, and their opposites: those of {@code pairs.txt}. */
final class PairedRegistrations {
  /** Result of an unregister function that returns nothing but would complain. */
  private static final String WARN = "warn";

  private record Function(String name, int argument) {
    static Function of(String text) {
      int colon = text.indexOf(':');
      return new Function(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }
  }

  private final Registrations registrations;
  private final Complaints complaints;

  private PairedRegistrations(Registrations registrations, Complaints complaints) {
    this.registrations = registrations;
    this.complaints = complaints;
  }

  static void declare(FunctionTable table, Registrations registrations, Complaints complaints) {
    PairedRegistrations pairs = new PairedRegistrations(registrations, complaints);
    text().lines().filter(l -> !l.startsWith("#")).forEach(line -> pairs.declare(table, line));
  }

  private static String text() {
    try (InputStream stream = PairedRegistrations.class.getResourceAsStream("pairs.txt")) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its pairs.txt");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void declare(FunctionTable table, String line) {
    String[] words = line.split("\\s+", -1);
    String kind = words[0];
    Function register = Function.of(words[1]);
    Function unregister = Function.of(words[2]);
    Licence licence = words[3].equals("gpl") ? Licence.GPL : Licence.ANY;
    int duplicate = Integer.parseInt(words[4]);
    table.modelled(
        register.name(),
        licence,
        c -> register(c, kind, c.argument(register.argument()), duplicate));
    table.modelled(
        unregister.name(),
        licence,
        c -> unregister(c, kind, c.argument(unregister.argument()), unregister.name(), words[5]));
  }

  private long register(TrapFrame c, String kind, long structure, int duplicate) {
    if (!c.memory().allows(structure, 1, Access.READ)) {
      throw new GuestFault(structure, Access.READ);
    }
    return registrations.add(kind, structure, c.returnAddress()) ? 0 : duplicate;
  }

  private long unregister(
      TrapFrame c, String kind, long structure, String function, String missing) {
    if (registrations.remove(kind, structure)) {
      return 0;
    }
    if (!missing.equals(WARN)) {
      return Integer.parseInt(missing);
    }
    complaints.warn(
        c, function, String.format("%s of 0x%016x, which is not registered", function, structure));
    return 0;
  }
}
