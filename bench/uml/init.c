// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The only program of a kernel that is to load its own modules: loads those that /list names, one after the other,
 * removes them again, and does so ROUNDS times. Prints a line for each load of the last half of the rounds,
 * "load NAME BYTES NANOSECONDS", and one for each round, "round MODULES NANOSECONDS"; then halts the machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 10
#define MOST 600

static char paths[MOST][256];
static long nanos[MOST], bytes[MOST];
static int live[MOST];

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* What the kernel calls the module of a file. */
static const char *name(const char *path)
{
	static char text[256];
	const char *slash = strrchr(path, '/');

	snprintf(text, sizeof(text), "%s", slash ? slash + 1 : path);
	text[strcspn(text, ".")] = 0;
	for (char *c = text; *c; c++)
		*c = *c == '-' ? '_' : *c;
	return text;
}

static void load(int i)
{
	struct stat about;
	int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
	long start = now();

	live[i] = fd >= 0 && syscall(SYS_finit_module, fd, "", 0) == 0;
	nanos[i] = now() - start;
	if (!live[i])
		printf("failed %s: %s\n", name(paths[i]), strerror(errno));
	if (fd >= 0) {
		bytes[i] = fstat(fd, &about) == 0 ? about.st_size : 0;
		close(fd);
	}
}

int main(void)
{
	FILE *list;
	int count = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	list = fopen("/list", "r");
	while (list && count < MOST && fgets(paths[count], sizeof(paths[0]), list)) {
		paths[count][strcspn(paths[count], "\n")] = 0;
		count++;
	}
	for (int round = 0; round < ROUNDS; round++) {
		long sum = 0;
		int loaded = 0;

		for (int i = 0; i < count; i++) {
			load(i);
			sum += live[i] ? nanos[i] : 0;
			loaded += live[i];
		}
		for (int i = count - 1; i >= 0; i--)
			if (live[i] && syscall(SYS_delete_module, name(paths[i]), O_NONBLOCK) != 0)
				printf("stays %s: %s\n", name(paths[i]), strerror(errno));
		for (int i = 0; round >= ROUNDS / 2 && i < count; i++)
			if (live[i])
				printf("load %s %ld %ld\n", name(paths[i]), bytes[i], nanos[i]);
		printf("round %d %ld\n", loaded, sum);
	}
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
