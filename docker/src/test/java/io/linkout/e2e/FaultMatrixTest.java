package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.e2e.FaultScenario.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults at every place of a conversation. The places are not listed here: they are made of what
 * real clients and a real kernel said to each other when nothing went wrong ({@link
 * FaultPoint#all}); at each of them a real client is struck that has been let up to it. {@code make
 * faults} takes all, {@code make test} a sample. {@code -Dlinkout.faults=} gives the sample's size,
 * or {@code all}; {@code -Dlinkout.faults.seed=} another sample; {@code -Dlinkout.faults.only=}
 * names of {@link Fault}s.
 */
@Tag("loader")
class FaultMatrixTest {
  private static final String RELEASE = "6.1.0-linkout";
  private static final String CHOICE =
      System.getProperty("linkout.faults", Daemon.USERSPACE ? "30" : "60");
  private static final boolean ALL = CHOICE.equals("all");
  private static final List<String> ONLY =
      List.of(
          System.getProperty("linkout.faults.only", EnumSet.allOf(Fault.class).toString())
              .split("[\\[, \\]]+"));
  private static final long SEED = Long.getLong("linkout.faults.seed", 1);

  /** Handles and loads have numbers of two bytes from here on: frames keep their length. */
  private static final int WARM_UP = 130;

  private static final int MOST_FAILURES = 10;

  @TempDir private Path directory;
  private final List<String> failures = new ArrayList<>();
  private int struck;

  @Test
  void nothingIsLostWhereverItStrikes() throws IOException {
    Map<FaultScenario, List<Frame>> conversations = new LinkedHashMap<>();
    for (FaultScenario scenario : scenarios()) {
      try (FaultStand stand = stand(scenario)) {
        conversations.put(scenario, stand.record());
      }
    }
    List<FaultPoint> points =
        ALL
            ? FaultPoint.all(conversations)
            : FaultPoint.some(conversations, Integer.parseInt(CHOICE), new Random(SEED));
    points = points.stream().filter(p -> ONLY.contains(p.fault().toString())).toList();
    for (FaultScenario scenario : conversations.keySet()) {
      List<FaultPoint> its = points.stream().filter(p -> p.scenario().equals(scenario)).toList();
      System.out.println(scenario + ": " + its.size() + " points");
      strike(scenario, its);
    }
    System.out.print(table(points));
    System.out.println(
        "%d points, seed %d, symbols in %s: %d failed"
            .formatted(points.size(), SEED, Daemon.SYMBOLS, failures.size()));
    failures.forEach(System.out::println);
    assertThat(failures).as("of %d points, seed %d", points.size(), SEED).isEmpty();
  }

  private void strike(FaultScenario scenario, List<FaultPoint> points) throws IOException {
    FaultStand stand = stand(scenario);
    try {
      for (FaultPoint point : points) {
        if (failures.size() >= MOST_FAILURES) {
          return;
        }
        try {
          stand.strike(point);
          if (++struck % 500 == 0) {
            System.out.println(struck + " points so far");
          }
        } catch (AssertionError | RuntimeException e) {
          // The next one starts with a kernel that nothing has happened to.
          failures.add(point + ": " + e);
          stand.close();
          stand = stand(scenario);
        }
      }
    } finally {
      stand.close();
    }
  }

  private static FaultStand stand(FaultScenario scenario) {
    FaultStand stand = new FaultStand(scenario);
    if (ALL) {
      stand.warmUp(WARM_UP);
    }
    return stand;
  }

  /** Returns how many points there are of each kind of frame and fault. */
  private static String table(List<FaultPoint> points) {
    Map<String, Map<Fault, Integer>> rows = new TreeMap<>();
    for (FaultPoint point : points) {
      for (String row : List.of(row(point.frame()), "all")) {
        rows.computeIfAbsent(row, k -> new EnumMap<>(Fault.class))
            .merge(point.fault(), 1, Integer::sum);
      }
    }
    StringBuilder table = new StringBuilder("%-26s".formatted("points"));
    for (Fault fault : Fault.values()) {
      table.append(" %13s".formatted(fault));
    }
    rows.forEach(
        (name, counts) -> {
          table.append("%n%-26s".formatted(name));
          for (Fault fault : Fault.values()) {
            table.append(" %13d".formatted(counts.getOrDefault(fault, 0)));
          }
        });
    return table.append("%n".formatted()).toString();
  }

  private static String row(Frame frame) {
    return frame.direction() + " " + frame.kind();
  }

  private List<FaultScenario> scenarios() throws IOException {
    Loaded exporter = new Loaded(Path.of(Tool.example("exporter")), List.of());
    Loaded importer = new Loaded(Path.of(Tool.example("importer")), List.of());
    Loaded whole =
        new Loaded(compileWhole(), List.of("level=3", "whom=everyone", "numbers=1,2,3", "tag=a"));
    List<String> wholes = List.of("whole_answer", "whole_count");
    List<String> chain =
        List.of("exporter_answer", "exporter_answer_gpl", "exporter_count", "importer_answer");
    return List.of(
        new FaultScenario(
            "a load with a dependency, parameters and exports",
            List.of(exporter),
            "insmod",
            words(whole),
            List.of(whole),
            wholes,
            true,
            false),
        new FaultScenario(
            "a load that is refused",
            List.of(exporter),
            "insmod",
            List.of(whole.file().toString(), "level=3", "unheard_of=1"),
            List.of(whole),
            wholes,
            false,
            false),
        new FaultScenario(
            "a load whose init fails",
            List.of(exporter),
            "insmod",
            List.of(whole.file().toString(), "fails=1"),
            List.of(whole),
            wholes,
            false,
            false),
        new FaultScenario(
            "a removal",
            List.of(exporter),
            "rmmod",
            List.of("whole"),
            List.of(whole),
            wholes,
            true,
            true),
        new FaultScenario(
            "two loads on one connection",
            List.of(),
            "modprobe",
            List.of("-d", tree(exporter, importer).toString(), "importer"),
            List.of(exporter, importer),
            chain,
            true,
            false));
  }

  private static List<String> words(Loaded module) {
    List<String> words = new ArrayList<>(List.of(module.file().toString()));
    words.addAll(module.parameters());
    return words;
  }

  /** Returns a module that has all that a load can have. */
  private Path compileWhole() throws IOException {
    Path file = directory.resolve("whole.ko");
    ModuleSource.compile(
        "whole",
        """
        #include <linux/kernel.h>
        #include <linux/slab.h>
        #include <linux/string.h>

        extern int exporter_answer(void);
        extern int exporter_count;

        static char *whom = "nobody";
        module_param(whom, charp, 0444);
        static int numbers[4];
        module_param_array(numbers, int, NULL, 0444);
        static char tag[16];
        module_param_string(tag, tag, sizeof(tag), 0444);
        static bool fails;
        module_param(fails, bool, 0444);

        static void *early;
        static int level_set(const char *val, const struct kernel_param *kp)
        {
          kfree(early);
          early = kmalloc(40, GFP_KERNEL);
          return early ? kstrtoint(val, 0, (int *)kp->arg) : -ENOMEM;
        }
        static const struct kernel_param_ops level_ops = { .set = level_set };
        static int level;
        module_param_cb(level, &level_ops, &level, 0644);

        int whole_answer(void) { return exporter_answer() + level; }
        EXPORT_SYMBOL(whole_answer);
        int whole_count;
        EXPORT_SYMBOL_GPL(whole_count);

        static void *kept;
        static int __init start(void)
        {
          kept = kmalloc(100, GFP_KERNEL);
          if (!kept)
            return -ENOMEM;
          exporter_count++;
          if (fails)
            return -EIO;
          pr_info("whole: %d for %s\\n", whole_answer(), whom);
          return 0;
        }
        static void __exit stop(void)
        {
          exporter_count--;
          kfree(kept);
          kfree(early);
        }
        """,
        file);
    return file;
  }

  private Path tree(Loaded... modules) throws IOException {
    Path kernel = directory.resolve("lib/modules/" + RELEASE + "/kernel");
    Files.createDirectories(kernel);
    for (Loaded module : modules) {
      Files.copy(module.file(), kernel.resolve(module.file().getFileName()));
    }
    Tool.start(
            List.of(Tool.TOP.resolve("bin/depmod").toString(), "-b", directory.toString(), RELEASE))
        .await();
    return directory;
  }
}
