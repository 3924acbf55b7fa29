/*
 * The load generator: POSTs payments over HTTPS keepalive connections, one
 * request at a time on each, from a single thread.
 *
 * A general one (wrk) closes its connections when the time is over, with
 * requests in flight, so "answers = payments" could be checked only roughly.
 * This one stops sending and waits for every answer.  It takes as much CPU as
 * wrk, 15 us a request, nearly all of it in the kernel and in TLS.
 *
 *     load PORT PATH CONNECTIONS WARM_UP_S SECONDS RUN KEY SUBSCRIBERS [RATE]
 *
 * With RATE the loop is open: so many requests a second are due, whatever has
 * been answered, and a latency is counted from the instant when its request
 * was due, the wait for a free connection included.
 *
 * RUN makes the idempotency keys of this run unique, KEY is the merchant's
 * API key, SUBSCRIBERS a file with one sub_... a line.  Prints "from" when the
 * warm-up is over and "to" at the end, for the reader to look at the clocks of
 * the processes then, and one line of JSON: what came back in all, and the
 * rate and latency of the time between the two.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>


#define DRAIN_S           15
#define CONNECTIONS_MAX   1024
#define SUBSCRIBERS_MAX   65536
#define ANSWER_SIZE       8192
#define EVENTS            256


typedef struct {
    int       fd;
    int       busy;
    SSL      *ssl;
    double    sent;
    size_t    have;
    char      answer[ANSWER_SIZE];
} connection_t;


typedef enum {
    WARMING_UP = 0,
    MEASURING,
    DRAINING
} phase_t;


typedef struct {
    phase_t   phase;
    double    warm;                /* the rates are measured from here */
    double    end;                 /* to here: nothing is sent later */
    double    drained;             /* and nothing is waited for here */
    double    interval;            /* between two requests; 0: a closed loop */
    double    next;                /* when the next one is due */

    uint64_t  sent;
    uint64_t  accepted;            /* answered 200 or 201 */
    uint64_t  succeeded;           /* and the payment says succeeded */
    uint64_t  other;               /* any other answer */
    uint64_t  broken;              /* no answer */

    float    *latencies;           /* ms, of the time that is measured */
    size_t    nlatencies;
    size_t    room;
} run_t;


static char         *subscribers[SUBSCRIBERS_MAX];
static size_t        nsubscribers;
static connection_t  connections[CONNECTIONS_MAX];
static int           nconnections;
static char         *path, *run_name, *api_key;
static run_t         run;


static void
fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    ERR_print_errors_fp(stderr);
    exit(1);
}


static double
now_s(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec + ts.tv_nsec / 1e9;
}


/* xorshift: any order will do, as long as neighbours do not follow */

static uint32_t
random_number(void)
{
    static uint32_t  x = 2463534242u;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;

    return x;
}


static void
read_subscribers(const char *name)
{
    char   line[128];
    FILE  *file;

    file = fopen(name, "r");

    if (file == NULL) {
        fail(name);
    }

    while (nsubscribers < SUBSCRIBERS_MAX
           && fgets(line, sizeof(line), file) != NULL)
    {
        line[strcspn(line, "\r\n")] = '\0';

        if (line[0] != '\0') {
            subscribers[nsubscribers++] = strdup(line);
        }
    }

    fclose(file);

    if (nsubscribers == 0) {
        fprintf(stderr, "load: no subscribers in \"%s\"\n", name);
        exit(1);
    }
}


static void
open_connection(SSL_CTX *ctx, connection_t *c, int port, int epoll)
{
    int                 one = 1;
    struct epoll_event  event;
    struct sockaddr_in  address;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t) port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    c->fd = socket(AF_INET, SOCK_STREAM, 0);

    if (c->fd == -1
        || connect(c->fd, (struct sockaddr *) &address, sizeof(address)) == -1)
    {
        fail("connect");
    }

    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));

    c->ssl = SSL_new(ctx);

    if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1
        || SSL_connect(c->ssl) != 1)
    {
        fail("TLS handshake");
    }

    if (fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1) {
        fail("fcntl");
    }

    event.events = EPOLLIN;
    event.data.ptr = c;

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == -1) {
        fail("epoll_ctl");
    }
}


static void
close_connection(connection_t *c)
{
    if (c->busy) {
        run.broken++;
    }

    c->busy = 0;
    SSL_free(c->ssl);
    close(c->fd);
    c->ssl = NULL;
}


/* a request always fits into an empty socket buffer, so it goes whole */

static void
send_request(connection_t *c, double due)
{
    int   nbody, n;
    char  body[512], request[2048];

    nbody = snprintf(body, sizeof(body),
                     "{\"amount\":499,\"currency\":\"EUR\","
                     "\"description\":\"100 coins\","
                     "\"reference\":\"order-%08llu\",\"confirm\":true,"
                     "\"subscriber\":\"%s\"}",
                     (unsigned long long) run.sent,
                     subscribers[random_number() % nsubscribers]);

    n = snprintf(request, sizeof(request),
                 "POST %s HTTP/1.1\r\n"
                 "Host: localhost\r\n"
                 "Authorization: Bearer %s\r\n"
                 "Idempotency-Key: %s-%llu\r\n"
                 "Content-Type: application/json\r\n"
                 "Content-Length: %d\r\n\r\n%s",
                 path, api_key, run_name, (unsigned long long) run.sent,
                 nbody, body);

    c->busy = 1;
    c->have = 0;
    c->sent = due;
    run.sent++;

    if (SSL_write(c->ssl, request, n) != n) {
        close_connection(c);
    }
}


static void
keep_latency(double ms)
{
    if (run.nlatencies == run.room) {
        run.room = run.room ? run.room * 2 : 65536;
        run.latencies = realloc(run.latencies, run.room * sizeof(float));

        if (run.latencies == NULL) {
            fail("realloc");
        }
    }

    run.latencies[run.nlatencies++] = (float) ms;
}


static void
count_answer(connection_t *c, const char *body)
{
    double  now;

    if (strncmp(c->answer, "HTTP/1.1 20", 11) != 0) {

        if (run.other++ == 0) {
            fprintf(stderr, "load: the first bad answer: %s\n", c->answer);
        }

    } else {
        run.accepted++;

        if (strstr(body, "\"status\":\"succeeded\"") != NULL) {
            run.succeeded++;
        }
    }

    now = now_s();
    c->busy = 0;

    if (now >= run.warm && now < run.end) {
        keep_latency((now - c->sent) * 1e3);
    }

    if (run.interval == 0 && now < run.end) {
        send_request(c, now);
    }
}


/* Of an open loop, the requests that are due. */

static void
send_due(double now)
{
    int            i;
    connection_t  *c;

    for (i = 0; i < nconnections; i++) {
        c = &connections[i];

        if (run.next > now || run.next >= run.end) {
            return;
        }

        if (!c->busy && c->ssl != NULL) {
            send_request(c, run.next);
            run.next += run.interval;
        }
    }
}


/* 1 when the answer is whole, 0 when more must come, -1 when we cannot */

static int
answer_whole(connection_t *c, char **body)
{
    char    *length;
    size_t   n;

    c->answer[c->have] = '\0';
    *body = strstr(c->answer, "\r\n\r\n");

    if (*body == NULL) {
        return c->have < ANSWER_SIZE - 1 ? 0 : -1;
    }

    *body += 4;
    length = strcasestr(c->answer, "\r\ncontent-length:");

    if (length == NULL || length > *body) {
        return -1;
    }

    n = (size_t) (*body - c->answer) + strtoul(length + 17, NULL, 10);

    if (n >= ANSWER_SIZE) {
        return -1;
    }

    return c->have >= n;
}


static void
read_answer(connection_t *c)
{
    int    n, whole;
    char  *body;

    n = SSL_read(c->ssl, c->answer + c->have,
                 (int) (ANSWER_SIZE - 1 - c->have));

    if (n <= 0) {

        /* a session ticket alone wakes us without an answer */

        if (SSL_get_error(c->ssl, n) != SSL_ERROR_WANT_READ) {
            close_connection(c);
        }

        return;
    }

    c->have += (size_t) n;
    whole = answer_whole(c, &body);

    if (whole == 1) {
        count_answer(c, body);

    } else if (whole == -1) {
        close_connection(c);
    }
}


static void
enter_phase(double now)
{
    if (run.phase == WARMING_UP && now >= run.warm) {
        run.phase = MEASURING;
        puts("from");
        fflush(stdout);
    }

    if (run.phase == MEASURING && now >= run.end) {
        run.phase = DRAINING;
        puts("to");
        fflush(stdout);
    }
}


static int
anyone_busy(void)
{
    int  i;

    for (i = 0; i < nconnections; i++) {

        if (connections[i].busy) {
            return 1;
        }
    }

    return 0;
}


static void
generate(int epoll)
{
    int                 i, n;
    double              now;
    struct epoll_event  events[EVENTS];

    run.next = now_s();

    for (i = 0; run.interval == 0 && i < nconnections; i++) {
        send_request(&connections[i], run.next);
    }

    for ( ;; ) {
        n = epoll_wait(epoll, events, EVENTS, run.interval == 0 ? 100 : 1);

        if (n == -1 && errno != EINTR) {
            fail("epoll_wait");
        }

        for (i = 0; i < n; i++) {
            connection_t  *c = events[i].data.ptr;

            /* TLS may hold a second record that no poll will show */

            do {
                read_answer(c);
            } while (c->ssl != NULL && SSL_pending(c->ssl) > 0);
        }

        now = now_s();
        enter_phase(now);

        if (run.interval != 0) {
            send_due(now);
        }

        if (now >= run.drained || (now >= run.end && !anyone_busy())) {
            return;
        }
    }
}


static int
compare(const void *one, const void *two)
{
    float  a = *(const float *) one, b = *(const float *) two;

    return (a > b) - (a < b);
}


static double
percentile(double share)
{
    if (run.nlatencies == 0) {
        return 0;
    }

    return run.latencies[(size_t) (share * (double) (run.nlatencies - 1))];
}


static void
report(void)
{
    int  i;

    for (i = 0; i < nconnections; i++) {
        run.broken += (uint64_t) connections[i].busy;
    }

    qsort(run.latencies, run.nlatencies, sizeof(float), compare);

    printf("{\"sent\":%llu,\"accepted\":%llu,\"succeeded\":%llu,"
           "\"other\":%llu,\"broken\":%llu,\"per_s\":%.1f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
           "\"measured\":%zu}\n",
           (unsigned long long) run.sent, (unsigned long long) run.accepted,
           (unsigned long long) run.succeeded, (unsigned long long) run.other,
           (unsigned long long) run.broken,
           (double) run.nlatencies / (run.end - run.warm),
           percentile(0.5), percentile(0.99), percentile(1.0),
           run.nlatencies);
}


int
main(int argc, char **argv)
{
    int       i, port, epoll;
    SSL_CTX  *ctx;

    if (argc != 9 && argc != 10) {
        fprintf(stderr, "usage: load PORT PATH CONNECTIONS WARM_UP_S SECONDS"
                " RUN KEY SUBSCRIBERS [RATE]\n");
        return 2;
    }

    port = strtol(argv[1], NULL, 10);
    path = argv[2];
    nconnections = strtol(argv[3], NULL, 10);
    run_name = argv[6];
    api_key = argv[7];
    read_subscribers(argv[8]);
    run.interval = argc == 10 ? 1 / atof(argv[9]) : 0;

    ctx = SSL_CTX_new(TLS_client_method());
    epoll = epoll_create1(0);

    if (ctx == NULL || epoll == -1
        || nconnections < 1 || nconnections > CONNECTIONS_MAX)
    {
        fail("start");
    }

    /* header and payload of a record in one system call */
    SSL_CTX_set_read_ahead(ctx, 1);

    for (i = 0; i < nconnections; i++) {
        open_connection(ctx, &connections[i], port, epoll);
    }

    run.warm = now_s() + atof(argv[4]);
    run.end = run.warm + atof(argv[5]);
    run.drained = run.end + DRAIN_S;

    generate(epoll);
    report();

    return 0;
}
