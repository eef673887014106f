package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.MalformedElfException;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleDescription;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.SocketPath;
import java.io.IOException;
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

  /** What is said of a module, or why nothing can be: {@code file} is null if it is built in. */
  private record Described(
      @Nullable Path file, List<ModInfo.Entry> entries, @Nullable String failure) {}

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
    List<ModinfoTarget> targets = new ArrayList<>(arguments.operands().size());
    for (String operand : arguments.operands()) {
      if (arguments.has("modname") || !ModuleTree.isModule(operand)) {
        targets.addAll(byName(operand, arguments, console));
      } else {
        // Whether there is such a file is asked later.
        targets.add(
            ModinfoTarget.ofFile(
                operand,
                operand.startsWith("/")
                    ? Path.of(operand)
                    : Path.of(System.getProperty("user.dir"), operand)));
      }
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
              ModinfoTarget target = targets.get(i).settled();
              return target == null ? Optional.empty() : Optional.of(describe(target, description));
            };
          },
          found -> {
            String operand = targets.get(next[0]++).operand();
            if (found.isPresent()) {
              status[0] |= json(found.get(), json, console);
              return;
            }
            for (ModinfoTarget other : byName(operand, arguments, console)) {
              status[0] |= json(describe(other, new ModuleDescription()), json, console);
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
            ModinfoTarget target = targets.get(i).settled();
            return target == null ? Optional.empty() : Optional.of(show(target, description, text));
          };
        },
        found -> {
          String operand = targets.get(next[0]++).operand();
          if (found.isPresent()) {
            status[0] |= print(found.get(), console);
            return;
          }
          for (ModinfoTarget other : byName(operand, arguments, console)) {
            status[0] |=
                print(show(other, new ModuleDescription(), new ModinfoText(field, end)), console);
          }
        });
    return status[0];
  }

  private static int json(Described described, JsonWriter json, Console console) {
    if (described.failure != null) {
      console.error(described.failure);
      return 1;
    }
    ModinfoJson.write(described.file, described.entries, json);
    return 0;
  }

  private static int print(Shown shown, Console console) {
    console.buffered(shown.text);
    for (String error : shown.errors) {
      console.error(error);
    }
    return shown.failed ? 1 : 0;
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

  private static List<ModinfoTarget> byName(String operand, Arguments arguments, Console console) {
    return ModinfoTarget.byName(operand, arguments.has("modname"), () -> tree(arguments, console));
  }

  private static Shown show(ModinfoTarget target, ModuleDescription description, ModinfoText text) {
    ModinfoTarget.Builtin builtin = target.builtin();
    if (builtin != null) {
      text.builtin(builtin.name());
    } else if (target.file() != null) {
      text.filename(target.file());
    } else {
      return new Shown(new byte[0], List.of(target.failure()), true);
    }
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
  private static Described describe(ModinfoTarget target, ModuleDescription description) {
    ModinfoTarget.Builtin builtin = target.builtin();
    if (builtin != null) {
      return new Described(null, builtin.entries(), null);
    }
    Path file = target.file();
    if (file == null) {
      return new Described(null, List.of(), target.failure());
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
      // Also of a kernel that this client does not go with: it is only asked its name.
      release =
          KernelConnection.release(
              SocketPath.find(arguments.value("socket"), console.environment()));
    }
    return ModuleTree.of(arguments.value("basedir"), console.environment(), release);
  }
}
