package io.linkout.cli;

import io.linkout.link.KernelException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Entry point of every command of the client; the first argument is the command's name. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with 0 or 1. */
  public static void main(String[] args) {
    quicken();
    String program = args.length == 0 ? "linkout" : args[0];
    rename(program);
    Console console =
        new Console(
            program,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            System.getenv());
    int status = run(args, console);
    // nothing is left to clean up: the kernel frees what it lent when the socket closes
    Runtime.getRuntime().halt(status);
  }

  /**
   * Keeps protobuf's logger, which no command uses, from reading the logging configuration and
   * looking for services.
   */
  static void quicken() {
    System.setProperty("java.util.logging.manager", "io.linkout.cli.NoLogging");
  }

  /**
   * Makes {@code program} the name of this process (proc(5): /proc/self/comm), which is java's
   * otherwise: the kernel prints it in an oops, and ps shows it.
   */
  private static void rename(String program) {
    try (FileOutputStream comm = new FileOutputStream("/proc/self/comm")) {
      comm.write(program.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it stays java
    }
  }

  /** Runs a command against {@code console} and returns its exit status. */
  static int run(String[] args, Console console) {
    try {
      int status = dispatch(args, console);
      console.flush();
      return status;
    } catch (Console.Closed e) {
      return 1;
    } catch (Failure e) {
      console.error(e.message());
      for (String cause : e.causes()) {
        console.raw("  " + cause);
      }
    } catch (KernelException e) {
      console.error(ErrnoText.reason(e));
      e.detail().lines().forEach(line -> console.raw("  " + line));
    } catch (OutOfMemoryError e) {
      console.error("out of memory");
    } catch (StackOverflowError e) {
      console.error("stack overflow");
    } catch (InternalError e) {
      // what the JVM makes of SIGBUS: a mapped file shrank outside of where that is looked for
      console.error("a file changed while it was being read");
    } catch (RuntimeException | Error e) {
      // a fault of ours, yet never a stack trace
      console.error("internal error: " + String.valueOf(e).replace('\n', ' '));
    }
    return 1;
  }

  private static int dispatch(String[] args, Console console) {
    if (args.length == 0) {
      throw new Failure("missing command");
    }
    Command command =
        switch (args[0]) {
          case "insmod" -> new Insmod();
          case "kcall" -> new Kcall();
          case "lsmod" -> new Lsmod();
          case "rmmod" -> new Rmmod();
          case "dmesg" -> new Dmesg();
          case "ksym" -> new Ksym();
          case "kmap" -> new Kmap();
          case "ksymoops" -> new Ksymoops();
          case "modcheck" -> new Modcheck();
          case "modinfo" -> new Modinfo();
          case "depmod" -> new Depmod();
          case "modprobe" -> new Modprobe();
          default -> throw new Failure("unknown command '" + args[0] + "'");
        };
    return command.start(Arrays.copyOfRange(args, 1, args.length), console);
  }
}
