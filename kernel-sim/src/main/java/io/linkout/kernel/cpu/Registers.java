package io.linkout.kernel.cpu;

/**
 * The general registers at a fault, as the report prints them.
 *
 * @param r8 to r15 as named
 */
public record Registers(
    long rip,
    long rsp,
    long rflags,
    long rax,
    long rbx,
    long rcx,
    long rdx,
    long rsi,
    long rdi,
    long rbp,
    long r8,
    long r9,
    long r10,
    long r11,
    long r12,
    long r13,
    long r14,
    long r15) {}
