
/*
 * A lane is one connection in pipeline mode.  Units are handed to libpq as
 * they are submitted: PQpipelineSync() of libpq 15 flushes by itself, so that
 * gathering them would save no system call, and the server would only start
 * later.
 *
 *     create
 *       |
 *       v      pause over            socket            clean sync
 *    WAITING ------------> CONNECTING -----> PREPARING ----------> READY
 *     ^    ^                   |                 |                   |
 *     |    +-------------------+-----------------+-------------------+
 *     |                            any failure
 *     |
 *     +--- a submit --- CLOSED <--- any failure, when the worker leaves
 *
 * A worker that leaves opens no fresh connection unless somebody submits.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include <libpq-fe.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_shm.h"
#include "ngx_carrierpay_pq.h"


#define NGX_CARRIERPAY_PQ_KEYS    16
#define NGX_CARRIERPAY_PQ_REASON  256

/* ms; see ngx_carrierpay_pq_tick() */
#define NGX_CARRIERPAY_PQ_TICK    10


typedef enum {
    NGX_CARRIERPAY_PQ_CLOSED = 0,  /* no timer */
    NGX_CARRIERPAY_PQ_WAITING,     /* timer: the pause */
    NGX_CARRIERPAY_PQ_CONNECTING,  /* timer: deadline; PQconnectPoll() */
    NGX_CARRIERPAY_PQ_PREPARING,   /* the same timer goes on */
    NGX_CARRIERPAY_PQ_READY        /* timer: deadline of the first unit */
} ngx_carrierpay_pq_state_e;


typedef struct {
    ngx_carrierpay_pq_t        *pq;
    ngx_connection_t           *c;
    PGconn                     *conn;

    ngx_uint_t                  number;
    ngx_carrierpay_pq_state_e   state;

    ngx_queue_t                 units;      /* sent, in order */
    ngx_uint_t                  nunits;
    ngx_uint_t                  nulls;      /* results NULL in a row */
    ngx_uint_t                  nprepared;

    ngx_uint_t                  failures;   /* in a row */
    ngx_msec_t                  since;      /* of being ready */
    ngx_uint_t                  wanted;     /* by a submit, while leaving */

    ngx_event_t                 timer;
    ngx_event_t                 tick;
    ngx_event_t                 broken;     /* posted inside a submit */

    u_char                      reason[NGX_CARRIERPAY_PQ_REASON];
} ngx_carrierpay_pq_lane_t;


struct ngx_carrierpay_pq_s {
    ngx_pool_t                           *pool;
    ngx_carrierpay_pq_conf_t              conf;

    const ngx_carrierpay_pq_statement_t  *statements;
    ngx_uint_t                            nstatements;

    const char                           *keys[NGX_CARRIERPAY_PQ_KEYS + 1];
    const char                           *values[NGX_CARRIERPAY_PQ_KEYS + 1];
    ngx_uint_t                            nkeys;

    ngx_carrierpay_pq_lane_t             *lanes;
    ngx_uint_t                            nlanes;

    ngx_event_t                           ready;
    ngx_carrierpay_pq_ready_pt            on_ready;
    void                                 *data;

    ngx_uint_t                            destroyed;
};


struct ngx_carrierpay_pq_result_s {
    PGresult                             *res;
};


static ngx_int_t ngx_carrierpay_pq_conninfo(ngx_carrierpay_pq_t *pq);
static void ngx_carrierpay_pq_lane_init(ngx_carrierpay_pq_t *pq,
    ngx_uint_t n);

static ngx_int_t ngx_carrierpay_pq_submit(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u);
static ngx_int_t ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_unit_t *u);
static ngx_int_t ngx_carrierpay_pq_send(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u);
static ngx_int_t ngx_carrierpay_pq_flush(ngx_carrierpay_pq_lane_t *lane);

static void ngx_carrierpay_pq_set_state(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_state_e state);
static void ngx_carrierpay_pq_connect(ngx_carrierpay_pq_lane_t *lane);
static void ngx_carrierpay_pq_poll(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_wait(ngx_carrierpay_pq_lane_t *lane,
    ngx_uint_t writing);
static ngx_int_t ngx_carrierpay_pq_prepare(ngx_carrierpay_pq_lane_t *lane);

static void ngx_carrierpay_pq_socket_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_deadline(ngx_carrierpay_pq_lane_t *lane);
static void ngx_carrierpay_pq_tick(ngx_event_t *ev);
static void ngx_carrierpay_pq_broken_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_ready_handler(ngx_event_t *ev);

static void ngx_carrierpay_pq_work(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_results(ngx_carrierpay_pq_lane_t *lane);
static ngx_int_t ngx_carrierpay_pq_prepared(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_refused(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_answered(ngx_carrierpay_pq_lane_t *lane,
    PGresult *res);
static ngx_int_t ngx_carrierpay_pq_error(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u, PGresult *res);
static ngx_int_t ngx_carrierpay_pq_synced(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u);

static ngx_int_t ngx_carrierpay_pq_blame(ngx_carrierpay_pq_lane_t *lane,
    const char *text);
static void ngx_carrierpay_pq_fail(ngx_carrierpay_pq_lane_t *lane);
static void ngx_carrierpay_pq_disconnect(ngx_carrierpay_pq_lane_t *lane,
    ngx_queue_t *lost);
static void ngx_carrierpay_pq_lose(ngx_queue_t *lost);
static void ngx_carrierpay_pq_notice(void *data, const PGresult *res);


/* as bits, the states that each state may be left for */

static const ngx_uint_t  ngx_carrierpay_pq_exits[] = {

    1 << NGX_CARRIERPAY_PQ_WAITING,

    1 << NGX_CARRIERPAY_PQ_CLOSED | 1 << NGX_CARRIERPAY_PQ_CONNECTING,

    1 << NGX_CARRIERPAY_PQ_CLOSED | 1 << NGX_CARRIERPAY_PQ_WAITING
        | 1 << NGX_CARRIERPAY_PQ_PREPARING,

    1 << NGX_CARRIERPAY_PQ_CLOSED | 1 << NGX_CARRIERPAY_PQ_WAITING
        | 1 << NGX_CARRIERPAY_PQ_READY,

    1 << NGX_CARRIERPAY_PQ_CLOSED | 1 << NGX_CARRIERPAY_PQ_WAITING
};


ngx_carrierpay_pq_t *
ngx_carrierpay_pq_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t nstatements)
{
    ngx_uint_t            n;
    ngx_pool_t           *pool;
    ngx_carrierpay_pq_t  *pq;

    pool = ngx_create_pool(NGX_DEFAULT_POOL_SIZE, cycle->log);
    if (pool == NULL) {
        return NULL;
    }

    pq = ngx_pcalloc(pool, sizeof(ngx_carrierpay_pq_t));
    if (pq == NULL) {
        goto failed;
    }

    pq->pool = pool;
    pq->conf = *conf;
    pq->statements = statements;
    pq->nstatements = nstatements;
    pq->nlanes = ngx_max(conf->connections, 1);

    pq->ready.handler = ngx_carrierpay_pq_ready_handler;
    pq->ready.data = pq;
    pq->ready.log = cycle->log;

    if (ngx_carrierpay_pq_conninfo(pq) != NGX_OK) {
        goto failed;
    }

    pq->lanes = ngx_pcalloc(pool,
                            pq->nlanes * sizeof(ngx_carrierpay_pq_lane_t));
    if (pq->lanes == NULL) {
        goto failed;
    }

    /* nginx has made OpenSSL ready */

    PQinitOpenSSL(0, 0);

    for (n = 0; n < pq->nlanes; n++) {
        ngx_carrierpay_pq_lane_init(pq, n);
    }

    return pq;

failed:

    ngx_destroy_pool(pool);

    return NULL;
}


/*
 * The address is given as hostaddr, too: libpq then asks no resolver, and
 * verify-full still finds its name in host.
 */

static ngx_int_t
ngx_carrierpay_pq_conninfo(ngx_carrierpay_pq_t *pq)
{
    u_char                    *value;
    ngx_str_t                  port, address, timeout;
    ngx_uint_t                 i;
    ngx_carrierpay_pq_conf_t  *conf;
    u_char                     number[NGX_INT_T_LEN], ms[NGX_INT_T_LEN];

    static ngx_str_t  application = ngx_string("carrierpay");
    static ngx_str_t  encoding = ngx_string("UTF8");
    static ngx_str_t  disable = ngx_string("disable");

    conf = &pq->conf;

    ngx_str_null(&port);
    ngx_str_null(&address);
    ngx_str_null(&timeout);

    if (conf->port) {
        port.data = number;
        port.len = ngx_sprintf(number, "%ui", conf->port) - number;
    }

    if (conf->host.len && conf->host.data[0] != '/') {
        address = conf->host;
        timeout.data = ms;
        timeout.len = ngx_sprintf(ms, "%M", conf->timeout) - ms;
    }

    {
    struct {
        const char  *key;
        ngx_str_t   *value;
    } options[] = {
        { "host", &conf->host },
        { "hostaddr", &address },
        { "port", &port },
        { "dbname", &conf->dbname },
        { "user", &conf->user },
        { "password", &conf->password },
        { "sslmode", &conf->sslmode },
        { "sslrootcert", &conf->sslrootcert },
        { "tcp_user_timeout", &timeout },
        { "gssencmode", &disable },
        { "client_encoding", &encoding },
        { "application_name", &application }
    };

    for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {

        if (options[i].value->len == 0) {
            continue;
        }

        value = ngx_pnalloc(pq->pool, options[i].value->len + 1);
        if (value == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_cpystrn(value, options[i].value->data,
                           options[i].value->len + 1);

        pq->keys[pq->nkeys] = options[i].key;
        pq->values[pq->nkeys++] = (const char *) value;
    }

    }

    return NGX_OK;
}


static void
ngx_carrierpay_pq_lane_init(ngx_carrierpay_pq_t *pq, ngx_uint_t n)
{
    ngx_carrierpay_pq_lane_t  *lane;

    lane = &pq->lanes[n];

    lane->pq = pq;
    lane->number = n;
    ngx_queue_init(&lane->units);

    lane->timer.handler = ngx_carrierpay_pq_timer_handler;
    lane->timer.data = lane;
    lane->timer.log = pq->pool->log;

    lane->tick.handler = ngx_carrierpay_pq_tick;
    lane->tick.data = lane;
    lane->tick.log = pq->pool->log;
    lane->tick.cancelable = 1;

    lane->broken.handler = ngx_carrierpay_pq_broken_handler;
    lane->broken.data = lane;
    lane->broken.log = pq->pool->log;

    ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_WAITING);
}


void
ngx_carrierpay_pq_destroy(ngx_carrierpay_pq_t *pq)
{
    ngx_uint_t   n;
    ngx_queue_t  lost;

    /* the handlers of lost units may submit: refused from here on */

    pq->destroyed = 1;

    ngx_queue_init(&lost);

    for (n = 0; n < pq->nlanes; n++) {
        ngx_carrierpay_pq_disconnect(&pq->lanes[n], &lost);

        if (pq->lanes[n].state != NGX_CARRIERPAY_PQ_CLOSED) {
            ngx_carrierpay_pq_set_state(&pq->lanes[n],
                                        NGX_CARRIERPAY_PQ_CLOSED);
        }
    }

    if (pq->ready.posted) {
        ngx_delete_posted_event(&pq->ready);
    }

    ngx_carrierpay_pq_lose(&lost);

    ngx_destroy_pool(pq->pool);
}


ngx_int_t
ngx_carrierpay_pq_write(ngx_carrierpay_pq_t *pq, ngx_carrierpay_pq_unit_t *u)
{
    return ngx_carrierpay_pq_submit(&pq->lanes[0], u);
}


ngx_int_t
ngx_carrierpay_pq_read(ngx_carrierpay_pq_t *pq, ngx_carrierpay_pq_unit_t *u)
{
    ngx_uint_t                 n;
    ngx_carrierpay_pq_lane_t  *lane, *best;

    best = NULL;

    for (n = 1; n < pq->nlanes; n++) {
        lane = &pq->lanes[n];

        if (lane->state == NGX_CARRIERPAY_PQ_READY
            && !lane->broken.posted
            && (best == NULL || lane->nunits < best->nunits))
        {
            best = lane;
        }
    }

    return ngx_carrierpay_pq_submit(best ? best : &pq->lanes[0], u);
}


ngx_uint_t
ngx_carrierpay_pq_ready(ngx_carrierpay_pq_t *pq)
{
    return pq->lanes[0].state == NGX_CARRIERPAY_PQ_READY;
}


void
ngx_carrierpay_pq_on_ready(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_ready_pt handler, void *data)
{
    pq->on_ready = handler;
    pq->data = data;
}


/* Calls no handler: what breaks in here fails the lane from a posted event. */

static ngx_int_t
ngx_carrierpay_pq_submit(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u)
{
    ngx_carrierpay_pq_t  *pq;

    pq = lane->pq;

    if (lane->state != NGX_CARRIERPAY_PQ_READY || lane->broken.posted) {

        if (ngx_exiting && !pq->destroyed) {
            lane->wanted = 1;

            if (lane->state == NGX_CARRIERPAY_PQ_CLOSED) {
                ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_WAITING);
            }
        }

        return NGX_DECLINED;
    }

    if (lane->nunits >= pq->conf.queue_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_QUEUE_FULL);
        return NGX_BUSY;
    }

    if (ngx_carrierpay_pq_check(pq, u) != NGX_OK) {
        return NGX_ERROR;
    }

    u->answered = 0;
    u->outcome = NGX_CARRIERPAY_PQ_DONE;
    u->sqlstate[0] = '\0';
    u->expire = ngx_current_msec + pq->conf.timeout;

    ngx_queue_insert_tail(&lane->units, &u->queue);
    lane->nunits++;

    /* keeps a worker that is told to quit */

    lane->timer.cancelable = 0;

    if (!lane->timer.timer_set) {
        ngx_add_timer(&lane->timer, pq->conf.timeout);
    }

    if (ngx_carrierpay_pq_send(lane, u) != NGX_OK) {
        ngx_post_event(&lane->broken, &ngx_posted_events);
    }

    return NGX_OK;
}


/* Only our own bugs are found here, so that they harm one unit only. */

static ngx_int_t
ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq, ngx_carrierpay_pq_unit_t *u)
{
    ngx_uint_t                            i, n;
    ngx_carrierpay_pq_query_t            *q;
    const ngx_carrierpay_pq_statement_t  *st;

    if (u->nqueries == 0) {
        goto malformed;
    }

    for (i = 0; i < u->nqueries; i++) {
        q = &u->queries[i];

        if (q->statement >= pq->nstatements) {
            goto malformed;
        }

        st = &pq->statements[q->statement];

        for (n = 0; n < st->nparams; n++) {
            if (q->params[n].len < 0) {
                goto malformed;
            }
        }
    }

    return NGX_OK;

malformed:

    ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                  "malformed postgres unit of %ui queries", u->nqueries);

    return NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_pq_send(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u)
{
    ngx_uint_t                            i, n;
    ngx_carrierpay_pq_query_t            *q;
    const ngx_carrierpay_pq_statement_t  *st;

    int          lengths[NGX_CARRIERPAY_PQ_MAX_PARAMS];
    int          formats[NGX_CARRIERPAY_PQ_MAX_PARAMS];
    const char  *values[NGX_CARRIERPAY_PQ_MAX_PARAMS];

    for (i = 0; i < u->nqueries; i++) {
        q = &u->queries[i];
        st = &lane->pq->statements[q->statement];

        for (n = 0; n < st->nparams; n++) {
            values[n] = (const char *) q->params[n].data;
            lengths[n] = q->params[n].len;
            formats[n] = 1;
        }

        if (!PQsendQueryPrepared(lane->conn, st->name, (int) st->nparams,
                                 values, lengths, formats, 1))
        {
            return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
        }
    }

    if (!PQpipelineSync(lane->conn)) {
        return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
    }

    return ngx_carrierpay_pq_flush(lane);
}


/*
 * When the socket is full, libpq reads while it flushes, and no poll tells
 * of what it has read.  It then has bytes left to write, so the next write
 * event takes the results.
 */

static ngx_int_t
ngx_carrierpay_pq_flush(ngx_carrierpay_pq_lane_t *lane)
{
    int        left;
    ngx_int_t  rc;

    left = PQflush(lane->conn);

    if (left == -1 || PQstatus(lane->conn) == CONNECTION_BAD) {
        return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
    }

    rc = left ? ngx_carrierpay_event_want_write(lane->c)
              : ngx_carrierpay_event_drop_write(lane->c);

    return rc == NGX_OK ? NGX_OK
                        : ngx_carrierpay_pq_blame(lane, "no event for it");
}


/* The only place that changes a state; each state comes with its timer. */

static void
ngx_carrierpay_pq_set_state(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_state_e state)
{
    ngx_carrierpay_pq_t  *pq;

    pq = lane->pq;

    if (!(ngx_carrierpay_pq_exits[lane->state] & 1 << state)) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "postgres connection %ui goes from state %d to %d",
                      lane->number, (int) lane->state, (int) state);
    }

    lane->state = state;

    if (state == NGX_CARRIERPAY_PQ_PREPARING) {
        return;
    }

    if (lane->timer.timer_set) {
        ngx_del_timer(&lane->timer);
    }

    lane->timer.cancelable = 1;

    switch (state) {

    case NGX_CARRIERPAY_PQ_WAITING:
        ngx_add_timer(&lane->timer,
                      ngx_carrierpay_event_backoff(lane->failures));
        break;

    case NGX_CARRIERPAY_PQ_CONNECTING:
        ngx_add_timer(&lane->timer, pq->conf.timeout);
        break;

    case NGX_CARRIERPAY_PQ_READY:
        lane->wanted = 0;
        lane->since = ngx_current_msec;

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_CONNECTS);
        ngx_post_event(&pq->ready, &ngx_posted_events);
        break;

    default: /* NGX_CARRIERPAY_PQ_CLOSED */
        break;
    }
}


static void
ngx_carrierpay_pq_connect(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_carrierpay_pq_t  *pq;

    pq = lane->pq;

    ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_CONNECTING);

    lane->conn = PQconnectStartParams(pq->keys, pq->values, 0);

    if (lane->conn == NULL) {
        (void) ngx_carrierpay_pq_blame(lane, "no memory");
        ngx_carrierpay_pq_fail(lane);
        return;
    }

    (void) PQsetNoticeReceiver(lane->conn, ngx_carrierpay_pq_notice, lane);
    (void) PQsetErrorVerbosity(lane->conn, PQERRORS_TERSE);

    if (PQstatus(lane->conn) == CONNECTION_BAD) {
        (void) ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
        ngx_carrierpay_pq_fail(lane);
        return;
    }

    /* the first wait is for writing */

    if (ngx_carrierpay_pq_wait(lane, 1) != NGX_OK) {
        ngx_carrierpay_pq_fail(lane);
    }
}


/*
 * libpq may close its socket and open another, and the kernel may give it the
 * same number: so the old one leaves epoll before, the new one enters after.
 */

static void
ngx_carrierpay_pq_poll(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_int_t                  rc;
    PostgresPollingStatusType  status;

    ngx_carrierpay_event_release(lane->c, 0);
    lane->c = NULL;

    status = PQconnectPoll(lane->conn);

    switch (status) {

    case PGRES_POLLING_READING:
    case PGRES_POLLING_WRITING:
        rc = ngx_carrierpay_pq_wait(lane, status == PGRES_POLLING_WRITING);
        break;

    case PGRES_POLLING_OK:
        rc = ngx_carrierpay_pq_wait(lane, 0);

        if (rc == NGX_OK) {
            ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_PREPARING);
            rc = ngx_carrierpay_pq_prepare(lane);
        }

        break;

    default: /* PGRES_POLLING_FAILED */
        rc = ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
        break;
    }

    if (rc != NGX_OK) {
        ngx_carrierpay_pq_fail(lane);
    }
}


static ngx_int_t
ngx_carrierpay_pq_wait(ngx_carrierpay_pq_lane_t *lane, ngx_uint_t writing)
{
    lane->c = ngx_carrierpay_event_acquire(PQsocket(lane->conn), lane,
                                           ngx_carrierpay_pq_socket_handler,
                                           ngx_carrierpay_pq_socket_handler,
                                           ngx_cycle->log);
    if (lane->c == NULL) {
        return ngx_carrierpay_pq_blame(lane, "no slot for it");
    }

    if (writing
        && (ngx_carrierpay_event_want_write(lane->c) != NGX_OK
            || ngx_carrierpay_event_drop_read(lane->c) != NGX_OK))
    {
        return ngx_carrierpay_pq_blame(lane, "no event for it");
    }

    return NGX_OK;
}


/*
 * All statements and one question: a database that acknowledges commits
 * before they are on disk cannot keep this service's books.
 */

static ngx_int_t
ngx_carrierpay_pq_prepare(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_uint_t                            n;
    const ngx_carrierpay_pq_statement_t  *st;

    lane->nulls = 0;
    lane->nprepared = 0;

    if (PQsetnonblocking(lane->conn, 1) == -1
        || !PQenterPipelineMode(lane->conn))
    {
        return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
    }

    for (n = 0; n < lane->pq->nstatements; n++) {
        st = &lane->pq->statements[n];

        if (!PQsendPrepare(lane->conn, st->name, st->text, (int) st->nparams,
                           st->types))
        {
            return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
        }
    }

    if (!PQsendQueryParams(lane->conn,
                           "select current_setting('synchronous_commit')",
                           0, NULL, NULL, NULL, NULL, 0)
        || !PQpipelineSync(lane->conn))
    {
        return ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
    }

    return ngx_carrierpay_pq_flush(lane);
}


static void
ngx_carrierpay_pq_socket_handler(ngx_event_t *ev)
{
    ngx_connection_t          *c;
    ngx_carrierpay_pq_lane_t  *lane;

    c = ev->data;
    lane = c->data;

    if (c->close || c->error) {
        (void) ngx_carrierpay_pq_blame(lane, "worker shutdown timeout");
        ngx_carrierpay_pq_fail(lane);
        return;
    }

    if (lane->state == NGX_CARRIERPAY_PQ_CONNECTING) {
        ngx_carrierpay_pq_poll(lane);
        return;
    }

    ngx_carrierpay_pq_work(lane);
}


static void
ngx_carrierpay_pq_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_lane_t  *lane;

    lane = ev->data;

    switch (lane->state) {

    case NGX_CARRIERPAY_PQ_WAITING:

        if (ngx_exiting && !lane->wanted) {
            ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_CLOSED);
            return;
        }

        ngx_carrierpay_pq_connect(lane);
        return;

    case NGX_CARRIERPAY_PQ_CONNECTING:
    case NGX_CARRIERPAY_PQ_PREPARING:

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
        (void) ngx_carrierpay_pq_blame(lane, "connecting timed out");
        ngx_carrierpay_pq_fail(lane);
        return;

    case NGX_CARRIERPAY_PQ_READY:

        ngx_carrierpay_pq_deadline(lane);
        return;

    default: /* NGX_CARRIERPAY_PQ_CLOSED */
        return;
    }
}


/*
 * The timer is not moved as units come and go: it looks at the first of them
 * when it fires, and sleeps until that one's deadline.
 */

static void
ngx_carrierpay_pq_deadline(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_msec_int_t             left;
    ngx_carrierpay_pq_unit_t  *u;

    if (lane->nunits == 0) {
        return;
    }

    u = ngx_queue_data(ngx_queue_head(&lane->units),
                       ngx_carrierpay_pq_unit_t, queue);

    left = (ngx_msec_int_t) (u->expire - ngx_current_msec);

    if (left > 0) {
        ngx_add_timer(&lane->timer, (ngx_msec_t) left);
        return;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
    (void) ngx_carrierpay_pq_blame(lane, "no answer in time");
    ngx_carrierpay_pq_fail(lane);
}


/*
 * Over TLS the end of a record may wait inside OpenSSL, where no poll sees
 * it, and libpq does not tell: while an answer is awaited, look again soon.
 */

static void
ngx_carrierpay_pq_tick(ngx_event_t *ev)
{
    ngx_carrierpay_pq_work(ev->data);
}


static void
ngx_carrierpay_pq_broken_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_fail(ev->data);
}


static void
ngx_carrierpay_pq_ready_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_t  *pq;

    pq = ev->data;

    if (pq->on_ready) {
        pq->on_ready(pq->data);
    }
}


static void
ngx_carrierpay_pq_work(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    if (!PQconsumeInput(lane->conn)) {
        rc = ngx_carrierpay_pq_blame(lane, PQerrorMessage(lane->conn));
    }

    /* answers that came before the end of the connection still count */

    if (ngx_carrierpay_pq_results(lane) != NGX_OK
        || rc != NGX_OK
        || ngx_carrierpay_pq_flush(lane) != NGX_OK)
    {
        ngx_carrierpay_pq_fail(lane);
        return;
    }

    if (PQsslInUse(lane->conn)
        && !lane->tick.timer_set
        && (lane->nunits || lane->state == NGX_CARRIERPAY_PQ_PREPARING))
    {
        ngx_add_timer(&lane->tick, NGX_CARRIERPAY_PQ_TICK);
    }
}


static ngx_int_t
ngx_carrierpay_pq_results(ngx_carrierpay_pq_lane_t *lane)
{
    PGresult   *res;
    ngx_int_t   rc;

    /* PQisBusy() parses, so it comes first: it also finds notices */

    while (!PQisBusy(lane->conn)) {

        if (lane->nunits == 0 && lane->state == NGX_CARRIERPAY_PQ_READY) {
            return NGX_OK;
        }

        res = PQgetResult(lane->conn);

        /* one NULL closes a query; a sync has none */

        if (res == NULL) {
            if (++lane->nulls > 1) {
                return ngx_carrierpay_pq_blame(lane, "answers out of step");
            }

            continue;
        }

        lane->nulls = 0;

        rc = lane->state == NGX_CARRIERPAY_PQ_PREPARING
             ? ngx_carrierpay_pq_prepared(lane, res)
             : ngx_carrierpay_pq_answered(lane, res);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_prepared(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    switch (PQresultStatus(res)) {

    case PGRES_COMMAND_OK:
        lane->nprepared++;
        break;

    case PGRES_TUPLES_OK:

        if (ngx_strcmp(PQgetvalue(res, 0, 0), "off") == 0) {
            rc = ngx_carrierpay_pq_blame(lane, "synchronous_commit is off");
        }

        break;

    case PGRES_PIPELINE_SYNC:

        /* from here on an error's text may hold what a unit held */

        (void) PQsetErrorVerbosity(lane->conn, PQERRORS_SQLSTATE);

        ngx_carrierpay_pq_set_state(lane, NGX_CARRIERPAY_PQ_READY);
        break;

    default:
        rc = ngx_carrierpay_pq_refused(lane, res);
        break;
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_carrierpay_pq_refused(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    const char  *name, *sqlstate, *text;
    u_char       buf[NGX_CARRIERPAY_PQ_REASON];

    name = lane->nprepared < lane->pq->nstatements
           ? lane->pq->statements[lane->nprepared].name
           : "synchronous_commit";

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    (void) ngx_snprintf(buf, sizeof(buf), "statement \"%s\" refused: %s %s%Z",
                        name, sqlstate ? sqlstate : "-----",
                        text ? text : PQresultErrorMessage(res));

    buf[sizeof(buf) - 1] = '\0';

    return ngx_carrierpay_pq_blame(lane, (const char *) buf);
}


/* May end the first unit of the lane, which then is its handler's. */

static ngx_int_t
ngx_carrierpay_pq_answered(ngx_carrierpay_pq_lane_t *lane, PGresult *res)
{
    ngx_int_t                    rc;
    ngx_carrierpay_pq_unit_t    *u;
    ngx_carrierpay_pq_result_t   result;

    u = ngx_queue_data(ngx_queue_head(&lane->units),
                       ngx_carrierpay_pq_unit_t, queue);

    rc = NGX_OK;

    switch (PQresultStatus(res)) {

    case PGRES_TUPLES_OK:

        if (u->result && u->answered < u->nqueries) {
            result.res = res;
            u->result(u, u->answered, &result);
        }

        u->answered++;
        break;

    case PGRES_COMMAND_OK:
    case PGRES_PIPELINE_ABORTED:
        u->answered++;
        break;

    case PGRES_FATAL_ERROR:
        rc = ngx_carrierpay_pq_error(lane, u, res);
        break;

    case PGRES_PIPELINE_SYNC:
        PQclear(res);
        return ngx_carrierpay_pq_synced(lane, u);

    default:
        rc = ngx_carrierpay_pq_blame(lane, "unexpected kind of answer");
        break;
    }

    PQclear(res);

    return rc;
}


static ngx_int_t
ngx_carrierpay_pq_error(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u, PGresult *res)
{
    const char  *sqlstate;

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);

    /*
     * Without an SQLSTATE it is libpq that speaks: connection lost, memory
     * short.  The server may well have committed.
     */

    if (sqlstate == NULL) {
        return ngx_carrierpay_pq_blame(lane, PQresultErrorMessage(res));
    }

    ngx_log_debug3(NGX_LOG_DEBUG_CORE, ngx_cycle->log, 0,
                   "postgres connection %ui: query %ui failed with %s",
                   lane->number, u->answered, sqlstate);

    if (u->outcome == NGX_CARRIERPAY_PQ_DONE) {
        u->outcome = NGX_CARRIERPAY_PQ_FAILED;
        (void) ngx_cpystrn(u->sqlstate, (u_char *) sqlstate,
                           sizeof(u->sqlstate));
    }

    u->answered++;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_synced(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_unit_t *u)
{
    if (u->answered < u->nqueries) {
        return ngx_carrierpay_pq_blame(lane, "answers missing");
    }

    ngx_queue_remove(&u->queue);
    lane->nunits--;

    if (lane->nunits == 0) {
        lane->timer.cancelable = 1;
    }

    u->done(u);

    return NGX_OK;
}


/* Keeps the first reason: the rest is consequence.  NGX_ERROR, always. */

static ngx_int_t
ngx_carrierpay_pq_blame(ngx_carrierpay_pq_lane_t *lane, const char *text)
{
    if (lane->reason[0] == '\0') {
        ngx_carrierpay_event_reason(lane->reason, NGX_CARRIERPAY_PQ_REASON,
                                    text);
    }

    return NGX_ERROR;
}


/* Never inside a submit; calls handlers, so it is a caller's last word. */

static void
ngx_carrierpay_pq_fail(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_queue_t  lost;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_FAILURES);

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "postgres connection %ui %s with %ui units in flight: %s",
                  lane->number,
                  lane->state == NGX_CARRIERPAY_PQ_READY ? "lost" : "failed",
                  lane->nunits, lane->reason);

    /* one that breaks again and again does not count as having worked */

    if (lane->state == NGX_CARRIERPAY_PQ_READY
        && ngx_current_msec - lane->since >= NGX_CARRIERPAY_BACKOFF_MAX)
    {
        lane->failures = 0;
    }

    lane->failures++;
    lane->reason[0] = '\0';

    ngx_queue_init(&lost);
    ngx_carrierpay_pq_disconnect(lane, &lost);

    ngx_carrierpay_pq_set_state(lane, ngx_exiting && !lane->wanted
                                      ? NGX_CARRIERPAY_PQ_CLOSED
                                      : NGX_CARRIERPAY_PQ_WAITING);

    ngx_carrierpay_pq_lose(&lost);
}


/* Leaves nothing of the connection; its units join the queue of the lost. */

static void
ngx_carrierpay_pq_disconnect(ngx_carrierpay_pq_lane_t *lane,
    ngx_queue_t *lost)
{
    if (lane->tick.timer_set) {
        ngx_del_timer(&lane->tick);
    }

    if (lane->broken.posted) {
        ngx_delete_posted_event(&lane->broken);
    }

    /* a libpq that saw the end has closed the socket already */

    if (lane->c) {
        ngx_carrierpay_event_release(lane->c, PQsocket(lane->conn) == -1);
        lane->c = NULL;
    }

    if (lane->conn) {
        PQfinish(lane->conn);
        lane->conn = NULL;
    }

    if (!ngx_queue_empty(&lane->units)) {
        ngx_queue_add(lost, &lane->units);
        ngx_queue_init(&lane->units);
        lane->nunits = 0;
    }
}


static void
ngx_carrierpay_pq_lose(ngx_queue_t *lost)
{
    ngx_queue_t               *q;
    ngx_carrierpay_pq_unit_t  *u;

    while (!ngx_queue_empty(lost)) {
        q = ngx_queue_head(lost);
        ngx_queue_remove(q);

        u = ngx_queue_data(q, ngx_carrierpay_pq_unit_t, queue);

        u->outcome = NGX_CARRIERPAY_PQ_LOST;
        u->done(u);
    }
}


static void
ngx_carrierpay_pq_notice(void *data, const PGresult *res)
{
    const char                *sqlstate, *text;
    ngx_carrierpay_pq_lane_t  *lane;
    u_char                     line[NGX_CARRIERPAY_PQ_REASON];

    lane = data;

    sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

    ngx_carrierpay_event_reason(line, sizeof(line), text ? text : "");

    ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                  "postgres connection %ui: notice %s \"%s\"", lane->number,
                  sqlstate ? sqlstate : "", line);
}


ngx_uint_t
ngx_carrierpay_pq_rows(ngx_carrierpay_pq_result_t *res)
{
    return (ngx_uint_t) PQntuples(res->res);
}


ngx_uint_t
ngx_carrierpay_pq_null(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column)
{
    return PQgetisnull(res->res, (int) row, (int) column);
}


int64_t
ngx_carrierpay_pq_int(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column)
{
    int        len;
    u_char    *p, *last;
    uint64_t   value;

    if (PQgetisnull(res->res, (int) row, (int) column)) {
        return 0;
    }

    p = (u_char *) PQgetvalue(res->res, (int) row, (int) column);
    len = PQgetlength(res->res, (int) row, (int) column);

    if (len != 1 && len != 2 && len != 4 && len != 8) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "postgres column %ui is no integer", column);
        return 0;
    }

    value = *p & 0x80 ? UINT64_MAX : 0;

    for (last = p + len; p < last; p++) {
        value = value << 8 | *p;
    }

    return (int64_t) value;
}


void
ngx_carrierpay_pq_bytes(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column, ngx_str_t *bytes)
{
    ngx_str_null(bytes);

    if (!PQgetisnull(res->res, (int) row, (int) column)) {
        bytes->data = (u_char *) PQgetvalue(res->res, (int) row,
                                            (int) column);
        bytes->len = (size_t) PQgetlength(res->res, (int) row, (int) column);
    }
}


ngx_int_t
ngx_carrierpay_pq_copy(ngx_carrierpay_pq_result_t *res, ngx_uint_t row,
    ngx_uint_t column, ngx_pool_t *pool, ngx_str_t *copy)
{
    ngx_str_t  bytes;

    ngx_carrierpay_pq_bytes(res, row, column, &bytes);

    ngx_str_null(copy);

    if (bytes.data == NULL) {
        return NGX_OK;
    }

    /* a byte more, so that an empty value is not taken for a null */

    copy->data = ngx_pnalloc(pool, bytes.len + 1);
    if (copy->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(copy->data, bytes.data, bytes.len);
    copy->data[bytes.len] = '\0';
    copy->len = bytes.len;

    return NGX_OK;
}
