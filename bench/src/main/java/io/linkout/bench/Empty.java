package io.linkout.bench;

/** A main that does nothing: what a JVM alone costs. */
public final class Empty {
  private Empty() {}

  /** Does nothing. */
  public static void main(String[] args) {}
}
