package io.linkout.link;

import io.linkout.modinfo.ModInfo;
import org.jspecify.annotations.Nullable;

/** The check of a module's version magic ({@code kernel/module/version.c}: same_magic, 6.1). */
final class Vermagic {
  private Vermagic() {}

  /**
   * Complains if the module was built for another kernel. Where both have CRCs the release, the
   * first word, does not count: the CRCs say more.
   */
  static void check(
      ModInfo info, KernelIdentity kernel, boolean moduleHasVersions, Complaints complaints) {
    String ours = info.get("vermagic");
    String wanted = kernel.vermagic();
    if (ours == null) {
      complaints.add(
          Errno.ENOEXEC, "no version magic, it should be '" + wanted + "'", failure("", wanted));
      return;
    }
    boolean skipRelease = moduleHasVersions && kernel.modversions();
    if (!tail(ours, skipRelease).equals(tail(wanted, skipRelease))) {
      complaints.add(
          Errno.ENOEXEC,
          "version magic '" + ours + "' should be '" + wanted + "'",
          failure(ours, wanted));
    }
  }

  private static FailureCause failure(@Nullable String ours, String wanted) {
    return new FailureCause(FailureCause.Kind.BAD_VERMAGIC, ours == null ? "" : ours, 0, wanted);
  }

  private static String tail(String magic, boolean skipRelease) {
    int space = magic.indexOf(' ');
    return skipRelease && space >= 0 ? magic.substring(space) : magic;
  }
}
