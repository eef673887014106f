/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: manager SOCKET|- WATCHDOG_USEC COMMAND [ARGUMENT...]
 *
 * As much of a service manager as a service sees of one: runs COMMAND with a socket to notify, with a listening socket at
 * SOCKET passed as descriptor 3 unless that is -, and with a watchdog unless that is 0. Prints a line for each thing the
 * service says, and who says it: "main READY=1" if it is the process that was started. SIGTERM is passed on; the end of
 * the service is the last line: "exit STATUS" or "signal NUMBER".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t service;

static void pass_on(int number)
{
	if (service)
		kill(service, number);
}

static void ended(int number)
{
	(void)number;
}

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

int main(int argc, char **argv)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct sigaction action = { .sa_handler = pass_on };
	char text[1024], pid[16];
	int notify, status, on = 1, listening = -1;
	sigset_t child, before;

	if (argc < 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* An address that the kernel chooses, in the abstract namespace: a zero byte and five digits. */
	notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notify < 0 || bind(notify, (struct sockaddr *)&name, sizeof(sa_family_t)) ||
	    setsockopt(notify, SOL_SOCKET, SO_PASSCRED, &on, sizeof on))
		fail("notify socket");
	socklen_t length = sizeof name;
	if (getsockname(notify, (struct sockaddr *)&name, &length))
		fail("getsockname");
	snprintf(text, sizeof text, "@%.*s", (int)(length - sizeof(sa_family_t) - 1), name.sun_path + 1);
	setenv("NOTIFY_SOCKET", text, 1);

	if (strcmp(argv[1], "-")) {
		struct sockaddr_un path = { .sun_family = AF_UNIX };
		strncpy(path.sun_path, argv[1], sizeof path.sun_path - 1);
		listening = socket(AF_UNIX, SOCK_STREAM, 0);
		if (listening < 0 || bind(listening, (struct sockaddr *)&path, sizeof path) || listen(listening, 64))
			fail("listening socket");
	}

	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = ended;
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);

	service = fork();
	if (service < 0)
		fail("fork");
	if (service == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		snprintf(pid, sizeof pid, "%d", getpid());
		if (listening >= 0) {
			if (listening != 3 && dup2(listening, 3) < 0)
				fail("dup2");
			if (listening != 3)
				close(listening);
			setenv("LISTEN_PID", pid, 1);
			setenv("LISTEN_FDS", "1", 1);
		}
		if (strcmp(argv[2], "0")) {
			setenv("WATCHDOG_USEC", argv[2], 1);
			setenv("WATCHDOG_PID", pid, 1);
		}
		execvp(argv[3], argv + 3);
		fail(argv[3]);
	}
	if (listening >= 0)
		close(listening);

	for (;;) {
		fd_set set;
		FD_ZERO(&set);
		FD_SET(notify, &set);
		/* SIGCHLD comes in here and nowhere else. */
		int ready = pselect(notify + 1, &set, NULL, NULL, NULL, &before);
		if (ready > 0) {
			char control[CMSG_SPACE(sizeof(struct ucred))];
			struct iovec part = { text, sizeof text - 1 };
			struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
						  .msg_control = control, .msg_controllen = sizeof control };
			ssize_t bytes = recvmsg(notify, &message, 0);
			struct cmsghdr *header = CMSG_FIRSTHDR(&message);
			pid_t sender = 0;
			if (header && header->cmsg_type == SCM_CREDENTIALS)
				sender = ((struct ucred *)CMSG_DATA(header))->pid;
			if (bytes >= 0) {
				text[bytes] = 0;
				printf("%s %s\n", sender == service ? "main" : "other", text);
			}
		}
		if (ready < 0 && errno == EINTR && waitpid(service, &status, WNOHANG) == service)
			break;
	}
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	return 0;
}
