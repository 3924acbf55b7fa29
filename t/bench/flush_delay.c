/*
 * A slower disk for one PostgreSQL: preloaded into it, this adds
 * FLUSH_DELAY_US microseconds to each flush of a WAL file.  Only files below
 * a folder called pg_wal are delayed, so the checkpointer's flushes of tables
 * cost what they cost.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>


typedef int (*flush_pt)(int fd);


static long      delay_us;
static flush_pt  real_fsync;
static flush_pt  real_fdatasync;


__attribute__((constructor))
static void
start(void)
{
    const char  *text;

    text = getenv("FLUSH_DELAY_US");
    delay_us = text ? atol(text) : 0;

    real_fsync = (flush_pt) dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (flush_pt) dlsym(RTLD_NEXT, "fdatasync");
}


static int
is_wal(int fd)
{
    char     link[64], path[PATH_MAX];
    ssize_t  n;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);

    if (n < 0) {
        return 0;
    }

    path[n] = '\0';

    return strstr(path, "/pg_wal/") != NULL;
}


static int
delayed(flush_pt flush, int fd)
{
    int              rc, error;
    struct timespec  rest;

    rc = flush(fd);
    error = errno;

    if (delay_us > 0 && is_wal(fd)) {

        /* the default slack of 50 us would be added to each delay */
        (void) prctl(PR_SET_TIMERSLACK, 1);

        rest.tv_sec = delay_us / 1000000;
        rest.tv_nsec = delay_us % 1000000 * 1000;

        while (nanosleep(&rest, &rest) == -1 && errno == EINTR) {
            /* a signal to a backend must not make its disk faster */
        }
    }

    errno = error;

    return rc;
}


int
fsync(int fd)
{
    return delayed(real_fsync, fd);
}


int
fdatasync(int fd)
{
    return delayed(real_fdatasync, fd);
}
