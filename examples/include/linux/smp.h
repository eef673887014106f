/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H
/* The kernel that these headers are for has one CPU. */

#define nr_cpu_ids 1U
#define num_online_cpus() 1U
#define num_possible_cpus() 1U
#define smp_processor_id() 0
#define raw_smp_processor_id() 0
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)

#endif
