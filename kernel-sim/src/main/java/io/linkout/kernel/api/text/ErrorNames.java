package io.linkout.kernel.api.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of error numbers, as lib/errname.c of 6.1 has them for x86. */
public final class ErrorNames {
  /** Numbers 1 to 133; an empty name where there is none. */
  private static final List<String> LOW =
      List.of(
          ("EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES"
                  + " EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE"
                  + " ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK"
                  + " ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC"
                  + " EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC"
                  + " EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK"
                  + " EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD"
                  + " EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE"
                  + " EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT"
                  + " ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL"
                  + " ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN"
                  + " ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH"
                  + " EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT"
                  + " ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED"
                  + " EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON")
              .split(" "));

  /** Numbers the kernel uses within itself, from 512. */
  private static final List<String> HIGH =
      List.of(
          ("ERESTARTSYS ERESTARTNOINTR ERESTARTNOHAND ENOIOCTLCMD ERESTART_RESTARTBLOCK"
                  + " EPROBE_DEFER EOPENSTALE ENOPARAM - EBADHANDLE ENOTSYNC EBADCOOKIE ENOTSUPP"
                  + " ETOOSMALL ESERVERFAULT EBADTYPE EJUKEBOX EIOCBQUEUED ERECALLCONFLICT")
              .split(" "));

  private static final Map<Integer, String> NAMES = names();

  private ErrorNames() {}

  /** Returns the name of error {@code number}, positive, such as {@code ENOENT}, or null. */
  public static @Nullable String name(int number) {
    return NAMES.get(number);
  }

  private static Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    add(names, LOW, 1);
    add(names, HIGH, 512);
    return names;
  }

  private static void add(Map<Integer, String> names, List<String> list, int first) {
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).equals("-")) {
        names.put(first + i, list.get(i));
      }
    }
  }
}
