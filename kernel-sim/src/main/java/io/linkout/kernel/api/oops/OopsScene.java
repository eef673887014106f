package io.linkout.kernel.api.oops;

import java.util.List;

/**
 * What a report says of the kernel and of who entered the guest.
 *
 * @param pid of the process whose request runs
 * @param comm its name
 * @param taint as Linux prints it: {@code Not tainted} or {@code Tainted: G OE }
 * @param release such as {@code 6.1.0-56-amd64}
 * @param version such as {@code #1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1}
 * @param options after {@code Oops: 0002 [#1]}, such as {@code PREEMPT SMP}
 * @param hardware what the machine calls itself
 * @param modules loaded, newest first, with their taint letters, such as {@code hello(OE)}
 * @param stackBottom lowest guest address of the stack, above its guard page
 * @param stackTop guest address just above the stack
 */
public record OopsScene(
    int pid,
    String comm,
    String taint,
    String release,
    String version,
    String options,
    String hardware,
    List<String> modules,
    long stackBottom,
    long stackTop) {}
