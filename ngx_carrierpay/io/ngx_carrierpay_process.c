
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_process.h"


#define NGX_CARRIERPAY_PROCESS_BOOT_LEN   36      /* a UUID */
#define NGX_CARRIERPAY_PROCESS_FILE_MAX   1024
#define NGX_CARRIERPAY_PROCESS_START      20      /* fields behind the name */


typedef struct {
    u_char                state;        /* 'Z': ended, not yet reaped */
    unsigned long long    start;        /* ticks since the boot */
} ngx_carrierpay_process_stat_t;


static u_char *ngx_carrierpay_process_place(u_char *p);
static ngx_int_t ngx_carrierpay_process_stat(pid_t pid,
    ngx_carrierpay_process_stat_t *stat);
static ssize_t ngx_carrierpay_process_read(const char *file, char *buf);


u_char *
ngx_carrierpay_process_name(u_char *p)
{
    u_char                         *last;
    ngx_carrierpay_process_stat_t   st;

    last = ngx_carrierpay_process_place(p);

    if (last == p
        || ngx_carrierpay_process_stat(getpid(), &st) != NGX_OK)
    {
        return p;
    }

    return ngx_sprintf(last, "%P:%uL", getpid(), (uint64_t) st.start);
}


ngx_uint_t
ngx_carrierpay_process_ended(const ngx_str_t *name)
{
    int                             pid;
    char                            text[NGX_CARRIERPAY_PROCESS_NAME_LEN + 1];
    u_char                          place[NGX_CARRIERPAY_PROCESS_NAME_LEN];
    size_t                          len;
    unsigned long long              start;
    ngx_carrierpay_process_stat_t   st;

    len = ngx_carrierpay_process_place(place) - place;

    if (len == 0 || name->len <= len
        || name->len > NGX_CARRIERPAY_PROCESS_NAME_LEN
        || ngx_memcmp(name->data, place, len) != 0)
    {
        return 0;
    }

    ngx_memcpy(text, name->data, name->len);
    text[name->len] = '\0';

    if (sscanf(text + len, "%d:%llu", &pid, &start) != 2 || pid <= 0) {
        return 0;
    }

    if (kill(pid, 0) == -1 && errno == ESRCH) {
        return 1;
    }

    /* its files may be hidden, and then it is not known to have ended */

    if (ngx_carrierpay_process_stat(pid, &st) != NGX_OK) {
        return 0;
    }

    return st.start != start || st.state == 'Z' || st.state == 'X';
}


/* What the names of all processes here begin with; or p, if it is not told. */

static u_char *
ngx_carrierpay_process_place(u_char *p)
{
    char         boot[NGX_CARRIERPAY_PROCESS_FILE_MAX];
    struct stat  ns;

    if (ngx_carrierpay_process_read("/proc/sys/kernel/random/boot_id", boot)
        < NGX_CARRIERPAY_PROCESS_BOOT_LEN
        || stat("/proc/self/ns/pid", &ns) == -1)
    {
        return p;
    }

    return ngx_sprintf(p, "%*s:%uL:",
                       (size_t) NGX_CARRIERPAY_PROCESS_BOOT_LEN, boot,
                       (uint64_t) ns.st_ino);
}


/* The name of the program, in parentheses, may have parentheses and blanks. */

static ngx_int_t
ngx_carrierpay_process_stat(pid_t pid, ngx_carrierpay_process_stat_t *st)
{
    char        buf[NGX_CARRIERPAY_PROCESS_FILE_MAX], *p;
    u_char      file[sizeof("/proc/-9223372036854775808/stat")];
    ngx_uint_t  n;

    (void) ngx_sprintf(file, "/proc/%P/stat%Z", pid);

    if (ngx_carrierpay_process_read((char *) file, buf) == -1) {
        return NGX_ERROR;
    }

    p = strrchr(buf, ')');

    if (p == NULL || p[1] != ' ') {
        return NGX_ERROR;
    }

    st->state = p[2];

    for (n = 0; p && n < NGX_CARRIERPAY_PROCESS_START; n++) {
        p = strchr(p + 1, ' ');
    }

    return p && sscanf(p, " %llu", &st->start) == 1 ? NGX_OK : NGX_ERROR;
}


/* Reads the beginning of a file and ends it with a zero; or returns -1. */

static ssize_t
ngx_carrierpay_process_read(const char *file, char *buf)
{
    int      fd;
    ssize_t  n;

    fd = open(file, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return -1;
    }

    n = read(fd, buf, NGX_CARRIERPAY_PROCESS_FILE_MAX - 1);

    (void) close(fd);

    if (n >= 0) {
        buf[n] = '\0';
    }

    return n;
}
