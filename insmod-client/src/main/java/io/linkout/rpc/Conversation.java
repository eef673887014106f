package io.linkout.rpc;

import io.linkout.link.KernelException;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Requests to a kernel and its replies, in order, over a socket of its own; from the handshake to
 * the kernel's last word if it closes the connection. Confined to one thread.
 */
final class Conversation implements AutoCloseable {
  private final AFUNIXSocket socket;
  private final FrameStream frames;
  private final Welcome welcome;

  private Conversation(AFUNIXSocket socket, FrameStream frames, Welcome welcome) {
    this.socket = socket;
    this.frames = frames;
    this.welcome = welcome;
  }

  /**
   * Connects to the kernel that listens at {@code path} and shakes hands.
   *
   * @param anyProtocol true if what it speaks after the handshake does not matter
   * @throws KernelException if there is none, or it refuses this client
   */
  static Conversation open(String path, boolean anyProtocol) {
    AFUNIXSocket socket = connect(path);
    try {
      // Not the socket's own streams: those close the socket on EPIPE, and with it goes the reply
      // in which the kernel said why it closed the connection.
      FileDescriptor descriptor = socket.getFileDescriptor();
      FrameStream frames =
          new FrameStream(
              new FileInputStream(descriptor), new FileOutputStream(descriptor).getChannel());
      return new Conversation(socket, frames, Handshake.greet(frames, path, anyProtocol));
    } catch (EOFException e) {
      closeQuietly(socket);
      throw gone("the kernel at " + path + " closed the connection before saying welcome");
    } catch (IOException e) {
      closeQuietly(socket);
      throw gone("no answer of a kernel at " + path + ": " + e.getMessage());
    } catch (KernelException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private static AFUNIXSocket connect(String path) {
    try {
      return AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(new File(path)));
    } catch (IOException e) {
      String text = String.valueOf(e.getMessage());
      if (text.contains("Permission denied")) {
        throw new KernelException(
            13, "EACCES", "cannot connect to " + path + ": Permission denied", "", List.of());
      }
      throw gone("no kernel at " + path + ": is kernel-sim running?");
    }
  }

  /** Returns what the kernel said of itself. */
  Welcome welcome() {
    return welcome;
  }

  /** Returns what has passed so far. */
  Traffic traffic() {
    return frames.traffic();
  }

  /** Queues {@code request}, which leaves with the next {@link #flush}. */
  void queue(Request request) {
    try {
      frames.send(request);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Queues a Write without its content, and {@code content}, which has left then if it is big. */
  void queue(byte[] head, ByteBuffer content) {
    try {
      frames.send(head, content);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Sends what is queued. */
  void flush() {
    try {
      frames.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /**
   * Sends {@code requests} while replies to others are awaited.
   *
   * @return false if the connection is gone; whoever takes the next reply is told why
   */
  boolean sendAhead(List<Request> requests) {
    try {
      for (Request request : requests) {
        frames.send(request);
      }
      frames.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends what is queued and waits for the next reply. */
  Reply receive() {
    return checked(next());
  }

  /** The same for a reply that may be a refusal. */
  Reply next() {
    try {
      frames.flush();
      return frames.receive(Reply.parser());
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Returns {@code reply} unless it is a refusal, which is thrown. */
  static Reply checked(Reply reply) {
    if (reply.hasError()) {
      throw WireForms.refusal(reply.getError());
    }
    return reply;
  }

  /** Returns what to say of a broken connection: the kernel's last word if it left one. */
  private KernelException lost(IOException broken) {
    try {
      for (; ; ) {
        checked(frames.receive(Reply.parser()));
      }
    } catch (KernelException e) {
      return e;
    } catch (IOException e) {
      String reason = broken instanceof EOFException ? "" : ": " + broken.getMessage();
      return gone("the kernel closed the connection" + reason);
    }
  }

  private static KernelException gone(String message) {
    return new KernelException(0, "", message, "", List.of());
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(AFUNIXSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // the process is about to end, and the kernel sees the close either way
    }
  }
}
