package io.linkout.depmod;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Works out which module needs which. Passes, each with what holds after it:
 *
 * <ol>
 *   <li>search: one module of each name, in the order of the lists
 *   <li>read: every module's symbols and aliases are known, on all processors
 *   <li>own: every exported symbol has one owner
 *   <li>resolve: every module's direct needs are known
 *   <li>sort: nobody needs itself; whoever needs a module comes before it
 * </ol>
 */
public final class Depmod {
  private static final int BATCH = 16;
  private static final int MOST_READERS = 8;

  private final Request request;
  private final Report report;
  private final SymbolOwners owners;

  private Depmod(Request request, Report report) {
    this.request = request;
    this.report = report;
    this.owners = new SymbolOwners(request.prefix());
  }

  /**
   * Returns the lists for {@code request}, not written anywhere yet.
   *
   * @throws DepmodException if there is no tree, or modules need each other in a circle
   */
  public static Lists lists(Request request, Report report) {
    return new Depmod(request, report).run();
  }

  private Lists run() {
    boolean checkCrcs = request.symvers() != null;
    boolean unknown = request.unknownSymbols();
    if (request.symvers() != null) {
      new KnownSymbols(owners, report).symvers(request.symvers());
    } else if (request.systemMap() != null) {
      new KnownSymbols(owners, report).systemMap(request.systemMap());
    } else if (unknown) {
      report.warning("-e needs -E or -F");
      unknown = false;
    }
    List<TreeModule> modules = search();
    read(modules, checkCrcs);
    own(modules);
    for (TreeModule module : modules) {
      resolve(module, modules, unknown, checkCrcs);
    }
    DependencyGraph graph = new DependencyGraph(modules, report);
    graph.sort();
    return new Lists(modules, owners, graph, report, request.duplicates());
  }

  private List<TreeModule> search() {
    DepmodConfig config = DepmodConfig.read(request.configuration(), request.release(), report);
    TreeSearch search = new TreeSearch(request.tree(), config, report);
    return request.files().isEmpty() ? search.all() : search.only(request.files());
  }

  private static void read(List<TreeModule> modules, boolean withCrcs) {
    AtomicInteger next = new AtomicInteger();
    Thread[] readers =
        new Thread[Math.min(Runtime.getRuntime().availableProcessors(), MOST_READERS) - 1];
    Runnable work = new Reading(modules, next, withCrcs);
    for (int i = 0; i < readers.length; i++) {
      readers[i] = new Thread(work, "depmod-reader");
      readers[i].start();
    }
    work.run();
    for (Thread reader : readers) {
      boolean interrupted = false;
      while (true) {
        try {
          reader.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Reads modules until none is left; several threads run it. */
  private static final class Reading implements Runnable {
    private final List<TreeModule> modules;
    private final AtomicInteger next;
    private final boolean withCrcs;

    Reading(List<TreeModule> modules, AtomicInteger next, boolean withCrcs) {
      this.modules = modules;
      this.next = next;
      this.withCrcs = withCrcs;
    }

    @Override
    public void run() {
      try (FactsReader reader = new FactsReader(withCrcs)) {
        while (true) {
          int from = next.getAndAdd(BATCH);
          if (from >= modules.size()) {
            return;
          }
          for (TreeModule module : modules.subList(from, Math.min(from + BATCH, modules.size()))) {
            module.facts = reader.read(module.file());
          }
        }
      } catch (IOException e) {
        // closing a file that was only read
      }
    }
  }

  /** Returns what was read of {@code module}. */
  static ModuleFacts facts(TreeModule module) {
    ModuleFacts facts = module.facts;
    return facts == null ? ModuleFacts.unreadable("out of memory") : facts;
  }

  private void own(List<TreeModule> modules) {
    for (TreeModule module : modules) {
      ModuleFacts facts = facts(module);
      if (facts.fault() != null) {
        report.error("failed to load symbols from " + module.path() + ": " + facts.fault());
      }
      NameList exports = facts.exports();
      for (int i = 0; i < exports.size(); i++) {
        owners.add(
            exports.text(), exports.start(i), exports.length(i), exports.crc(i), module.index);
      }
    }
  }

  private void resolve(
      TreeModule module, List<TreeModule> modules, boolean unknown, boolean checkCrcs) {
    NameList imports = facts(module).imports();
    int[] needs = new int[8];
    int count = 0;
    for (int i = 0; i < imports.size(); i++) {
      int symbol = owners.find(imports, i);
      boolean complain = unknown && !imports.weak(i);
      if (symbol < 0) {
        if (complain) {
          report.warning(module.path() + " needs unknown symbol " + imports.name(i));
        }
        continue;
      }
      if (complain && checkCrcs && owners.names().crc(symbol) != imports.crc(i)) {
        report.warning(module.path() + " disagrees about version of symbol " + imports.name(i));
      }
      int owner = owners.owner(symbol);
      if (owner == SymbolOwners.KERNEL || contains(needs, count, owner)) {
        continue;
      }
      if (count == needs.length) {
        needs = Arrays.copyOf(needs, count * 2);
      }
      needs[count++] = owner;
      modules.get(owner).users++;
      if (request.verbose()) {
        report.show(
            module.path()
                + " needs \""
                + owners.names().name(symbol)
                + "\": "
                + modules.get(owner).path());
      }
    }
    module.needs = Arrays.copyOf(needs, count);
  }

  private static boolean contains(int[] values, int count, int wanted) {
    for (int i = 0; i < count; i++) {
      if (values[i] == wanted) {
        return true;
      }
    }
    return false;
  }
}
