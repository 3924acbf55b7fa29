/*
 * The price of one fdatasync: appends 8 kB, the size of a WAL page, to a file
 * below the directory given and flushes, as long as told; prints the median
 * in microseconds.
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FLUSHES_MAX   100000
#define FILE_SIZE     (16 * 1024 * 1024)
#define PAGE_SIZE     8192


static double  times[FLUSHES_MAX];


static double
now_us(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}


static int
compare(const void *one, const void *two)
{
    double  a = *(const double *) one, b = *(const double *) two;

    return (a > b) - (a < b);
}


static void
fail(const char *what)
{
    perror(what);
    exit(1);
}


/* a WAL segment is allocated in full before it is used; so is this file */

static int
open_filled(const char *path)
{
    int           fd;
    off_t         at;
    static char   page[PAGE_SIZE];

    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    if (fd == -1) {
        fail(path);
    }

    for (at = 0; at < FILE_SIZE; at += PAGE_SIZE) {

        if (pwrite(fd, page, PAGE_SIZE, at) != PAGE_SIZE) {
            fail(path);
        }
    }

    if (fsync(fd) == -1) {
        fail(path);
    }

    return fd;
}


static size_t
measure(int fd, double seconds)
{
    off_t   at;
    size_t  n;
    double  start, end;
    char    page[PAGE_SIZE];

    at = 0;
    end = now_us() + seconds * 1e6;

    for (n = 0; n < FLUSHES_MAX; n++) {
        memset(page, (int) n, PAGE_SIZE);

        if (pwrite(fd, page, PAGE_SIZE, at) != PAGE_SIZE) {
            fail("pwrite");
        }

        start = now_us();

        if (fdatasync(fd) == -1) {
            fail("fdatasync");
        }

        times[n] = now_us() - start;
        at = (at + PAGE_SIZE) % FILE_SIZE;

        if (now_us() > end) {
            return n + 1;
        }
    }

    return n;
}


int
main(int argc, char **argv)
{
    int     fd;
    char    path[PATH_MAX];
    size_t  n;

    if (argc != 3) {
        fprintf(stderr, "usage: fdatasync DIRECTORY SECONDS\n");
        return 2;
    }

    snprintf(path, sizeof(path), "%s/fdatasync.probe", argv[1]);

    fd = open_filled(path);
    n = measure(fd, atof(argv[2]));

    unlink(path);

    qsort(times, n, sizeof(double), compare);
    printf("%.1f\n", times[n / 2]);

    return 0;
}
