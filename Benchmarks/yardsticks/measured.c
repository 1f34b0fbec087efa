/* measured LIMIT REPORT PROGRAM [ARGUMENT...]: runs a program and reports its resource use.
 *
 * The report is one line: exit status (128 + signal if one ended it), wall time in nanoseconds, processor time in
 * microseconds, peak resident memory in KiB. A process inherits the peak memory of its parent, so this one is small:
 * started by the harness, every program would seem to need at least as much memory as the harness. The program is
 * killed after LIMIT seconds. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void end_child(int signal) {
    (void)signal;
    kill(child, SIGKILL);
}

int main(int count, char **arguments) {
    if (count < 4) return 64;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    child = fork();
    if (child < 0) return 71;
    if (child == 0) {
        execvp(arguments[3], arguments + 3);
        perror(arguments[3]);
        _exit(127);
    }
    signal(SIGALRM, end_child);
    signal(SIGTERM, end_child);
    signal(SIGINT, end_child);
    alarm((unsigned)atoi(arguments[1]));
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) return 71;
    clock_gettime(CLOCK_MONOTONIC, &to);
    long long wall = (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec);
    long long processor = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec
        + usage.ru_stime.tv_usec;
    FILE *report = fopen(arguments[2], "w");
    if (report == NULL) return 73;
    int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    fprintf(report, "%d %lld %lld %ld\n", code, wall, processor, usage.ru_maxrss);
    return fclose(report) == 0 ? 0 : 73;
}
