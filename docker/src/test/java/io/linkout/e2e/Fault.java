package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.e2e.Frame.Direction;
import io.linkout.proto.wire.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What happens to a client while the proxy halts. */
enum Fault {
  /** SIGKILL: its socket closes with what it had sent by then. */
  KILLED {
    @Override
    List<String> strike(Stage stage) {
      return kill(stage);
    }
  },
  /**
   * The kernel has dealt with what came and the client waits for what does not come; then SIGKILL.
   */
  STALLED {
    @Override
    List<String> strike(Stage stage) {
      stage.quiesce();
      return kill(stage);
    }
  },
  /**
   * SIGSTOP, then {@code kernel-sim disconnect}: everything is as before while the client still
   * stands there. Once it goes on it ends with a message.
   */
  DISCONNECTED {
    @Override
    List<String> strike(Stage stage) {
      if (stage.stopClient()) {
        List<Session> sessions = stage.onlooker().sessions();
        assertThat(sessions.isEmpty()).isIn(false, stage.mayHaveEnded());
        for (Session session : sessions) {
          stage.disconnect(session.getId());
        }
      } else {
        // It was gone before the signal came; the proxy, which halts, has not noticed.
        stage.proxy().hangUp();
      }
      List<String> left = stage.aftermath().check();
      stage.signal("CONT");
      stage.proxy().hangUp();
      endsByItself(stage);
      return left;
    }
  },
  /**
   * One half of the connection is closed: the requests' if one was under way, else the replies'.
   * The client ends with a message.
   */
  HALF_CLOSED {
    @Override
    List<String> strike(Stage stage) {
      if (stage.direction() == Direction.TO_KERNEL) {
        stage.proxy().endRequests();
      } else {
        stage.proxy().endReplies();
      }
      endsByItself(stage);
      stage.proxy().hangUp();
      return stage.aftermath().check();
    }
  },
  /** SIGKILL to the kernel: the client ends with a message, and another kernel takes its place. */
  KERNEL_KILLED {
    @Override
    List<String> strike(Stage stage) {
      stage.killKernel();
      stage.proxy().hangUp();
      endsByItself(stage);
      stage.replaceKernel();
      return stage.aftermath().check();
    }
  };

  /** Who and what is there when a fault strikes. */
  interface Stage {
    /** Returns the client. */
    Tool.Running client();

    /** Returns what halts between it and the kernel. */
    FaultProxy proxy();

    /** Returns which direction is halted. */
    Direction direction();

    Onlooker onlooker();

    FaultAftermath aftermath();

    /** Returns true if the client may have its last reply, and so have closed its socket. */
    boolean mayHaveEnded();

    /** Closes a session. */
    void disconnect(long session);

    /** Sends the kernel SIGKILL and waits for its end. */
    void killKernel();

    /** Starts a kernel on the socket of the one that was killed. */
    void replaceKernel();

    /** Waits until the kernel has nothing to do. */
    default void quiesce() {
      // The kernel has one event loop: it has dealt with what lay there when it answers the second.
      onlooker().stats();
      onlooker().stats();
      aftermath().awaitNoneMoving();
    }

    /** Sends the client a signal, unless it has ended. */
    default void signal(String name) {
      Tool.start(List.of("/bin/kill", "-" + name, Long.toString(client().process().pid()))).await();
    }

    /**
     * Stops the client with SIGSTOP, and waits until it stands.
     *
     * @return false if it has ended, for it had all it waited for
     */
    default boolean stopClient() {
      signal("STOP");
      while (client().process().isAlive()) {
        if (state() == 'T') {
          return true;
        }
        Thread.onSpinWait();
      }
      return false;
    }

    /** Returns the state of the client's process, X if there is none any more. */
    private char state() {
      Path stat = Path.of("/proc", Long.toString(client().process().pid()), "stat");
      try {
        String fields = Files.readString(stat, StandardCharsets.ISO_8859_1);
        // pid (name) state: proc(5)
        return fields.charAt(fields.lastIndexOf(')') + 2);
      } catch (IOException e) {
        return 'X';
      }
    }
  }

  /**
   * Does it, and checks what must hold in the kernel.
   *
   * @return which of the scenario's modules the kernel had then; the client has ended
   */
  abstract List<String> strike(Stage stage);

  private static List<String> kill(Stage stage) {
    stage.client().kill();
    stage.client().process().onExit().join();
    stage.proxy().hangUp();
    return stage.aftermath().check();
  }

  private static void endsByItself(Stage stage) {
    Tool.Outcome outcome = stage.client().await();
    if (outcome.status() == 0) {
      // It had its last reply.
      outcome.ok();
    } else {
      assertThat(outcome.failed().err().lines().filter(l -> l.contains(": ERROR: "))).hasSize(1);
    }
  }
}
