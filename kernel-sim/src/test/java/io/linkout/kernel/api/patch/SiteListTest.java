package io.linkout.kernel.api.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sites by key, as modules come and go, against a plain list of them. */
class SiteListTest {
  private record Place(long key, long code) implements PatchedSites.Site {}

  @Test
  void whatIsForgottenIsGoneAndNothingElse() {
    Random random = new Random(77);
    for (int round = 0; round < 200; round++) {
      PatchedSites<Place> sites = new PatchedSites<>();
      List<Place> plain = new ArrayList<>();
      for (int step = 0; step < 40; step++) {
        long area = 0xffffffffa0000000L + 0x1000L * random.nextInt(12);
        if (random.nextInt(3) == 0) {
          // Part of a module, a whole one, or several.
          long start = area + random.nextInt(2) * 0x800L;
          long end = start + 0x400L * (1 + random.nextInt(9));
          sites.forget(start, end);
          plain.removeIf(p -> p.code() >= start && p.code() < end);
        } else {
          for (int i = random.nextInt(5); i > 0; i--) {
            Place place = new Place(random.nextInt(4), area + random.nextInt(0x1000));
            sites.add(place.key(), place);
            plain.add(place);
          }
        }
        for (long key = 0; key < 4; key++) {
          long wanted = key;
          assertThat(sites.of(key))
              .containsExactlyElementsOf(plain.stream().filter(p -> p.key() == wanted).toList());
        }
      }
    }
  }
}
