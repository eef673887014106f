package io.linkout.e2e;

import io.linkout.proto.Protocol;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Makes of an installation that of another version: the schema with a field more and another
 * release, compiled as the build compiles them (protoc, javac, then {@code FingerprintWriter}), in
 * place of the classes in its jars.
 */
final class SecondBuild {
  private static final Path PROTOC = Tool.TOP.resolve("docker/target/protoc");
  private static final Path SCHEMA = Tool.TOP.resolve("proto/src/main/proto");
  private static final Path PROTOCOL =
      Tool.TOP.resolve("proto/src/main/java/io/linkout/proto/Protocol.java");

  /** What it says its release is. */
  static final String RELEASE = "0.2.0-second";

  private static final List<String> FILES =
      List.of("linkout/handshake.proto", "linkout/linkout.proto");

  /** The first message that goes over an open connection. */
  private static final Pattern REQUEST = Pattern.compile("(?m)^message Request \\{$");

  private final Path work;

  private SecondBuild(Path work) {
    this.work = work;
  }

  /**
   * Changes the installation whose jars are in {@code home/lib}, using {@code work} for files in
   * between. Its AOT caches go: they are of the jars before.
   */
  static void make(Path home, Path work) throws IOException {
    SecondBuild build = new SecondBuild(work);
    Path kernel = home.resolve("lib/kernel");
    Path proto = only(kernel, "proto-");
    String classPath = proto + ":" + only(kernel, "protobuf-java-");
    Path sources = build.generate(build.schema());
    build.release(sources);
    Path classes = build.compile(sources, classPath);
    build.writeFingerprint(classes, classPath);
    replace(classes, proto);
    replace(classes, home.resolve("lib/client.jar"));
    try (Stream<Path> caches = Files.list(home.resolve("cache"))) {
      for (Path cache : caches.toList()) {
        Files.delete(cache);
      }
    }
  }

  private static Path only(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> String.valueOf(f.getFileName()).matches(prefix + "[0-9].*[.]jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Path schema() throws IOException {
    Path schema = work.resolve("schema");
    Files.createDirectories(schema.resolve("linkout"));
    for (String file : FILES) {
      String text = Files.readString(SCHEMA.resolve(file));
      if (file.endsWith("/linkout.proto")) {
        String longer =
            REQUEST.matcher(text).replaceFirst("$0\n  bool said_by_the_second_build = 1000;");
        if (longer.equals(text)) {
          throw new IllegalStateException("no message Request in " + file);
        }
        text = longer;
      }
      Files.writeString(schema.resolve(file), text);
    }
    return schema;
  }

  private Path generate(Path schema) throws IOException {
    Path sources = Files.createDirectories(work.resolve("sources"));
    Path protoc = work.resolve("protoc");
    if (!Files.exists(PROTOC)) {
      throw new IllegalStateException(
          "no " + PROTOC + ": mvn -pl docker generate-test-resources puts it there");
    }
    Files.copy(PROTOC, protoc);
    TwoInstallations.mode(protoc, "rwx------");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(protoc.toString(), "-I", schema.toString(), "--java_out=" + sources));
    command.addAll(FILES);
    Tool.start(command).await().ok();
    return sources;
  }

  private void release(Path sources) throws IOException {
    String text = Files.readString(PROTOCOL);
    String other = text.replace('"' + Protocol.RELEASE + '"', '"' + RELEASE + '"');
    if (other.equals(text)) {
      throw new IllegalStateException("no release in " + PROTOCOL);
    }
    Files.writeString(sources.resolve("Protocol.java"), other);
  }

  private Path compile(Path sources, String classPath) throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> java = Files.walk(sources)) {
      List<String> options =
          List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath);
      List<Path> all = java.filter(f -> f.toString().endsWith(".java")).toList();
      boolean done =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
              .call();
      if (!done) {
        throw new IllegalStateException(said.toString());
      }
    }
    return classes;
  }

  private void writeFingerprint(Path classes, String classPath) {
    Tool.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                classes + ":" + classPath,
                "io.linkout.proto.FingerprintWriter",
                classes.resolve("io/linkout/proto/Fingerprint.class").toString()))
        .await()
        .ok();
  }

  private static void replace(Path classes, Path jar) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path place = inside.getPath(classes.relativize(file).toString());
        Files.deleteIfExists(place);
        Files.copy(file, place);
      }
    }
  }
}
