// SPDX-License-Identifier: GPL-2.0-or-later
/* A counter for each CPU, which starts at 40. percpu_hit() counts and returns the new value. */
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(long, hits) = 40;
static DEFINE_PER_CPU(int, small);

long percpu_hit(void);
long percpu_sum(void);

noinline long percpu_hit(void)
{
	this_cpu_inc(hits);
	this_cpu_add(small, 2);
	return this_cpu_read(hits);
}

noinline long percpu_sum(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(hits, cpu);
	return sum;
}

static int __init percpu_init(void)
{
	long before = this_cpu_read(hits);

	percpu_hit();
	if (percpu_hit() != before + 2 || *this_cpu_ptr(&hits) != before + 2)
		return -EINVAL;
	if (this_cpu_read(small) != 4)
		return -EINVAL;
	pr_info("percpu: %ld hits\n", this_cpu_read(hits));
	return 0;
}

static void __exit percpu_exit(void)
{
	pr_info("percpu: %ld hits at the end\n", this_cpu_read(hits));
}

module_init(percpu_init);
module_exit(percpu_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts on each CPU apart");
