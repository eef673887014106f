package io.linkout.kernel.api.register;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.Map;

/** Crypto algorithms registered many at a time: arrays of structures, all or none (crypto/*.c). */
final class ArrayRegistrations {
  private static final long EEXIST = -17;

  private final Registrations registrations;

  private ArrayRegistrations(Registrations registrations) {
    this.registrations = registrations;
  }

  static void declare(FunctionTable table, Registrations registrations, StructLayout layout) {
    ArrayRegistrations f = new ArrayRegistrations(registrations);
    Map<String, String> kinds =
        Map.ofEntries(
            Map.entry("algs", "alg"),
            Map.entry("shashes", "shash"),
            Map.entry("ahashes", "ahash"),
            Map.entry("skciphers", "skcipher"),
            Map.entry("aeads", "aead"),
            Map.entry("rngs", "rng"),
            Map.entry("acomps", "acomp"),
            Map.entry("scomps", "scomp"),
            Map.entry("templates", "template"));
    kinds.forEach(
        (plural, kind) -> {
          String structure =
              switch (kind) {
                case "alg", "template" -> "crypto_" + kind;
                default -> kind + "_alg";
              };
          if (layout.has("sizeof." + structure)) {
            int size = layout.of("sizeof." + structure);
            String what = "crypto-" + kind;
            table.modelled(
                "crypto_register_" + plural, Licence.GPL, c -> f.register(c, what, size));
            table.modelled(
                "crypto_unregister_" + plural, Licence.GPL, c -> f.unregister(c, what, size));
          }
        });
  }

  private long register(TrapFrame c, String what, int size) {
    int count = (int) c.argument(1);
    for (int i = 0; i < count; i++) {
      if (!registrations.add(what, c.argument(0) + (long) i * size, c.returnAddress())) {
        for (int j = 0; j < i; j++) {
          registrations.remove(what, c.argument(0) + (long) j * size);
        }
        return EEXIST;
      }
    }
    return 0;
  }

  private long unregister(TrapFrame c, String what, int size) {
    for (int i = (int) c.argument(1) - 1; i >= 0; i--) {
      registrations.remove(what, c.argument(0) + (long) i * size);
    }
    return 0;
  }
}
