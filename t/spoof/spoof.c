/*
 * Forged header enrichment, at random.  A client outside an operator's network
 * sends anything, even what its gateway would send; a client inside sends what
 * no gateway would.  None of it may be believed, and nothing of it may be left
 * in the request.
 *
 *     spoof PORT COUNT SEED NUMBER VALUES
 *
 * The listeners are those of t/lib/Carrierpay/Test/Enrichment.pm.  NUMBER is
 * one that its operator's gateway would be believed with.  VALUES is a file
 * with "name value" lines: right ones of ciphers, and of those that are not
 * believed even inside, as "-name value".
 *
 * Prints how many were answered and how, and the first request that was
 * believed, from which its seed leads to all before it.  Ends with 1 then.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>


#define BATCH          64
#define REQUEST_SIZE   8192
#define ANSWER_SIZE    262144
#define VALUES_MAX     64
#define WORDS_MAX      32
#define VALUE_SIZE     64
#define TIMEOUT_S      20


/* where an attempt comes from, and what it says about that */

typedef struct {
    const char  *to;
    const char  *from;
    const char  *first;          /* before the first request, or NULL */
    const char  *forwarded;      /* a header with every request, or NULL */
    int          inside;         /* the operator's own network */
    int          fd;
} seat_t;


typedef struct {
    char         text[REQUEST_SIZE];
    size_t       len;
} request_t;


typedef struct {
    char        *name;
    char        *value;
} value_t;


typedef struct {
    char         word[24];
    long         count;
} word_t;


static seat_t  seats[] = {
    { "127.0.1.1", "127.0.0.1", NULL, NULL, 0, -1 },
    { "127.0.1.1", "127.0.0.1", NULL, "X-Forwarded-For: 127.0.3.1", 0, -1 },
    { "127.0.1.1", "127.0.4.1", NULL, NULL, 0, -1 },
    { "127.0.1.1", "127.0.5.1", NULL, NULL, 0, -1 },
    { "127.0.1.1", "127.0.6.1", NULL, NULL, 0, -1 },
    { "127.0.1.1", "127.0.0.2", NULL, NULL, 0, -1 },
    { "127.0.1.1", "127.0.2.1", NULL, "X-Real-IP: 127.0.3.1", 0, -1 },
    { "127.0.1.1", "127.0.3.1", NULL, NULL, 1, -1 },
    { "127.0.1.1", "127.0.3.7", NULL, NULL, 1, -1 },
    { "127.0.1.3", "127.0.3.1", "PROXY TCP4 127.0.3.1 127.0.1.3 1 80\r\n",
      NULL, 0, -1 },
    { "127.0.1.3", "127.0.2.1", "PROXY TCP4 203.0.113.9 127.0.1.3 1 80\r\n",
      "X-Forwarded-For: 127.0.3.1", 0, -1 },
    { "127.0.1.3", "127.0.2.1", "PROXY UNKNOWN\r\n", NULL, 0, -1 },
    { "127.0.1.3", "127.0.2.1", "PROXY TCP4 127.0.3.1 127.0.1.3 1 80\r\n",
      NULL, 1, -1 },
    { "127.0.1.5", "127.0.0.1", NULL, "X-Forwarded-For: 127.0.3.1", 0, -1 },
    { "127.0.1.5", "127.0.3.1", NULL, "X-Forwarded-For: 127.0.3.2", 0, -1 },
    { "127.0.1.5", "127.0.2.1", NULL,
      "X-Forwarded-For: 127.0.3.1, 203.0.113.9", 0, -1 },
    { "127.0.1.5", "127.0.2.1", NULL, "Forwarded: for=127.0.3.1", 0, -1 },
    { "127.0.1.5", "127.0.2.1", NULL, "X-Forwarded-For: 127.0.3.1", 1, -1 }
};

#define SEATS  (sizeof(seats) / sizeof(seats[0]))


static const char  *names[] = {
    "msisdn", "x-msisdn", "xmsisdn", "pimmsisdn", "x-up-calling-line-id",
    "x-nokia-msisdn", "x-h3g-msisdn", "x-wap-msisdn",
    "x-wap-network-client-msisdn", "x-fh-msisdn", "x-ht-msisdn",
    "x-hts-clid", "x-wte-msisdn", "x-drutt-portal-user-msisdn", "x-mdn",
    "mdn", "vzv-msisdn", "x-du-msisdn", "nbg-imp-msisdn",
    "calling-station-id", "x-forwarded-msisdn", "x-wsb-identity",
    "x-wap-clientid", "x-network-info", "x-acr", "x-vf-acr",
    "x-nokia-alias", "x-up-subno", "x-up-vodacomgw-subid", "x-uidh",
    "x-piper-id", "deviceid"
};

#define NAMES  (sizeof(names) / sizeof(names[0]))


static const char  *crumbs[] = {
    "Cookie: User-Identity-Forward-msisdn=%s",
    "cookie: a=b; user-identity-forward-msisdn=%s; c=d",
    "Cookie: a=b, User-Identity-Forward-MSISDN = %s",
    "Cookie: ;; USER-IDENTITY-FORWARD-MSISDN=%s"
};

#define CRUMBS  (sizeof(crumbs) / sizeof(crumbs[0]))


static const char  *number;
static value_t      values[VALUES_MAX];
static size_t       nvalues;
static word_t       words[WORDS_MAX];
static long         answered, refused, believed, left;
static int          port;
static uint64_t     state;


static void
fail(const char *what)
{
    fprintf(stderr, "spoof: %s: %s\n", what, strerror(errno));
    exit(2);
}


/* xorshift64*: a seed tells the whole run */

static unsigned
chance(unsigned n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;

    return (unsigned) ((state * 2685821657736338717ULL) >> 33) % n;
}


static void
add(request_t *r, const char *text, size_t len)
{
    if (r->len + len < REQUEST_SIZE) {
        memcpy(r->text + r->len, text, len);
        r->len += len;
    }
}


static void
add_text(request_t *r, const char *text)
{
    add(r, text, strlen(text));
}


/* a name as an attacker writes it, so that it is not recognised */

static void
add_name(request_t *r, const char *name, int disguise)
{
    char    text[128];
    size_t  i;

    for (i = 0; name[i] && i < sizeof(text) - 1; i++) {
        text[i] = name[i];

        if (text[i] >= 'a' && text[i] <= 'z' && chance(2)) {
            text[i] += 'A' - 'a';

        } else if (disguise && text[i] == '-' && chance(2)) {
            text[i] = '_';
        }
    }

    add(r, text, i);
}


/* what is right from a gateway */

static void
add_right(request_t *r, char value[VALUE_SIZE])
{
    switch (chance(3)) {

    case 0:
        snprintf(value, VALUE_SIZE, "+%s", number);
        break;

    case 1:
        snprintf(value, VALUE_SIZE, "%s", number);
        break;

    default:
        snprintf(value, VALUE_SIZE, "%.*s%06u", (int) strlen(number) - 6,
                 number, chance(1000000));
        break;
    }

    add_text(r, value);
}


/* one byte in the middle that no number has, or another country's number */

static void
add_wrong(request_t *r)
{
    static const char  bytes[] = ",;:aZ \x01\x1f\x80\xff\"'=%/-.";

    char    text[2048];
    size_t  len, at;

    switch (chance(6)) {

    case 0:
        len = snprintf(text, sizeof(text), "%s, %s", number, number);
        break;

    case 1:
        len = snprintf(text, sizeof(text), "4915112%06u", chance(1000000));
        break;

    case 2:
        len = snprintf(text, sizeof(text), "%.5s", number);
        break;

    case 3:
        len = 66 + chance(1500);
        memset(text, '6', len);
        memcpy(text, number, 4);
        break;

    default:
        len = strlen(number);
        at = 1 + chance(len - 1);
        memcpy(text, number, at);
        text[at] = bytes[chance(sizeof(bytes) - 1)];
        memcpy(text + at + 1, number + at, len - at);
        len++;
        break;
    }

    add(r, text, len);
}


/* a sealed value with one of its characters changed; not one of the last */

static void
add_tampered(request_t *r, const char *value)
{
    char    text[2048];
    size_t  len, at;

    len = strlen(value);
    memcpy(text, value, len);

    at = 3 + chance(len - 10);
    text[at] = text[at] == 'A' ? 'B' : 'A';

    add(r, text, len);
}


static void
begin(request_t *r, seat_t *seat, int agent)
{
    r->len = 0;
    add_text(r, "GET /who HTTP/1.1\r\nHost: ");
    add_text(r, chance(8) ? seat->to : "127.0.3.1");
    add_text(r, "\r\n");

    if (agent) {
        add_text(r, "User-Agent: Mozilla/5.0\r\n");
    }

    if (seat->forwarded) {
        add_text(r, seat->forwarded);
        add_text(r, "\r\n");
    }
}


static void
outside_header(request_t *r)
{
    char      value[VALUE_SIZE], line[256];
    value_t  *v;

    switch (chance(8)) {

    case 0:
        add_right(&(request_t) { .len = 0 }, value);
        snprintf(line, sizeof(line), crumbs[chance(CRUMBS)], value);
        add_text(r, line);
        break;

    case 1:
        v = &values[chance(nvalues)];
        add_name(r, v->name + (v->name[0] == '-'), 0);
        add_text(r, ": ");
        add_text(r, v->value);
        break;

    case 2:
        add_name(r, names[chance(NAMES)], 1);
        add_text(r, ":");
        add_wrong(r);
        break;

    case 3:
        add_text(r, "X-MCCMNC: 27099");
        break;

    default:
        add_name(r, names[chance(NAMES)], chance(4) == 0);
        add_text(r, chance(2) ? ": " : ":\t ");
        add_right(r, value);
        break;
    }

    add_text(r, "\r\n");
}


static void
outside(request_t *r, seat_t *seat)
{
    unsigned  n;

    begin(r, seat, chance(10));

    for (n = chance(4); n; n--) {
        outside_header(r);
    }

    outside_header(r);

    if (chance(50) == 0) {
        add_text(r, " folded: 1\r\n");
    }

    add_text(r, "\r\n");
}


/* two at least, alike or not; a right one among them */

static void
inside_several(request_t *r)
{
    char         value[VALUE_SIZE];
    unsigned     n;
    const char  *name;

    name = names[chance(NAMES)];

    for (n = 2 + chance(3); n; n--) {
        add_name(r, name, 0);
        add_text(r, ": ");
        add_right(r, value);
        add_text(r, "\r\n");

        if (chance(2)) {
            name = names[chance(NAMES)];
        }
    }

    if (chance(3) == 0) {
        add_text(r, "Cookie: User-Identity-Forward-msisdn=");
        add_right(r, value);
        add_text(r, "\r\n");
    }
}


/* one, and no gateway would have written it so */

static void
inside_one(request_t *r)
{
    char      value[VALUE_SIZE];
    value_t  *v;

    switch (chance(4)) {

    case 0:
        add_text(r, chance(2) ? "X_MSISDN: " : "x-wap_msisdn: ");
        add_right(r, value);
        break;

    case 1:
        v = &values[chance(nvalues)];
        add_name(r, v->name + (v->name[0] == '-'), 0);
        add_text(r, ": ");

        if (v->name[0] == '-') {
            add_text(r, v->value);

        } else {
            add_tampered(r, v->value);
        }

        break;

    case 2:
        add_text(r, "Cookie: User-Identity-Forward-msisdn=x");
        add_wrong(r);
        break;

    default:
        add_name(r, names[chance(NAMES)], 0);
        add_text(r, ": ");
        add_wrong(r);
        break;
    }

    add_text(r, "\r\n");
}


static void
inside(request_t *r, seat_t *seat)
{
    char  value[VALUE_SIZE];

    switch (chance(6)) {

    case 0:
        begin(r, seat, 0);
        add_text(r, "X-MSISDN: ");
        add_right(r, value);
        add_text(r, "\r\n");
        break;

    case 1:
        begin(r, seat, 1);
        add_text(r, "X-MSISDN: ");
        add_right(r, value);
        add_text(r, chance(2) ? "\r\nX-MCCMNC: 27099\r\nX-MCCMNC: 27099\r\n"
                              : "\r\nX-MCCMNC: 2709a\r\n");
        break;

    case 2:
    case 3:
        begin(r, seat, 1);
        inside_several(r);
        break;

    default:
        begin(r, seat, 1);
        inside_one(r);
        break;
    }

    add_text(r, "\r\n");
}


static int
sit(seat_t *seat)
{
    int                 one = 1;
    struct timeval      tv = { TIMEOUT_S, 0 };
    struct sockaddr_in  sa;

    if (seat->fd != -1) {
        return 0;
    }

    seat->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (seat->fd == -1) {
        fail("socket");
    }

    setsockopt(seat->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(seat->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one,
               sizeof(one));
    setsockopt(seat->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));

    memset(&sa, 0, sizeof(sa));
    sa.sin_family = AF_INET;
    inet_pton(AF_INET, seat->from, &sa.sin_addr);

    if (bind(seat->fd, (struct sockaddr *) &sa, sizeof(sa)) == -1) {
        fail("bind");
    }

    sa.sin_port = htons(port);
    inet_pton(AF_INET, seat->to, &sa.sin_addr);

    if (connect(seat->fd, (struct sockaddr *) &sa, sizeof(sa)) == -1) {
        fail("connect");
    }

    return 1;
}


static void
leave(seat_t *seat)
{
    close(seat->fd);
    seat->fd = -1;
}


static void
count_word(const char *body)
{
    size_t   i, len;
    word_t  *w;

    len = strcspn(body, ";");

    for (i = 0; i < WORDS_MAX; i++) {
        w = &words[i];

        if (w->count == 0) {
            snprintf(w->word, sizeof(w->word), "%.*s", (int) len, body);
        }

        if (strlen(w->word) == len && memcmp(w->word, body, len) == 0) {
            w->count++;
            return;
        }
    }
}


static void
show(const char *what, request_t *r, const char *body, size_t len)
{
    printf("%s:\n%.*s\n%.*s\n", what, (int) r->len, r->text, (int) len, body);
}


/* the line, sixth of what is between semicolons, is empty, and so is [] */

static void
judge(request_t *r, int status, const char *body, size_t len)
{
    answered++;

    if (status != 200) {
        refused++;
        return;
    }

    count_word(body);

    if (memcmp(body, "accepted", 8) == 0 || len < 4
        || memcmp(body + len - 4, ";;[]", 4) != 0)
    {
        if (memcmp(body, "accepted", 8) == 0) {
            if (believed++ == 0) {
                show("believed", r, body, len);
            }

        } else if (left++ == 0) {
            show("left", r, body, len);
        }
    }
}


/* the next answer in text; its length, 0: not all of it is there */

static size_t
answer(char *text, size_t len, request_t *r)
{
    int     status;
    char   *end, *field;
    size_t  head, body;

    end = memmem(text, len, "\r\n\r\n", 4);

    if (end == NULL || sscanf(text, "HTTP/1.1 %d", &status) != 1) {
        return 0;
    }

    *end = '\0';
    head = end + 4 - text;
    field = strcasestr(text, "\r\ncontent-length: ");
    body = field ? strtoul(field + 18, NULL, 10) : 0;
    *end = '\r';

    if (len < head + body) {
        return 0;
    }

    judge(r, status, text + head, body);

    return head + body;
}


/* answers come in order; a refused request is the last of its connection */

static void
receive(seat_t *seat, request_t *requests)
{
    static char  text[ANSWER_SIZE + 1];

    size_t   len, used, taken;
    ssize_t  n;

    len = 0;
    taken = 0;

    while (taken < BATCH) {

        n = recv(seat->fd, text + len, ANSWER_SIZE - len, 0);

        if (n == -1 && errno != ECONNRESET) {
            fail("recv");
        }

        if (n <= 0) {
            if (taken == 0) {
                answered++;
                refused++;
            }

            leave(seat);
            return;
        }

        len += n;
        text[len] = '\0';

        while (taken < BATCH
               && (used = answer(text, len, &requests[taken])) != 0)
        {
            len -= used;
            memmove(text, text + used, len + 1);
            taken++;
        }
    }
}


static void
batch(seat_t *seat)
{
    static request_t  requests[BATCH];
    static char       text[BATCH * REQUEST_SIZE + 256];

    size_t  i, len, sent;
    ssize_t n;

    len = 0;

    if (sit(seat) && seat->first) {
        len = strlen(seat->first);
        memcpy(text, seat->first, len);
    }

    for (i = 0; i < BATCH; i++) {

        if (seat->inside) {
            inside(&requests[i], seat);

        } else {
            outside(&requests[i], seat);
        }

        memcpy(text + len, requests[i].text, requests[i].len);
        len += requests[i].len;
    }

    for (sent = 0; sent < len; sent += n) {
        n = send(seat->fd, text + sent, len - sent, MSG_NOSIGNAL);

        if (n <= 0) {
            break;
        }
    }

    receive(seat, requests);
}


static void
read_values(const char *name)
{
    char   line[4096], key[128], value[3072];
    FILE  *file;

    file = fopen(name, "r");
    if (file == NULL) {
        fail(name);
    }

    while (nvalues < VALUES_MAX && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%127s %3071s", key, value) == 2) {
            values[nvalues].name = strdup(key);
            values[nvalues++].value = strdup(value);
        }
    }

    fclose(file);

    if (nvalues == 0) {
        fail("no values");
    }
}


int
main(int argc, char **argv)
{
    long    total;
    size_t  i;

    if (argc != 6) {
        fprintf(stderr, "usage: spoof PORT COUNT SEED NUMBER VALUES\n");
        return 2;
    }

    port = strtol(argv[1], NULL, 10);
    total = strtol(argv[2], NULL, 10);
    state = strtoull(argv[3], NULL, 10) * 2654435761u + 88172645463325252ULL;
    number = argv[4];
    read_values(argv[5]);

    while (answered < total) {
        batch(&seats[chance(SEATS)]);
    }

    printf("answered %ld refused %ld believed %ld left %ld\n", answered,
           refused, believed, left);

    for (i = 0; i < WORDS_MAX && words[i].count; i++) {
        printf("%s %ld\n", words[i].word, words[i].count);
    }

    return believed || left;
}
