package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a module, read from its file: {@code __param}, entries of 40 bytes ({@code
 * include/linux/moduleparam.h}: struct kernel_param, 6.1): name, module, operations, u16
 * permissions, s8 level, u8 flags, argument. Flags: bit 0, setting it taints the kernel (not the
 * module); bit 1, refused under lockdown, which no kernel here has: neither changes anything.
 */
final class ParameterTable {
  private static final int ENTRY = 40;
  private static final int OPS = 16;
  private static final int ARGUMENT = 32;

  /**
   * A parameter.
   *
   * @param offset of its entry in the table
   * @param opsSymbol name of its operations, for messages
   * @param type null if the operations are not standard
   * @param ownOps where the operations are if they are the module's own, else null
   * @param argument what is to be set, null if there is nothing
   */
  record Parameter(
      String name,
      int offset,
      String opsSymbol,
      @Nullable ParameterType type,
      FilePointers.@Nullable Target ownOps,
      FilePointers.@Nullable Target argument) {}

  /**
   * An array parameter (struct kparam_array): u32 most, u32 stride in bytes, then pointers to the
   * count, the elements' operations, and the elements.
   *
   * @param type of an element, null if its operations are not standard
   */
  record ArrayArgument(int most, int stride, @Nullable ParameterType type, String opsSymbol) {}

  private final ElfFile elf;
  private final int section;
  private final List<Parameter> parameters = new ArrayList<>();

  private ParameterTable(ElfFile elf, int section) {
    this.elf = elf;
    this.section = section;
  }

  /**
   * Returns the parameters of {@code elf}, none if it has no table.
   *
   * @throws io.linkout.elf.MalformedElfException if the table is torn or a pointer leads nowhere
   */
  static ParameterTable of(ElfFile elf) {
    int section = elf.sections().find("__param");
    ParameterTable table = new ParameterTable(elf, section);
    if (section != 0 && elf.sections().size(section) > 0) {
      table.read();
    }
    return table;
  }

  private void read() {
    long size = elf.sections().size(section);
    if (size % ENTRY != 0 || elf.sections().type(section) == Elf.SHT_NOBITS) {
      throw elf.malformed("section __param: " + size + " bytes are no whole number of parameters");
    }
    FilePointers pointers = FilePointers.of(elf, section);
    for (int at = 0; at < size; at += ENTRY) {
      FilePointers.Target name = pointers.at(at);
      FilePointers.Target ops = pointers.at(at + OPS);
      if (name == null || name.section() == 0 || ops == null) {
        throw elf.malformed(
            "section __param offset 0x"
                + Integer.toHexString(at)
                + ": parameter without name or operations");
      }
      String symbol = elf.describeSymbol(ops.symbol());
      boolean own = ops.section() != 0;
      parameters.add(
          new Parameter(
              elf.string(name.section(), name.offset()),
              at,
              symbol,
              own ? null : ParameterType.ofOps(symbol),
              own ? ops : null,
              pointers.at(at + ARGUMENT)));
    }
  }

  /** Returns the index of the table's section. */
  int section() {
    return section;
  }

  /** Returns the parameter called {@code name}, - and _ being the same, or null. */
  @Nullable Parameter find(String name) {
    String wanted = name.replace('-', '_');
    for (Parameter parameter : parameters) {
      if (parameter.name.replace('-', '_').equals(wanted)) {
        return parameter;
      }
    }
    return null;
  }

  /** Returns the array that {@code parameter} is, its argument being one. */
  ArrayArgument array(Parameter parameter) {
    FilePointers.Target at = argument(parameter);
    ByteBuffer bytes = fileBytes(at, 32, parameter);
    FilePointers.Target ops = FilePointers.of(elf, at.section()).at(at.offset() + 16);
    if (ops == null) {
      throw elf.malformed("parameter " + parameter.name + ": array without operations");
    }
    String symbol = elf.describeSymbol(ops.symbol());
    return new ArrayArgument(
        bytes.getInt(0),
        bytes.getInt(4),
        ops.section() != 0 ? null : ParameterType.ofOps(symbol),
        symbol);
  }

  /**
   * Returns the bytes a string parameter has space for, the NUL included (struct kparam_string).
   */
  int stringSpace(Parameter parameter) {
    return fileBytes(argument(parameter), 16, parameter).getInt(0);
  }

  /** Returns the flags of the module's own operations of {@code parameter}. */
  int ownFlags(Parameter parameter) {
    FilePointers.Target ops = parameter.ownOps;
    if (ops == null) {
      throw new IllegalArgumentException(parameter.name + " has standard operations");
    }
    return fileBytes(ops, 32, parameter).getInt(0);
  }

  /** Returns the argument of {@code parameter}. */
  FilePointers.Target argument(Parameter parameter) {
    FilePointers.Target target = parameter.argument;
    if (target == null) {
      throw elf.malformed("parameter " + parameter.name + ": nothing to set");
    }
    return target;
  }

  private ByteBuffer fileBytes(FilePointers.Target at, int size, Parameter parameter) {
    if (at.section() == 0
        || elf.sections().type(at.section()) == Elf.SHT_NOBITS
        || at.offset() < 0
        || at.offset() > elf.sections().size(at.section()) - size) {
      throw elf.malformed("parameter " + parameter.name + ": argument lies outside the file");
    }
    return elf.contents(at.section())
        .slice((int) at.offset(), size)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }
}
