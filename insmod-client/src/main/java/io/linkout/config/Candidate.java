package io.linkout.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module as a name or an alias led to it. There is one for each name and each pair of name and
 * alias, made by {@link ModuleLookup}; options and the blacklist look at the alias, too.
 */
public final class Candidate {
  private final String name;
  private final @Nullable String alias;
  @Nullable Path path;
  @Nullable List<Candidate> dependencies;
  boolean visited;
  boolean required;
  boolean ignoresCommand;

  Candidate(String name, @Nullable String alias) {
    this.name = name;
    this.alias = alias;
  }

  /** Returns the module's name, with underscores. */
  public String name() {
    return name;
  }

  /** Returns the alias it was found by, or null if it was found by its name. */
  public @Nullable String alias() {
    return alias;
  }

  /** Returns true if it was asked for or is needed by what was; false if it is a soft wish only. */
  public boolean required() {
    return required;
  }

  /** Returns true if it is to be loaded itself, whatever an install command says. */
  public boolean ignoresCommand() {
    return ignoresCommand;
  }
}
