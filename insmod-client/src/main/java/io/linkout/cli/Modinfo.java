package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleDescription;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** modinfo: what a module's file says of itself, byte for byte as kmod 30 prints it. */
final class Modinfo extends Command {
  /** Options that name the only field to print. */
  private static final List<String> FIELD_OPTIONS =
      List.of("field", "author", "description", "license", "parameters", "filename");

  /** So many files are shared out among the processors. */
  private static final int WORTH_THREADS = 64;

  /**
   * The file an operand names, or null and why there is none.
   *
   * @param asked true if it must still be asked whether there is such a file
   */
  private record Target(@Nullable Path file, String failure, boolean asked) {}

  /** What a file says, or why it can't be read. */
  private record Described(Path file, List<ModInfo.Entry> entries, @Nullable String failure) {}

  /** What is printed for an operand. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Shown(byte[] text, List<String> errors, boolean failed) {}

  Modinfo() {
    super(
        new Syntax("modinfo [options] <modulename|filename> ...")
            .flag('a', "author", "print only 'author'")
            .flag('d', "description", "print only 'description'")
            .flag('l', "license", "print only 'license'")
            .flag('p', "parameters", "print only 'parm'")
            .flag('n', "filename", "print only 'filename'")
            .flag('0', "null", "use \\0 instead of \\n")
            .flag('m', "modname", "an argument is a module's name, not a file's")
            .value('F', "field", "FIELD", "print only FIELD")
            .value('k', "set-version", "VERSION", "release instead of the running kernel's")
            .value('b', "basedir", "DIR", "root of /lib/modules")
            .flag('\0', "json", "an array of objects")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (arguments.operands().isEmpty()) {
      throw new Failure("missing module or filename.");
    }
    List<Target> targets = new ArrayList<>(arguments.operands().size());
    for (String operand : arguments.operands()) {
      targets.add(target(operand, arguments, console));
    }
    int[] status = {0};
    int[] next = {0};
    int threads = targets.size() < WORTH_THREADS ? 1 : Runtime.getRuntime().availableProcessors();
    if (arguments.has("json")) {
      JsonWriter json = new JsonWriter(console).array();
      OrderedWork.<Optional<Described>>run(
          targets.size(),
          threads,
          () -> {
            ModuleDescription description = new ModuleDescription();
            return i -> {
              Target target = settled(targets.get(i));
              return target == null ? Optional.empty() : Optional.of(describe(target, description));
            };
          },
          found -> {
            String operand = arguments.operands().get(next[0]++);
            Described described =
                found.orElseGet(
                    () -> describe(byName(operand, arguments, console), new ModuleDescription()));
            if (described.failure != null) {
              console.error(described.failure);
              status[0] = 1;
            } else {
              ModinfoJson.write(described.file, described.entries, json);
            }
          });
      json.endArray().end();
      return status[0];
    }
    String field = field(arguments);
    char end = arguments.has("null") ? '\0' : '\n';
    OrderedWork.<Optional<Shown>>run(
        targets.size(),
        threads,
        () -> {
          ModuleDescription description = new ModuleDescription();
          ModinfoText text = new ModinfoText(field, end);
          return i -> {
            Target target = settled(targets.get(i));
            return target == null ? Optional.empty() : Optional.of(show(target, description, text));
          };
        },
        found -> {
          String operand = arguments.operands().get(next[0]++);
          Shown shown =
              found.orElseGet(
                  () ->
                      show(
                          byName(operand, arguments, console),
                          new ModuleDescription(),
                          new ModinfoText(field, end)));
          console.buffered(shown.text);
          for (String error : shown.errors) {
            console.error(error);
          }
          status[0] |= shown.failed ? 1 : 0;
        });
    return status[0];
  }

  /** Of several options that each name a field the last counts. */
  private static @Nullable String field(Arguments arguments) {
    String last = arguments.lastOf(FIELD_OPTIONS);
    if (last == null) {
      return null;
    }
    return switch (last) {
      case "field" -> arguments.value("field");
      case "parameters" -> "parm";
      default -> last;
    };
  }

  /**
   * Returns what {@code operand} names; whether such a file is there is asked by {@link #settled}.
   */
  private static Target target(String operand, Arguments arguments, Console console) {
    if (arguments.has("modname") || !ModuleTree.isModule(operand)) {
      return byName(operand, arguments, console);
    }
    return new Target(
        operand.startsWith("/")
            ? Path.of(operand)
            : Path.of(System.getProperty("user.dir"), operand),
        "",
        true);
  }

  /**
   * Returns {@code target} if its file is there. Called by the threads that read: asking for 4,000
   * files takes as long as reading them.
   */
  private static @Nullable Target settled(Target target) {
    return target.file == null || !target.asked || Files.isRegularFile(target.file) ? target : null;
  }

  private static Target byName(String operand, Arguments arguments, Console console) {
    Path found = null;
    try {
      if (operand.indexOf('/') < 0) {
        found = tree(arguments, console).find(operand);
      }
    } catch (IOException e) {
      return new Target(null, "Module " + operand + ": " + FileReason.of(e), false);
    }
    boolean name = arguments.has("modname");
    return new Target(
        found,
        found == null ? "Module " + (name ? "name " : "") + operand + " not found." : "",
        false);
  }

  private static Shown show(Target target, ModuleDescription description, ModinfoText text) {
    if (target.file == null) {
      return new Shown(new byte[0], List.of(target.failure), true);
    }
    text.filename(target.file);
    if (text.nameOnly()) {
      return new Shown(text.take(), List.of(), false);
    }
    Described described = describe(target, description);
    if (described.failure != null) {
      return new Shown(text.take(), List.of(described.failure), true);
    }
    List<String> errors = text.entries(described.entries);
    return new Shown(text.take(), errors, false);
  }

  /** Reads the entries of {@code target}, or says why that can't be done. */
  private static Described describe(Target target, ModuleDescription description) {
    Path file = target.file;
    if (file == null) {
      return new Described(Path.of(""), List.of(), target.failure);
    }
    String reason;
    try {
      List<ModInfo.Entry> entries = description.read(file);
      if (entries != null) {
        return new Described(file, entries, null);
      }
      reason = ErrnoText.of(2);
    } catch (MalformedElfException e) {
      reason = e.reason();
    } catch (IOException e) {
      reason = FileReason.of(e);
    }
    String name = ModuleName.ofPath(file.toString());
    return new Described(file, List.of(), "could not get modinfo from '" + name + "': " + reason);
  }

  private static ModuleTree tree(Arguments arguments, Console console) {
    String release = arguments.value("set-version");
    if (release == null) {
      try (KernelConnection kernel = connect(arguments, console)) {
        release = kernel.identity().release();
      }
    }
    return ModuleTree.of(arguments.value("basedir"), console.environment(), release);
  }
}
