package io.linkout.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two installations side by side, and a link beside a socket that leads to the second. They have
 * the real launcher, and in place of the JVM a program that says whose it is, so that asking whom
 * the launcher starts takes milliseconds.
 */
final class TwoInstallations {
  /** A directory with all that is here; no path has a link in it. */
  final Path top;

  /** The installation whose launcher is called. */
  final Path own;

  /** The one that the link leads to. */
  final Path other;

  /** Where the socket would be, in a directory of its own, {@code run}. */
  final Path socket;

  /** The link beside it. */
  final Path link;

  TwoInstallations(Path directory) throws IOException {
    top = directory.toRealPath();
    // JUnit's directory is for the owner alone; other uids are to get in here.
    mode(top, "rwxr-xr-x");
    own = install("own");
    other = install("other");
    Path run = Files.createDirectory(top.resolve("run"));
    mode(run, "rwxr-xr-x");
    socket = run.resolve("k.sock");
    link = run.resolve("k.sock.client");
    Files.createSymbolicLink(link, other);
  }

  /** Lays out an installation as {@code scripts/stage} does. */
  private Path install(String name) throws IOException {
    Path home = top.resolve(name).resolve("lib/linkout");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Tool.TOP.resolve("bin/linkout"), home.resolve("bin/linkout"));
    Files.copy(Tool.TOP.resolve("scripts/right-client"), home.resolve("right-client"));
    Path prefix = Files.createDirectories(top.resolve(name).resolve("bin"));
    Files.copy(Tool.TOP.resolve("bin/linkout"), prefix.resolve("linkout"));
    for (String command :
        List.of("lsmod", "modprobe", "modinfo", "depmod", "ksymoops", "modcheck", "kernel-sim")) {
      Files.createSymbolicLink(home.resolve("bin").resolve(command), Path.of("linkout"));
    }
    Files.writeString(
        home.resolve("launch.env"),
        """
        java="$home/java" junixsocket= zstd=
        client_class_path= kernel_class_path= health_class_path=
        """);
    Files.writeString(
        home.resolve("java"),
        """
        #!/bin/sh
        for word; do case $word in -*) ;; *) words="$words [$word]" ;; esac; done
        echo "%s$words"
        """
            .formatted(name));
    for (String file : List.of("", "..", "../..", "bin", "bin/linkout", "java")) {
      mode(home.resolve(file), "rwxr-xr-x");
    }
    return home;
  }

  /** Makes the link lead to {@code target} from now on. */
  void relink(Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  /** Gives {@code file} these permissions. */
  static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  /** Gives {@code file}, itself if it is a link, to {@code uid}. */
  static void give(Path file, int uid) throws IOException {
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns who lists the modules of the kernel at the socket: {@code own} or {@code other}. */
  String who() {
    return who(Map.of(), "lsmod", "--socket", socket.toString());
  }

  /** Returns who runs {@code command} in {@link #top}, with {@code environment} added. */
  String who(Map<String, String> environment, String command, String... words) {
    List<String> all = new ArrayList<>(List.of("env", "-u", "LINKOUT_SOCKET"));
    all.addAll(List.of("-u", "XDG_RUNTIME_DIR", "-u", "MODPROBE_OPTIONS"));
    environment.forEach((name, value) -> all.add(name + "=" + value));
    all.addAll(List.of("sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", top.toString()));
    all.add(own.resolve("bin").resolve(command).toString());
    all.addAll(List.of(words));
    return first(Tool.start(all).await());
  }

  /** Returns who lists modules if {@code uid} asks. */
  String whoAs(int uid) {
    return first(
        as(uid, own.resolve("bin/lsmod").toString(), "--socket", socket.toString()).await());
  }

  /** Starts a command as another uid. */
  static Tool.Running as(int uid, String... command) {
    String id = String.valueOf(uid);
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--"));
    words.addAll(List.of(command));
    return Tool.start(words);
  }

  private static String first(Tool.Outcome outcome) {
    String said = outcome.ok().out().strip();
    return said.substring(0, (said + " ").indexOf(' '));
  }
}
