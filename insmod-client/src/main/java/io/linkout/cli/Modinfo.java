package io.linkout.cli;

import io.linkout.config.ModuleTree;
import io.linkout.elf.ElfFile;
import io.linkout.elf.MalformedElfException;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleName;
import io.linkout.modinfo.ModuleSignature;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** modinfo: what a module's file says of itself, byte for byte as kmod 30 prints it. */
final class Modinfo extends Command {
  /** Options that stand for {@code --field NAME}, and the name. */
  private static final String[][] SHORTCUTS = {
    {"author", "author"},
    {"description", "description"},
    {"license", "license"},
    {"parameters", "parm"},
    {"filename", "filename"}
  };

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
    String field = arguments.value("field");
    for (String[] shortcut : SHORTCUTS) {
      if (arguments.has(shortcut[0])) {
        field = shortcut[1];
      }
    }
    JsonWriter json = arguments.has("json") ? new JsonWriter(console).array() : null;
    int status = 0;
    for (String operand : arguments.operands()) {
      try {
        Path file = find(operand, arguments, console);
        if (json == null) {
          show(file, field, arguments.has("null") ? '\0' : '\n', console);
        } else {
          ModinfoJson.write(file, read(file), json);
        }
      } catch (Failure e) {
        console.error(e.message());
        status = 1;
      }
    }
    if (json != null) {
      json.endArray().end();
    }
    return status;
  }

  private static Path find(String operand, Arguments arguments, Console console) {
    Path path = Path.of(operand);
    boolean byName = arguments.has("modname");
    if (!byName && ModuleTree.isModule(path) && Files.isRegularFile(path)) {
      return path.isAbsolute() ? path : Path.of(System.getProperty("user.dir"), operand);
    }
    Path found = null;
    try {
      if (operand.indexOf('/') < 0) {
        found = tree(arguments, console).find(operand);
      }
    } catch (IOException e) {
      throw new Failure("Module " + operand + ": " + FileReason.of(e));
    }
    if (found == null) {
      throw new Failure("Module " + (byName ? "name " : "") + operand + " not found.");
    }
    return found;
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

  /** Returns the entries of {@code file}, those of its signature last. */
  private static List<ModInfo.Entry> read(Path file) {
    String name = ModuleName.ofPath(file.toString());
    try (ElfFile elf = ElfFile.open(file)) {
      if (elf.sections().find(".modinfo") == 0) {
        throw new Failure("could not get modinfo from '" + name + "': " + ErrnoText.of(2));
      }
      List<ModInfo.Entry> entries = new ArrayList<>(ModInfo.of(elf).entries());
      ModuleSignature signature = ModuleSignature.of(elf.bytes());
      if (signature != null) {
        entries.add(new ModInfo.Entry("sig_id", signature.type()));
        entries.add(new ModInfo.Entry("signer", signature.signer()));
        entries.add(new ModInfo.Entry("sig_key", hex(signature.key())));
        entries.add(new ModInfo.Entry("sig_hashalgo", signature.hashAlgorithm()));
        entries.add(new ModInfo.Entry("signature", hex(signature.signature())));
      }
      return entries;
    } catch (MalformedElfException e) {
      throw new Failure("could not get modinfo from '" + name + "': " + e.reason());
    } catch (IOException e) {
      throw new Failure("could not get modinfo from '" + name + "': " + FileReason.of(e));
    }
  }

  /** Returns {@code AB:CD:...}, twenty bytes a line. */
  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0) {
        out.append(i % 20 == 0 ? ":\n\t\t" : ":");
      }
      String digits = Integer.toHexString(bytes[i] & 0xff).toUpperCase(Locale.ROOT);
      out.append(Numbers.padded(digits, 2, '0'));
    }
    return out.toString();
  }

  private static void show(Path file, @Nullable String field, char end, Console console) {
    StringBuilder out = new StringBuilder();
    String path = raw(file.toString());
    if (field == null) {
      console.bytes(latin1(Numbers.left("filename:", 16) + path + end));
    } else if (field.equals("filename")) {
      console.bytes(latin1(path + end));
      return;
    }
    ParameterLines parameters = new ParameterLines(console);
    for (ModInfo.Entry entry : read(file)) {
      String key = entry.key();
      boolean parameter = key.equals("parm") || key.equals("parmtype");
      if (parameter && (field == null || field.equals("parm"))) {
        parameters.add(entry);
      } else if (field == null) {
        String label = end == 0 ? key + "=" : key + ":" + " ".repeat(Math.abs(15 - key.length()));
        out.append(label).append(entry.raw()).append(end);
      } else if (key.equals(field)) {
        out.append(entry.raw()).append(end);
      }
    }
    parameters.print(field == null, end, out);
    console.bytes(latin1(out.toString()));
  }

  /** Returns {@code text}'s bytes, one char each. */
  private static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
