package io.linkout.kernel.api.register;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries of /proc and debugfs: names in directories (fs/proc/generic.c, fs/debugfs/inode.c). */
final class FileTreeFunctions {
  private record Entry(String kind, String name, long parent) {}

  private static final String PROC = "proc-entry";
  private static final String DEBUGFS = "debugfs-entry";
  private static final long EEXIST = -17;

  private final Registrations registrations;
  private final Complaints complaints;
  private final Opaque opaque;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();

  FileTreeFunctions(Registrations registrations, Complaints complaints, Opaque opaque) {
    this.registrations = registrations;
    this.complaints = complaints;
    this.opaque = opaque;
  }

  void declare(FunctionTable table) {
    declareProc(table);
    declareDebugfs(table);
  }

  private void declareProc(FunctionTable table) {
    // name, mode, parent, …
    for (String name :
        List.of(
            "proc_create",
            "proc_create_data",
            "proc_create_seq_private",
            "proc_create_single_data",
            "proc_mkdir_mode",
            "proc_mkdir_data")) {
      Licence licence = name.equals("proc_mkdir_data") ? Licence.GPL : Licence.ANY;
      table.modelled(name, licence, c -> createProc(c, c.argument(2)));
    }
    // name, parent, …
    table.modelled("proc_mkdir", Licence.ANY, c -> createProc(c, c.argument(1)));
    table.modelled("proc_symlink", Licence.ANY, c -> createProc(c, c.argument(1)));
    table.modelled("proc_remove", Licence.ANY, c -> remove(c.argument(0)));
    table.modelled("remove_proc_entry", Licence.ANY, this::removeProc);
    table.modelled("remove_proc_subtree", Licence.ANY, this::removeProc);
    table.modelled("proc_set_size", Licence.ANY, _ -> 0);
    table.modelled("proc_set_user", Licence.ANY, _ -> 0);
  }

  private void declareDebugfs(FunctionTable table) {
    table.modelled("debugfs_initialized", Licence.GPL, _ -> 1);
    table.modelled("debugfs_create_dir", Licence.GPL, c -> createDebug(c, c.argument(1)));
    table.modelled("debugfs_create_symlink", Licence.GPL, c -> createDebug(c, c.argument(1)));
    for (String type :
        List.of(
            "file",
            "file_unsafe",
            "file_size",
            "u8",
            "u16",
            "u32",
            "u64",
            "x8",
            "x16",
            "x32",
            "x64",
            "ulong",
            "size_t",
            "bool",
            "atomic_t",
            "blob",
            "u32_array",
            "regset32")) {
      table.modelled("debugfs_create_" + type, Licence.GPL, c -> createDebug(c, c.argument(2)));
    }
    table.modelled("debugfs_lookup", Licence.GPL, c -> lookUp(c, DEBUGFS, c.argument(1)));
    table.modelled("debugfs_remove", Licence.GPL, c -> removeDebug(c.argument(0)));
    table.modelled(
        "debugfs_lookup_and_remove",
        Licence.GPL,
        c -> removeDebug(lookUp(c, DEBUGFS, c.argument(1))));
  }

  private static String name(TrapFrame c) {
    return c.memory().readString(c.argument(0), 255);
  }

  private long find(String kind, String name, long parent) {
    Entry wanted = new Entry(kind, name, parent);
    for (Map.Entry<Long, Entry> entry : entries.entrySet()) {
      if (entry.getValue().equals(wanted)) {
        return entry.getKey();
      }
    }
    return 0;
  }

  private long lookUp(TrapFrame c, String kind, long parent) {
    return find(kind, name(c), parent);
  }

  private long create(TrapFrame c, String kind, long parent) {
    String name = name(c);
    long address = opaque.take(kind + " " + name);
    entries.put(address, new Entry(kind, name, parent));
    registrations.add(
        kind + " " + name,
        address,
        0,
        c.returnAddress(),
        () -> {
          entries.remove(address);
          opaque.giveBack(address);
        });
    return address;
  }

  private long createProc(TrapFrame c, long parent) {
    if (find(PROC, name(c), parent) != 0) {
      complaints.warn(
          c,
          "fs/proc/generic.c proc_register",
          "proc_dir_entry '" + name(c) + "' already registered");
      return 0;
    }
    return create(c, PROC, parent);
  }

  private long createDebug(TrapFrame c, long parent) {
    if (parent >= -4095 && parent < 0) {
      return parent;
    }
    return find(DEBUGFS, name(c), parent) != 0 ? EEXIST : create(c, DEBUGFS, parent);
  }

  private long removeProc(TrapFrame c) {
    long address = find(PROC, name(c), c.argument(1));
    if (address == 0) {
      complaints.warn(c, "fs/proc/generic.c remove_proc_entry", "name '" + name(c) + "'");
      return 0;
    }
    return remove(address);
  }

  private long removeDebug(long address) {
    // Null and error pointers are allowed, so that nobody has to check what creating returned.
    return address == 0 || (address >= -4095 && address < 0) ? 0 : remove(address);
  }

  /** Removes an entry and all below it. */
  private long remove(long address) {
    @Nullable Entry entry = entries.get(address);
    if (entry == null) {
      return 0;
    }
    List<Long> below =
        entries.entrySet().stream()
            .filter(e -> e.getValue().parent() == address)
            .map(Map.Entry::getKey)
            .toList();
    below.forEach(this::remove);
    registrations.remove(entry.kind() + " " + entry.name(), address);
    return 0;
  }
}
