package io.linkout.kernel.command;

import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Shutdown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code kernel-sim stop}: returns once the process is gone, its socket removed before that. */
public final class StopCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<String, String> environment;

  /** A command that finds its socket by {@code environment}. */
  public StopCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Stops the kernel that is meant. */
  public void run(List<String> words) throws Failure, InterruptedException {
    Arguments arguments = Arguments.parse(new Options(), words);
    arguments.noOperands();
    Path socket = arguments.clientSocket(environment);
    long pid;
    try (ControlClient client = ControlClient.connect(socket)) {
      pid = Integer.toUnsignedLong(client.welcome().getPid());
      client.ask(Request.newBuilder().setShutdown(Shutdown.getDefaultInstance()).build());
    }
    if (!Processes.awaitEnd(pid, PATIENCE)) {
      throw new Failure("pid %d has not ended within %d s".formatted(pid, PATIENCE.toSeconds()));
    }
  }
}
