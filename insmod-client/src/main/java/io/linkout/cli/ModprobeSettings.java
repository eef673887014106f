package io.linkout.cli;

import io.linkout.config.ModprobeConfig;
import io.linkout.config.ModuleIndexes;
import java.io.IOException;
import java.util.List;

/** Prints the configuration and the indexes, for {@code modprobe -c}. */
final class ModprobeSettings {
  private ModprobeSettings() {}

  static void show(ModprobeConfig config, ModuleIndexes indexes, Console console)
      throws IOException {
    for (String name : config.blacklist()) {
      console.line("blacklist " + name);
    }
    commands("install ", config.installs(), console);
    commands("remove ", config.removes(), console);
    for (ModprobeConfig.Alias alias : config.aliases()) {
      console.line("alias " + alias.pattern() + " " + alias.module());
    }
    for (ModprobeConfig.Options options : config.options()) {
      console.line("options " + options.module() + " " + options.text());
    }
    for (ModprobeConfig.SoftDependency wishes : config.softDependencies()) {
      StringBuilder line = new StringBuilder("softdep ").append(wishes.pattern()).append(' ');
      names(line, "pre:", wishes.before());
      if (!wishes.before().isEmpty() && !wishes.after().isEmpty()) {
        line.append(' ');
      }
      names(line, "post:", wishes.after());
      console.line(line.toString());
    }
    for (ModprobeConfig.WeakDependency wishes : config.weakDependencies()) {
      console.line("weakdep " + wishes.pattern() + " " + String.join(" ", wishes.names()));
    }
    console.line("\n# End of configuration files. Dumping indexes now:\n");
    aliases(indexes.aliases(), console);
    aliases(indexes.symbols(), console);
  }

  private static void commands(
      String word, List<ModprobeConfig.ShellCommand> commands, Console console) {
    for (ModprobeConfig.ShellCommand command : commands) {
      console.line(word + command.pattern() + " " + command.command());
    }
  }

  private static void names(StringBuilder line, String label, List<String> names) {
    if (!names.isEmpty()) {
      line.append(label);
      for (String name : names) {
        line.append(' ').append(name);
      }
    }
  }

  private static void aliases(List<ModuleIndexes.Alias> aliases, Console console) {
    for (ModuleIndexes.Alias alias : aliases) {
      console.line("alias " + alias.alias() + " " + alias.module());
    }
  }
}
