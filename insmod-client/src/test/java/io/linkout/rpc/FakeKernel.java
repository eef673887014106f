package io.linkout.rpc;

import com.google.protobuf.MessageLite;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Limits;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A kernel that answers as its test tells it to, on a socket of its own. */
public final class FakeKernel implements AutoCloseable {
  /** Answers one request; no reply at all for an empty list. */
  @FunctionalInterface
  public interface Script {
    /** Returns the replies; {@code null} closes the connection. */
    @org.jspecify.annotations.Nullable
    List<Reply> answer(Request request);
  }

  /** What a kernel of this build says to every client. */
  public static final Welcome WELCOME =
      Welcome.newBuilder()
          .setMagic(Protocol.MAGIC)
          .setRelease("6.1.0-linkout")
          .setVermagic("6.1.0-linkout SMP mod_unload ")
          .setArchitecture("x86_64")
          .setProtocolFingerprint(Protocol.fingerprint())
          .setDaemonRelease(Protocol.RELEASE)
          .setLimits(Limits.newBuilder().setFrameBytes(1 << 16).setResolveNames(3))
          .build();

  private final Path directory;
  private final ServerSocketChannel listener;
  private final Welcome welcome;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Listens; answers every connection by {@code script}. */
  public FakeKernel(Welcome welcome, Script script) {
    this.welcome = welcome;
    this.script = script;
    try {
      directory = Files.createTempDirectory("fake-kernel");
      listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(directory.resolve("k.sock")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("fake-kernel").start(this::accept);
  }

  /** Listens with the usual welcome. */
  public FakeKernel(Script script) {
    this(WELCOME, script);
  }

  /** Returns the path of its socket. */
  public String socket() {
    return directory.resolve("k.sock").toString();
  }

  /** Returns what was asked so far, over all connections. */
  public List<Request> requests() {
    return new ArrayList<>(requests);
  }

  private void accept() {
    try {
      while (listener.isOpen()) {
        SocketChannel client = listener.accept();
        Thread.ofPlatform().daemon().name("fake-session").start(() -> serve(client));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      InputStream in = Channels.newInputStream(client);
      OutputStream out = Channels.newOutputStream(client);
      if (Hello.parseDelimitedFrom(in) == null) {
        return;
      }
      send(out, welcome);
      for (Request r = Request.parseDelimitedFrom(in);
          r != null;
          r = Request.parseDelimitedFrom(in)) {
        requests.add(r);
        List<Reply> replies = script.answer(r);
        if (replies == null) {
          return;
        }
        for (Reply reply : replies) {
          send(out, reply);
          if (reply.hasError() && reply.getError().getClosing()) {
            return;
          }
        }
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  private static void send(OutputStream out, MessageLite message) throws IOException {
    message.writeDelimitedTo(out);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(directory.resolve("k.sock"));
    Files.delete(directory);
  }
}
