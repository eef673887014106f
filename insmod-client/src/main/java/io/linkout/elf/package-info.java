/**
 * Reads ELF files: headers, sections, symbols, notes, checked once when a file is opened so that
 * what comes after may trust every offset. Knows nothing of modules. Depends on nothing of
 * Linkout's.
 */
@NullMarked
package io.linkout.elf;

import org.jspecify.annotations.NullMarked;
