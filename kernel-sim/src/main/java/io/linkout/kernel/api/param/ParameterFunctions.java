package io.linkout.kernel.api.param;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.heap.Heap;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code param_ops_*} and the functions they lead to, for modules whose own operations use them.
 */
public final class ParameterFunctions {
  private static final long ENOSPC = -28;
  private static final int CHARP_MOST = 1024;
  private static final int ERROR = 3;
  private static final long NO_ARGUMENT = 1;
  private static final int GFP_KERNEL = 0xcc0;
  private static final int PAGE = 4096;

  private record Type(String name, int bytes, boolean signed, int base) {}

  private static final List<Type> NUMBERS =
      List.of(
          new Type("byte", 1, false, 0),
          new Type("short", 2, true, 0),
          new Type("ushort", 2, false, 0),
          new Type("int", 4, true, 0),
          new Type("uint", 4, false, 0),
          new Type("long", 8, true, 0),
          new Type("ulong", 8, false, 0),
          new Type("ullong", 8, false, 0),
          new Type("hexint", 4, false, 16));

  private final KernelImage image;
  private final StructLayout layout;
  private final GuestMemory memory;
  private final Heap heap;
  private final Complaints complaints;

  private ParameterFunctions(
      KernelImage image,
      StructLayout layout,
      GuestMemory memory,
      Heap heap,
      Complaints complaints) {
    this.image = image;
    this.layout = layout;
    this.memory = memory;
    this.heap = heap;
    this.complaints = complaints;
  }

  /** Declares the functions and provides the operations. */
  public static void declare(
      KernelImage image,
      StructLayout layout,
      GuestMemory memory,
      Heap heap,
      Complaints complaints) {
    ParameterFunctions f = new ParameterFunctions(image, layout, memory, heap, complaints);
    FunctionTable table = image.text();
    for (Type type : NUMBERS) {
      table.real("param_set_" + type.name(), c -> f.setNumber(c, type));
      table.real("param_get_" + type.name(), c -> f.getNumber(c, type));
      f.operations("param_ops_" + type.name(), type.name(), type.name(), 0, Licence.ANY);
    }
    table.real("param_set_uint_minmax", Licence.GPL, f::setUintMinMax);
    f.declareBooleans(table);
    f.declareTexts(table);
  }

  private void declareBooleans(FunctionTable table) {
    table.real("param_set_bool", c -> setBool(c, false));
    table.real("param_get_bool", c -> getBool(c, false));
    table.real("param_set_invbool", c -> setBool(c, true));
    table.real("param_get_invbool", c -> getBool(c, true));
    table.real("param_set_bint", this::setBint);
    table.real("param_set_bool_enable_only", Licence.GPL, this::setBoolEnableOnly);
    operations("param_ops_bool", "bool", "bool", NO_ARGUMENT, Licence.ANY);
    operations("param_ops_invbool", "invbool", "invbool", 0, Licence.ANY);
    operations("param_ops_bint", "bint", "int", NO_ARGUMENT, Licence.ANY);
    operations("param_ops_bool_enable_only", "bool_enable_only", "bool", NO_ARGUMENT, Licence.GPL);
  }

  private void declareTexts(FunctionTable table) {
    table.real("param_set_charp", this::setCharp);
    table.real("param_get_charp", this::getCharp);
    table.real("param_free_charp", this::freeCharp);
    table.real("param_set_copystring", this::setCopystring);
    table.real("param_get_string", this::getString);
    operations("param_ops_charp", "charp", "charp", 0, Licence.ANY);
    GuestStruct charp = struct("kernel_param_ops", image.symbols().address("param_ops_charp"));
    patch(charp, "free", image.symbols().address("param_free_charp"));
    table.real("linkout_param_array_set", Licence.ANY, this::setArray);
    table.real("linkout_param_array_get", Licence.ANY, this::getArray);
    long string = constant("param_ops_string", Licence.ANY);
    patch(struct("kernel_param_ops", string), "set", address("param_set_copystring"));
    patch(struct("kernel_param_ops", string), "get", address("param_get_string"));
    long array = constant("param_array_ops", Licence.ANY);
    patch(struct("kernel_param_ops", array), "set", address("linkout_param_array_set"));
    patch(struct("kernel_param_ops", array), "get", address("linkout_param_array_get"));
  }

  private long address(String name) {
    return image.symbols().address(name);
  }

  private long constant(String name, Licence licence) {
    return image.data().constant(name, licence, new byte[layout.of("sizeof.kernel_param_ops")]);
  }

  private GuestStruct struct(String type, long address) {
    return new GuestStruct(memory, layout, type, address);
  }

  private void patch(GuestStruct struct, String field, long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    memory.patch(struct.at(field), bytes);
  }

  private void operations(String name, String set, String get, long flags, Licence licence) {
    GuestStruct operations = struct("kernel_param_ops", constant(name, licence));
    patch(operations, "flags", flags);
    patch(operations, "set", address("param_set_" + set));
    patch(operations, "get", address("param_get_" + get));
  }

  private long argument(long kernelParam) {
    return struct("kernel_param", kernelParam).readLong("arg");
  }

  private String text(TrapFrame c) {
    return c.argument(0) == 0 ? "" : memory.readString(c.argument(0), PAGE);
  }

  private void store(long address, int bytes, long value) {
    switch (bytes) {
      case 1 -> memory.writeByte(address, (int) value);
      case 2 -> memory.writeShort(address, (int) value);
      case 4 -> memory.writeInt(address, (int) value);
      default -> memory.writeLong(address, value);
    }
  }

  private long load(long address, Type type) {
    return switch (type.bytes()) {
      case 1 -> memory.readByte(address);
      case 2 -> type.signed() ? (short) memory.readShort(address) : memory.readShort(address);
      case 4 ->
          type.signed() ? memory.readInt(address) : Integer.toUnsignedLong(memory.readInt(address));
      default -> memory.readLong(address);
    };
  }

  private long setNumber(TrapFrame c, Type type) {
    ParameterNumber.Parsed parsed =
        ParameterNumber.parse(text(c), type.base(), 8 * type.bytes(), type.signed());
    if (parsed.value().isEmpty()) {
      return parsed.error();
    }
    store(argument(c.argument(1)), type.bytes(), parsed.value().getAsLong());
    return 0;
  }

  private long getNumber(TrapFrame c, Type type) {
    long value = load(argument(c.argument(1)), type);
    String text =
        type.base() == 16
            ? "0x" + String.format("%08x", value)
            : type.signed() ? Long.toString(value) : Long.toUnsignedString(value);
    return put(c.argument(0), text + "\n");
  }

  private long put(long buffer, String text) {
    memory.write(buffer, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    return text.length();
  }

  /** param_set_uint_minmax(text, param, least, most). */
  private long setUintMinMax(TrapFrame c) {
    ParameterNumber.Parsed parsed = ParameterNumber.parse(text(c), 0, 32, false);
    if (parsed.value().isEmpty()) {
      return parsed.error();
    }
    long value = parsed.value().getAsLong();
    if (value < (c.argument(2) & 0xffffffffL) || value > (c.argument(3) & 0xffffffffL)) {
      return ParameterNumber.EINVAL;
    }
    memory.writeInt(argument(c.argument(1)), (int) value);
    return 0;
  }

  /** kstrtobool: by the first letter, or the second of on and off; -1 if it is neither. */
  private static int truth(String text) {
    if (text.isEmpty()) {
      return -1;
    }
    return switch (text.charAt(0)) {
      case 'y', 'Y', 't', 'T', '1' -> 1;
      case 'n', 'N', 'f', 'F', '0' -> 0;
      case 'o', 'O' ->
          text.length() < 2
              ? -1
              : switch (text.charAt(1)) {
                case 'n', 'N' -> 1;
                case 'f', 'F' -> 0;
                default -> -1;
              };
      default -> -1;
    };
  }

  /** No text stands for true. */
  private int truthOf(TrapFrame c) {
    return c.argument(0) == 0 ? 1 : truth(text(c));
  }

  private long setBool(TrapFrame c, boolean inverted) {
    int truth = truthOf(c);
    if (truth < 0) {
      return ParameterNumber.EINVAL;
    }
    memory.writeByte(argument(c.argument(1)), inverted ? 1 - truth : truth);
    return 0;
  }

  private long getBool(TrapFrame c, boolean inverted) {
    boolean value = memory.readByte(argument(c.argument(1))) != 0;
    return put(c.argument(0), value != inverted ? "Y\n" : "N\n");
  }

  private long setBint(TrapFrame c) {
    int truth = truthOf(c);
    if (truth < 0) {
      return ParameterNumber.EINVAL;
    }
    memory.writeInt(argument(c.argument(1)), truth);
    return 0;
  }

  private long setBoolEnableOnly(TrapFrame c) {
    int truth = truthOf(c);
    if (truth < 0) {
      return ParameterNumber.EINVAL;
    }
    long argument = argument(c.argument(1));
    if (truth == 0 && memory.readByte(argument) != 0) {
      return -30; // EROFS
    }
    memory.writeByte(argument, truth);
    return 0;
  }

  private String name(long kernelParam) {
    return struct("kernel_param", kernelParam).readText("name");
  }

  private long setCharp(TrapFrame c) {
    String text = text(c);
    if (text.length() > CHARP_MOST) {
      complaints.log(ERROR, name(c.argument(1)) + ": string parameter too long");
      return ENOSPC;
    }
    freeCharpAt(argument(c.argument(1)));
    long copy =
        heap.kmallocAs(Heap.PARAMETER_TEXT, text.length() + 1L, GFP_KERNEL, c.returnAddress());
    if (copy == 0) {
      return -12; // ENOMEM
    }
    put(copy, text);
    memory.writeLong(argument(c.argument(1)), copy);
    return 0;
  }

  private long getCharp(TrapFrame c) {
    long text = memory.readLong(argument(c.argument(1)));
    String value = text == 0 ? "(null)" : memory.readString(text, PAGE - 2);
    return put(c.argument(0), value + "\n");
  }

  private long freeCharp(TrapFrame c) {
    freeCharpAt(c.argument(0));
    return 0;
  }

  /** Frees the text only if it is one that {@link #setCharp} made. */
  private void freeCharpAt(long argument) {
    heap.freeIf(Heap.PARAMETER_TEXT, memory.readLong(argument));
  }

  private long setCopystring(TrapFrame c) {
    GuestStruct string = struct("kparam_string", argument(c.argument(1)));
    String text = text(c);
    int most = string.readInt("maxlen");
    if (text.length() + 1 > Integer.toUnsignedLong(most)) {
      complaints.log(
          ERROR,
          name(c.argument(1))
              + ": string doesn't fit in "
              + (Integer.toUnsignedLong(most) - 1)
              + " chars.");
      return ENOSPC;
    }
    put(string.readLong("string"), text);
    return 0;
  }

  private long getString(TrapFrame c) {
    GuestStruct string = struct("kparam_string", argument(c.argument(1)));
    return put(c.argument(0), memory.readString(string.readLong("string"), PAGE - 2) + "\n");
  }

  /** Sets one element after the other by the elements' own operation. */
  private long setArray(TrapFrame c) {
    String[] parts = text(c).split(",", -1);
    GuestStruct array = struct("kparam_array", argument(c.argument(1)));
    if (parts.length > Integer.toUnsignedLong(array.readInt("max"))) {
      complaints.log(
          ERROR, name(c.argument(1)) + ": can only take " + array.readInt("max") + " arguments");
      return ParameterNumber.EINVAL;
    }
    int size = layout.of("sizeof.kernel_param");
    long scratch = heap.kmalloc(PAGE + size, GFP_KERNEL, c.returnAddress());
    if (scratch == 0) {
      return -12; // ENOMEM
    }
    memory.write(scratch + PAGE, memory.read(c.argument(1), size));
    return setElement(c, array, parts, 0, scratch);
  }

  private long setElement(TrapFrame c, GuestStruct array, String[] parts, int index, long scratch) {
    if (index == parts.length) {
      long number = array.readLong("num");
      if (number != 0) {
        memory.writeInt(number, index);
      }
      heap.free(scratch, c.returnAddress(), "linkout_param_array_set");
      return 0;
    }
    put(scratch, parts[index]);
    GuestStruct element = struct("kernel_param", scratch + PAGE);
    long size = Integer.toUnsignedLong(array.readInt("elemsize"));
    element.writeLong("arg", array.readLong("elem") + index * size);
    long set = struct("kernel_param_ops", array.readLong("ops")).readLong("set");
    c.callGuest(
        set,
        new long[] {scratch, element.address()},
        rax -> {
          if ((int) rax != 0) {
            heap.free(scratch, c.returnAddress(), "linkout_param_array_set");
            return (int) rax;
          }
          return setElement(c, array, parts, index + 1, scratch);
        });
    return 0;
  }

  private long getArray(TrapFrame c) {
    GuestStruct array = struct("kparam_array", argument(c.argument(1)));
    long number = array.readLong("num");
    int count = number == 0 ? array.readInt("max") : memory.readInt(number);
    int size = layout.of("sizeof.kernel_param");
    long scratch = heap.kmalloc(size, GFP_KERNEL, c.returnAddress());
    if (scratch == 0) {
      return -12; // ENOMEM
    }
    memory.write(scratch, memory.read(c.argument(1), size));
    return getElement(c, array, count, 0, 0, scratch);
  }

  private long getElement(
      TrapFrame c, GuestStruct array, int count, int index, long written, long scratch) {
    long buffer = c.argument(0);
    if (index == count) {
      heap.free(scratch, c.returnAddress(), "linkout_param_array_get");
      memory.writeByte(buffer + written, 0);
      return written;
    }
    if (index > 0) {
      memory.writeByte(buffer + written - 1, ',');
    }
    GuestStruct element = struct("kernel_param", scratch);
    long size = Integer.toUnsignedLong(array.readInt("elemsize"));
    element.writeLong("arg", array.readLong("elem") + index * size);
    long get = struct("kernel_param_ops", array.readLong("ops")).readLong("get");
    c.callGuest(
        get,
        new long[] {buffer + written, scratch},
        rax -> {
          if ((int) rax < 0) {
            heap.free(scratch, c.returnAddress(), "linkout_param_array_get");
            return (int) rax;
          }
          return getElement(c, array, count, index + 1, written + (int) rax, scratch);
        });
    return 0;
  }
}
