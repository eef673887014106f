package io.linkout.depmod;

/** Where depmod's remarks go, one line each, in kmod's words. Called from one thread only. */
public interface Report {
  /** Something is odd; the lists are written all the same. */
  void warning(String text);

  /** Something was left out; the lists are written all the same. */
  void error(String text);

  /** What {@code -v} shows. */
  void show(String text);
}
