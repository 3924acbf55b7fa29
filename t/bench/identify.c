/*
 * The load of an operator's gateway: GETs over plain HTTP keepalive, one
 * request at a time on each connection, each connection from an address and
 * with a number of its own, from a single thread.
 *
 *     identify PORT PATH CONNECTIONS WARM_UP_S SECONDS PEERS
 *
 * PEERS is a file with an address and a number on each line.  Prints one line
 * of JSON: what came back in all, and the rate between warm-up and end.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>


#define CONNECTIONS_MAX  1024
#define ANSWER_SIZE      4096
#define EVENTS           256


typedef struct {
    int      fd;
    int      busy;
    int      nrequest;
    char     request[512];
    size_t   have;
    char     answer[ANSWER_SIZE];
} connection_t;


static connection_t  connections[CONNECTIONS_MAX];
static double        warm, end;
static uint64_t      sent, good, bad, measured;


static void
fail(const char *what)
{
    fprintf(stderr, "identify: %s: %s\n", what, strerror(errno));
    exit(1);
}


static double
now_s(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec + ts.tv_nsec / 1e9;
}


static void
bind_and_connect(int fd, const char *from, int port)
{
    struct sockaddr_in  address;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;

    if (inet_pton(AF_INET, from, &address.sin_addr) != 1
        || bind(fd, (struct sockaddr *) &address, sizeof(address)) == -1)
    {
        fail(from);
    }

    address.sin_port = htons((uint16_t) port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if (connect(fd, (struct sockaddr *) &address, sizeof(address)) == -1) {
        fail("connect");
    }
}


static void
open_connection(connection_t *c, FILE *peers, int port, const char *path,
    int epoll)
{
    int                 one = 1;
    char                from[64], number[64];
    struct epoll_event  event;

    if (fscanf(peers, "%63s %63s", from, number) != 2) {
        fail("too few peers");
    }

    c->nrequest = snprintf(c->request, sizeof(c->request),
                           "GET %s HTTP/1.1\r\n"
                           "Host: pay.example.com\r\n"
                           "User-Agent: Mozilla/5.0 (Linux; Android 14)\r\n"
                           "Accept: text/html,application/xhtml+xml\r\n"
                           "Accept-Language: fr-FR,fr;q=0.9,en;q=0.8\r\n"
                           "X-MSISDN: %s\r\n\r\n", path, number);

    c->fd = socket(AF_INET, SOCK_STREAM, 0);

    if (c->fd == -1) {
        fail("socket");
    }

    bind_and_connect(c->fd, from, port);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));

    event.events = EPOLLIN;
    event.data.ptr = c;

    if (fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1
        || epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == -1)
    {
        fail("epoll_ctl");
    }
}


static void
send_request(connection_t *c)
{
    c->busy = 1;
    c->have = 0;
    sent++;

    if (send(c->fd, c->request, (size_t) c->nrequest, 0) != c->nrequest) {
        fail("send");
    }
}


static int
answer_whole(connection_t *c)
{
    char  *body, *length;

    c->answer[c->have] = '\0';
    body = strstr(c->answer, "\r\n\r\n");

    if (body == NULL) {
        return 0;
    }

    length = strcasestr(c->answer, "\r\ncontent-length:");

    if (length == NULL || length > body) {
        errno = EPROTO;
        fail("an answer without Content-Length");
    }

    return c->have >= (size_t) (body + 4 - c->answer)
                      + strtoul(length + 17, NULL, 10);
}


static void
read_answer(connection_t *c)
{
    double   now;
    ssize_t  n;

    n = recv(c->fd, c->answer + c->have, ANSWER_SIZE - 1 - c->have, 0);

    if (n <= 0) {
        fail("recv");
    }

    c->have += (size_t) n;

    if (!answer_whole(c)) {
        return;
    }

    if (strncmp(c->answer, "HTTP/1.1 200", 12) == 0) {
        good++;

    } else if (bad++ == 0) {
        fprintf(stderr, "identify: the first bad answer: %s\n", c->answer);
    }

    c->busy = 0;
    now = now_s();

    measured += now >= warm && now < end;

    if (now < end) {
        send_request(c);
    }
}


int
main(int argc, char **argv)
{
    int                 i, n, count, epoll;
    FILE               *peers;
    struct epoll_event  events[EVENTS];

    if (argc != 7) {
        fprintf(stderr, "usage: identify PORT PATH CONNECTIONS WARM_UP_S"
                " SECONDS PEERS\n");
        return 2;
    }

    count = strtol(argv[3], NULL, 10);
    peers = fopen(argv[6], "r");
    epoll = epoll_create1(0);

    if (peers == NULL || epoll == -1 || count < 1 || count > CONNECTIONS_MAX) {
        fail("start");
    }

    for (i = 0; i < count; i++) {
        open_connection(&connections[i], peers, strtol(argv[1], NULL, 10),
                        argv[2], epoll);
    }

    warm = now_s() + atof(argv[4]);
    end = warm + atof(argv[5]);

    for (i = 0; i < count; i++) {
        send_request(&connections[i]);
    }

    while (good + bad < sent) {
        n = epoll_wait(epoll, events, EVENTS, 10000);

        if (n == 0 || (n == -1 && errno != EINTR)) {
            fail("epoll_wait");
        }

        for (i = 0; i < n; i++) {
            read_answer(events[i].data.ptr);
        }
    }

    printf("{\"sent\":%llu,\"good\":%llu,\"per_s\":%.1f}\n",
           (unsigned long long) sent, (unsigned long long) good,
           (double) measured / (end - warm));

    return 0;
}
