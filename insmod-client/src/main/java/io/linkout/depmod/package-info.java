/**
 * depmod: which module of a tree needs which, which answers to which alias, in the text files that
 * modprobe reads. Reads only the sections it needs of each file, several files at a time. May
 * depend on {@code elf} and {@code modinfo}; prints nothing itself.
 */
@NullMarked
package io.linkout.depmod;

import org.jspecify.annotations.NullMarked;
