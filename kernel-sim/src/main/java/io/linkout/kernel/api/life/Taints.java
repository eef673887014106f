package io.linkout.kernel.api.life;

import io.linkout.kernel.kmsg.Kmsg;

/** What has tainted the kernel: letters in the order of kernel/panic.c: taint_flags. */
public final class Taints {
  private static final String ORDER = "PFSRMBUDAWCIOELKXTN";
  private static final int WARNING = 4;
  private static final int NOTICE = 5;

  private final StringBuilder letters = new StringBuilder();
  private final Kmsg log;

  /** An untainted kernel that logs to {@code log}. */
  public Taints(Kmsg log) {
    this.log = log;
  }

  /** Adds what module {@code name} brings, logging what Linux logs at the first of each kind. */
  void addModule(String name, String taints) {
    for (int i = 0; i < taints.length(); i++) {
      char letter = taints.charAt(i);
      if (ORDER.indexOf(letter) >= 0 && add(letter)) {
        message(name, letter);
      }
    }
  }

  /** Adds {@code letter}; returns true if it is new. */
  public boolean add(char letter) {
    if (letters.indexOf(String.valueOf(letter)) >= 0) {
      return false;
    }
    int at = 0;
    while (at < letters.length() && ORDER.indexOf(letters.charAt(at)) < ORDER.indexOf(letter)) {
      at++;
    }
    letters.insert(at, letter);
    return true;
  }

  /** Returns the letter of taint {@code number}, as kernel/panic.c numbers them. */
  static char letter(int number) {
    return number < ORDER.length() ? ORDER.charAt(number) : 'X';
  }

  /** Returns the letters. */
  public String letters() {
    return letters.toString();
  }

  /** Returns what an oops prints, such as {@code Tainted: G O} or {@code Not tainted}. */
  public String forOops() {
    if (letters.isEmpty()) {
      return "Not tainted";
    }
    boolean proprietary = letters.indexOf("P") >= 0;
    String rest = proprietary ? letters.substring(1) : letters.toString();
    return "Tainted: " + (proprietary ? "P" : "G") + (rest.isEmpty() ? "" : " " + rest);
  }

  private void message(String name, char letter) {
    switch (letter) {
      case 'O' -> log.log(WARNING, name + ": loading out-of-tree module taints kernel.");
      case 'P' -> {
        log.log(WARNING, name + ": module license taints kernel.");
        log.log(WARNING, "Disabling lock debugging due to kernel taint");
      }
      case 'F' -> log.log(WARNING, name + ": module was loaded by force: kernel tainted.");
      case 'C' ->
          log.log(
              WARNING,
              name
                  + ": module is from the staging directory, the quality is unknown, you have been"
                  + " warned.");
      case 'E' ->
          log.log(
              NOTICE,
              name
                  + ": module verification failed: signature and/or required key missing - tainting"
                  + " kernel");
      default -> {}
    }
  }
}
