package io.linkout.kernel.module;

/**
 * Where a module is in its life, as enum module_state of include/linux/module.h. Unformed modules
 * are handles.
 */
public enum ModuleState {
  /** Its init is queued or runs. */
  COMING,
  /** Its code may be called and its exports linked to. */
  LIVE,
  /** Its exit is queued or runs, or died. */
  GOING
}
