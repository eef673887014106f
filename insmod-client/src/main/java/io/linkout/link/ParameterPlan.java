package io.linkout.link;

import io.linkout.elf.ElfFile;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user's parameters do to the image. Made from the file before there is any address, so
 * that every wrong value is known before space is asked for; carried out once the image is
 * relocated.
 *
 * <p>Values of standard types are written by the linker. Text of {@code charp} goes into a writable
 * segment of its own, in place of Linux's kmalloc. A parameter with operations of the module's own
 * is set by the kernel, which is given the function, the {@code kernel_param} and the text.
 */
final class ParameterPlan {
  /** Longest text of a charp (kernel/params.c: param_set_charp, 6.1). */
  private static final int LONGEST_TEXT = 1024;

  private static final int NO_ARGUMENT = 1;
  private static final int SET = 8;

  /** One value, checked: what is to be done at a place known only later. */
  private interface Step {
    void run(ModuleImage image, long argument, long texts);
  }

  private record Planned(ParameterTable.Parameter parameter, @Nullable Step step, String text) {}

  private final ParameterTable table;
  private final ElfFile elf;
  private final ModInfo info;
  private final Complaints complaints;
  private final List<Planned> planned = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private final StringBuilder texts = new StringBuilder();

  private ParameterPlan(ElfFile elf, ModInfo info, Complaints complaints) {
    this.table = ParameterTable.of(elf);
    this.elf = elf;
    this.info = info;
    this.complaints = complaints;
  }

  /** Returns what {@code arguments} ask for, complaining of each that can't be done. */
  static ParameterPlan of(
      ElfFile elf, ModInfo info, String module, List<String> arguments, Complaints complaints) {
    ParameterPlan plan = new ParameterPlan(elf, info, complaints);
    // Characters are bytes: a path in UTF-8 must reach the module as it was typed.
    String line =
        new String(
            String.join(" ", arguments).getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);
    for (Argument argument : Argument.split(line)) {
      plan.add(argument, module);
    }
    return plan;
  }

  private void add(Argument argument, String module) {
    ParameterTable.Parameter parameter = table.find(argument.name());
    if (parameter == null) {
      String name = ModuleName.normalise(argument.name());
      if (name.equals("dyndbg") || name.equals("async_probe") || name.equals(module + ".dyndbg")) {
        ignored.add(argument.name());
        return;
      }
      complaints.add(
          Errno.EINVAL,
          "unknown parameter " + argument.name(),
          new FailureCause(FailureCause.Kind.UNKNOWN_PARAMETER, argument.name(), 0, ""));
      return;
    }
    ParameterType type = parameter.type();
    String value = argument.value();
    if (parameter.ownOps() != null) {
      addOwn(parameter, value);
    } else if (type == null) {
      refuse(parameter, value, "its operations " + parameter.opsSymbol() + " are not supported");
    } else if (value == null && !type.valueOptional()) {
      refuse(parameter, null, "it needs a value");
    } else {
      Step step = step(parameter, type, value == null ? "1" : value);
      if (step != null) {
        planned.add(new Planned(parameter, step, ""));
      }
    }
  }

  private void addOwn(ParameterTable.Parameter parameter, @Nullable String value) {
    if (value == null && (table.ownFlags(parameter) & NO_ARGUMENT) == 0) {
      refuse(parameter, null, "it needs a value");
      return;
    }
    planned.add(new Planned(parameter, null, value == null ? "" : value));
  }

  private void refuse(ParameterTable.Parameter parameter, @Nullable String value, String reason) {
    String shown = value == null ? "" : shown(value);
    complaints.add(
        Errno.EINVAL,
        "parameter "
            + parameter.name()
            + (value == null ? "" : "=" + shown)
            + " ("
            + typeOf(parameter)
            + "): "
            + reason,
        new FailureCause(
            FailureCause.Kind.BAD_PARAMETER, parameter.name(), Errno.EINVAL.number(), shown));
  }

  /** Returns bytes as the text that was typed. */
  private static String shown(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Returns the type as the module describes it, else by its operations. */
  private String typeOf(ParameterTable.Parameter parameter) {
    for (ModInfo.Parameter described : info.parameters()) {
      String type = described.type();
      if (type != null && described.name().equals(parameter.name())) {
        return type;
      }
    }
    ParameterType type = parameter.type();
    return type == null ? parameter.opsSymbol() : type.word();
  }

  private @Nullable Step step(
      ParameterTable.Parameter parameter, ParameterType type, String value) {
    table.argument(parameter);
    return switch (type) {
      case STRING -> stringStep(parameter, value);
      case ARRAY -> arrayStep(parameter, value);
      case BOOL_ENABLE_ONLY -> enableOnlyStep(parameter, value);
      default -> elementStep(parameter, type, value, value);
    };
  }

  /** A number, a bool or a charp, alone or in an array. */
  private @Nullable Step elementStep(
      ParameterTable.Parameter parameter, ParameterType type, String value, String whole) {
    if (type == ParameterType.CHARP) {
      if (value.length() > LONGEST_TEXT) {
        refuse(parameter, whole, "text of more than " + LONGEST_TEXT + " bytes");
        return null;
      }
      int offset = texts.length();
      texts.append(value).append('\0');
      return (image, argument, base) -> put(image, argument, type.size(), base + offset);
    }
    try {
      long bits = type.parse(value);
      return (image, argument, base) -> put(image, argument, type.size(), bits);
    } catch (KernelNumber.NotANumber e) {
      String shown = value.equals(whole) ? "the value" : "'" + shown(value) + "'";
      refuse(
          parameter,
          whole,
          e.range()
              ? shown + " is out of range for type " + type.word()
              : shown + " is no " + type.word());
      return null;
    }
  }

  private @Nullable Step enableOnlyStep(ParameterTable.Parameter parameter, String value) {
    Step set = elementStep(parameter, ParameterType.BOOL_ENABLE_ONLY, value, value);
    return set == null
        ? null
        : (image, argument, base) -> {
          boolean was = image.getByte(argument) != 0;
          set.run(image, argument, base);
          if (was && image.getByte(argument) == 0) {
            refuse(parameter, value, "it can be switched on only");
          }
        };
  }

  private @Nullable Step stringStep(ParameterTable.Parameter parameter, String value) {
    int space = table.stringSpace(parameter);
    if (space <= 0 || value.length() + 1 > space) {
      refuse(parameter, value, "text of more than " + (space - 1) + " bytes");
      return null;
    }
    return (image, argument, base) -> {
      long to = image.getLong(argument + 8);
      if (image.find(to, value.length() + 1L) < 0) {
        refuse(parameter, value, "its space lies outside the module");
        return;
      }
      ByteBuffer bytes = image.writable(to, value.length() + 1);
      int at = image.offset(image.find(to, 1), to);
      bytes.put(at, (value + '\0').getBytes(StandardCharsets.ISO_8859_1));
    };
  }

  private @Nullable Step arrayStep(ParameterTable.Parameter parameter, String value) {
    ParameterTable.ArrayArgument array = table.array(parameter);
    ParameterType type = array.type();
    if (type == null || (!type.isScalar() && type != ParameterType.CHARP)) {
      refuse(
          parameter, value, "its elements' operations " + array.opsSymbol() + " are not supported");
      return null;
    }
    List<Step> steps = new ArrayList<>();
    int from = 0;
    boolean more = true;
    while (more) {
      if (steps.size() == array.most()) {
        refuse(parameter, value, "it takes " + array.most() + " values at most");
        return null;
      }
      int comma = value.indexOf(',', from);
      more = comma >= 0;
      Step step =
          elementStep(parameter, type, value.substring(from, more ? comma : value.length()), value);
      if (step == null) {
        return null;
      }
      steps.add(step);
      from = comma + 1;
    }
    return (image, argument, base) -> {
      long count = image.getLong(argument + 8);
      long elements = image.getLong(argument + 24);
      for (int i = 0; i < steps.size(); i++) {
        steps.get(i).run(image, elements + (long) i * array.stride(), base);
      }
      if (count != 0) {
        put(image, count, 4, steps.size());
      }
    };
  }

  private void put(ModuleImage image, long address, int size, long bits) {
    if (image.find(address, size) < 0) {
      throw elf.malformed(
          "a parameter's value at 0x" + Long.toHexString(address) + " lies outside the module");
    }
    ByteBuffer bytes = image.writable(address, size);
    int at = image.offset(image.find(address, size), address);
    switch (size) {
      case 1 -> bytes.put(at, (byte) bits);
      case 2 -> bytes.putShort(at, (short) bits);
      case 4 -> bytes.putInt(at, (int) bits);
      default -> bytes.putLong(at, bits);
    }
  }

  /** Returns the bytes needed for texts, 0 if there are none. */
  int textSize() {
    return texts.length();
  }

  /** Returns those bytes. */
  ByteBuffer texts() {
    return ByteBuffer.wrap(texts.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns the parameters that were accepted and do nothing, as typed. */
  List<String> ignored() {
    return ignored;
  }

  /**
   * Writes all values into a relocated image and returns what is left for the kernel to set.
   *
   * @param textAddress guest address of the segment for {@link #texts}
   */
  List<Activation.ParameterCall> apply(ModuleImage image, long textAddress) {
    List<Activation.ParameterCall> calls = new ArrayList<>();
    for (Planned each : planned) {
      long entry = image.plan().sectionAddress(table.section()) + each.parameter.offset();
      Step step = each.step;
      if (step != null) {
        step.run(image, image.getLong(entry + 32), textAddress);
        continue;
      }
      long set = image.getLong(image.getLong(entry + 16) + SET);
      if (set == 0) {
        refuse(each.parameter, each.text, "its operations have no set function");
      } else {
        calls.add(
            new Activation.ParameterCall(each.parameter.name(), set, entry, shown(each.text)));
      }
    }
    return calls;
  }
}
