// SPDX-License-Identifier: GPL-2.0-or-later
/* 8 MB of data, which init checks. big_word() returns one of its 1,048,576 words. */
#include <linux/module.h>

#define WORDS (1ul << 20)
#define PATTERN 0x0123456789abcdefULL

/* In assembly, since a C initializer of this size takes a compiler seconds. */
asm(".pushsection .data\n"
    "	.balign 64\n"
    "	.type big_table, @object\n"
    "big_table:\n"
    "	.fill 1048575, 8, 0xffffffff89abcdef\n"
    "	.quad 0x0123456789abcdef\n"
    "	.size big_table, . - big_table\n"
    ".popsection");
extern u64 big_table[WORDS];

u64 big_word(unsigned long index);

noinline u64 big_word(unsigned long index)
{
	return index < WORDS ? big_table[index] : 0;
}

static int __init big_init(void)
{
	unsigned long i;

	for (i = 0; i < WORDS - 1; i += 512) {
		if (big_table[i] != big_table[0])
			return -EIO;
	}
	if (big_table[WORDS - 1] != PATTERN)
		return -EIO;
	pr_info("big: %lu words, the last is 0x%llx\n", WORDS, big_word(WORDS - 1));
	return 0;
}

static void __exit big_exit(void)
{
}

module_init(big_init);
module_exit(big_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("8 MB of data");
