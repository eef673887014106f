package io.linkout.kernel.api;

import io.linkout.kernel.api.crypto.CryptoFunctions;
import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.InterruptFlag;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.image.KernelVariables;
import io.linkout.kernel.api.image.MachineCode;
import io.linkout.kernel.api.lib.LibraryFunctions;
import io.linkout.kernel.api.life.FatalFunctions;
import io.linkout.kernel.api.life.FaultJournal;
import io.linkout.kernel.api.life.GuestCalls;
import io.linkout.kernel.api.life.GuestModules;
import io.linkout.kernel.api.life.GuestNames;
import io.linkout.kernel.api.life.GuestStack;
import io.linkout.kernel.api.life.KernelComplaints;
import io.linkout.kernel.api.life.ModuleLife;
import io.linkout.kernel.api.life.ModulePlaces;
import io.linkout.kernel.api.life.ReferenceFunctions;
import io.linkout.kernel.api.life.Taints;
import io.linkout.kernel.api.life.TaskContext;
import io.linkout.kernel.api.lock.LockFunctions;
import io.linkout.kernel.api.oops.CallTrace;
import io.linkout.kernel.api.oops.FaultJudge;
import io.linkout.kernel.api.oops.OopsReport;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.api.oops.TableRegistry;
import io.linkout.kernel.api.param.ParameterFunctions;
import io.linkout.kernel.api.patch.JumpLabels;
import io.linkout.kernel.api.patch.StaticCalls;
import io.linkout.kernel.api.patch.StaticKeyFunctions;
import io.linkout.kernel.api.print.PrintFunctions;
import io.linkout.kernel.api.print.Printk;
import io.linkout.kernel.api.register.RegistrationFunctions;
import io.linkout.kernel.api.text.ConstantTables;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.api.text.PointerHash;
import io.linkout.kernel.api.text.TextFunctions;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.JiffiesVariable;
import io.linkout.kernel.api.time.RandomFunctions;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.api.time.TimeFunctions;
import io.linkout.kernel.api.work.DeferredFunctions;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.personality.StructLayout;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Puts a kernel into an empty CPU, part by part; each part declares the functions it has. */
public final class KernelBoot {
  private static final long WALL_NANOS = 1_000_000L;

  private final Personality personality;
  private final StructLayout layout;
  private final Cpu cpu;
  private final GuestMemory memory;
  private final Kmsg log;
  private final GuestReferences references;
  private final KernelOptions options;
  private final ExportKeeper exports;

  /** Shared: the clock's tick writes jiffies from another thread. */
  private final Arena arena = Arena.ofShared();

  private final KernelImage image;
  private final GuestModules modules = new GuestModules();
  private final Registrations registrations = new Registrations(modules);
  private final Agenda agenda = new Agenda();
  private final TableRegistry tables;
  private final Taints taints;
  private final GuestNames names;
  private final SplittableRandom random;

  private KernelBoot(
      Personality personality,
      Cpu cpu,
      Kmsg log,
      GuestReferences references,
      KernelOptions options,
      ExportKeeper exports) {
    this.personality = personality;
    this.layout = personality.layout();
    this.cpu = cpu;
    this.memory = cpu.memory();
    this.log = log;
    this.references = references;
    this.options = options;
    this.exports = exports;
    this.image = new KernelImage(cpu, arena);
    this.taints = new Taints(log);
    this.tables = new TableRegistry(TableForms.of(layout));
    this.names = new GuestNames(image.symbols(), modules);
    this.random = new SplittableRandom(options.seed());
  }

  /**
   * Boots a kernel on the calling thread, which is the CPU thread from now on. The kernel owns
   * {@code cpu} and closes it. Before it returns, {@code exports} is told what it exports.
   */
  public static GuestKernel boot(
      Personality personality,
      Cpu cpu,
      Kmsg log,
      GuestReferences references,
      KernelOptions options,
      ExportKeeper exports) {
    return new KernelBoot(personality, cpu, log, references, options, exports).boot();
  }

  private GuestKernel boot() {
    log.log(5, "Linux version " + personality.release() + " (linkout)");
    GuestStack stack = new GuestStack(memory, arena);
    CurrentTask task = new CurrentTask(image, memory, layout, GuestStack.base());
    InterruptFlag interrupts = new InterruptFlag(image, memory, layout);
    int[] features = KernelFeatures.of(cpu.features());
    KernelVariables.declare(image, memory, personality, features);
    image.percpu().canary(random.nextLong() & ~0xffL);
    MachineCode.declare(image.text());

    ModulePlaces places = new ModulePlaces(modules);
    OopsReport reports =
        new OopsReport(memory, names, tables, new MissingExports(image, exports), places);
    FaultJudge judge = new FaultJudge(memory, tables, reports);
    FaultJournal journal =
        new FaultJournal(
            cpu,
            judge,
            new CallTrace(memory, tables),
            names,
            places,
            modules,
            task,
            taints,
            personality.release(),
            personality.config().has("PREEMPT_BUILD"),
            log);
    cpu.onFault(journal);
    KernelComplaints complaints =
        new KernelComplaints(log, names, taints, () -> task, journal::trace);

    GuestClock clock =
        new GuestClock(System::nanoTime, System.currentTimeMillis() * WALL_NANOS, personality.hz());
    Sleep sleep = new Sleep(clock, agenda);
    cpu.onTick(new JiffiesVariable(image.data(), clock));
    GuestHeap heap =
        new GuestHeap(
            image, memory, layout, modules, registrations, complaints, options.heapLimit());
    Consumer<byte[]> bytes = random::nextBytes;
    GuestFormat format = declareText(heap, clock, complaints, journal, bytes);
    DeferredFunctions.declare(
        image, memory, layout, agenda, clock, sleep, registrations, format, complaints);
    TimeFunctions.declare(image.text(), clock);
    TimeFunctions.declareSleeps(image.text(), clock, sleep);
    RandomFunctions.declare(image.text(), bytes);
    LockFunctions.declare(
        image, memory, layout, task, interrupts, agenda, sleep, clock, heap, complaints);

    ReferenceFunctions.declare(image.text(), memory, layout, modules, references, complaints);

    RegistrationFunctions.declare(image, memory, layout, registrations, complaints);
    LibraryFunctions.declare(image, memory, layout, task, features, format, complaints, log);

    JumpLabels jumpLabels = new JumpLabels(memory);
    StaticCalls staticCalls = new StaticCalls(memory);
    StaticKeyFunctions.declare(image.text(), jumpLabels, staticCalls, complaints);
    ParameterFunctions.declare(image, layout, memory, heap.slab(), complaints);
    staticCalls.returnZero(image.symbols().address("__static_call_return0"));

    if (!options.names()) {
      exports.keepLocal(image.locals(personality));
    }
    exports.keep(image.seal(personality, options.names()));
    TaskContext context = new TaskContext(task, interrupts, complaints);
    GuestCalls calls =
        new GuestCalls(
            cpu,
            modules,
            stack,
            agenda,
            clock,
            journal,
            context,
            complaints,
            options.initTimeout().toNanos());
    ModuleLife life =
        new ModuleLife(
            memory,
            image,
            layout,
            modules,
            calls,
            heap,
            registrations,
            agenda,
            jumpLabels,
            staticCalls,
            tables,
            taints,
            complaints,
            log);
    return new BootedKernel(
        cpu, arena, features, life, calls, heap, registrations, taints, context);
  }

  private GuestFormat declareText(
      GuestHeap heap,
      GuestClock clock,
      Complaints complaints,
      FaultJournal journal,
      Consumer<byte[]> random) {
    GuestFormat format =
        new GuestFormat(
            new PointerHash(options.seed()),
            names,
            text -> complaints.log(4, "WARNING: at lib/vsprintf.c: " + text));
    TextFunctions.declare(image.text(), format, heap.slab()::kmalloc, random);
    CryptoFunctions.declare(image.text());
    FatalFunctions.declare(image.text(), format, taints, complaints);
    PrintFunctions.declare(
        image.text(),
        new Printk(format, log),
        log,
        clock::jiffies,
        personality.hz(),
        journal::trace);
    ConstantTables.all()
        .forEach(
            (name, content) ->
                image
                    .data()
                    .constant(
                        name,
                        name.equals("byte_rev_table")
                            ? FunctionTable.Licence.GPL
                            : FunctionTable.Licence.ANY,
                        content));
    return format;
  }
}
