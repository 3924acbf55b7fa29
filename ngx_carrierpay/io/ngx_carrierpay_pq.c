
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_pq_conn.h"


static ngx_int_t ngx_carrierpay_pq_params(ngx_carrierpay_pq_t *pq);
static ngx_int_t ngx_carrierpay_pq_conninfo(ngx_carrierpay_pq_t *pq);
static ngx_int_t ngx_carrierpay_pq_option(ngx_carrierpay_pq_t *pq,
    const char *key, ngx_str_t *value);
static void ngx_carrierpay_pq_lane_init(ngx_carrierpay_pq_t *pq,
    ngx_uint_t n);

static ngx_int_t ngx_carrierpay_pq_submit(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u);
static ngx_int_t ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u);

static void ngx_carrierpay_pq_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_deadline(ngx_carrierpay_pq_lane_t *lane);
static void ngx_carrierpay_pq_broken_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_ready_handler(ngx_event_t *ev);

static void ngx_carrierpay_pq_lane_drain(ngx_carrierpay_pq_lane_t *lane,
    ngx_queue_t *lost);
static void ngx_carrierpay_pq_lose(ngx_queue_t *lost);


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

    if (ngx_carrierpay_pq_params(pq) != NGX_OK
        || ngx_carrierpay_pq_conninfo(pq) != NGX_OK)
    {
        goto failed;
    }

    pq->lanes = ngx_pcalloc(pool,
                            pq->nlanes * sizeof(ngx_carrierpay_pq_lane_t));
    if (pq->lanes == NULL) {
        goto failed;
    }

    for (n = 0; n < pq->nlanes; n++) {
        ngx_carrierpay_pq_lane_init(pq, n);
    }

    return pq;

failed:

    ngx_destroy_pool(pool);

    return NULL;
}


/*
 * libpq takes a query's parameters as three arrays.  They are filled for each
 * query anew, so one set, as long as the longest statement needs, is enough.
 */

static ngx_int_t
ngx_carrierpay_pq_params(ngx_carrierpay_pq_t *pq)
{
    ngx_uint_t  n, max;

    max = 0;

    for (n = 0; n < pq->nstatements; n++) {
        max = ngx_max(max, pq->statements[n].nparams);
    }

    if (max == 0) {
        return NGX_OK;
    }

    pq->params = ngx_palloc(pq->pool, max * sizeof(const char *));
    pq->lengths = ngx_palloc(pq->pool, max * sizeof(int));
    pq->formats = ngx_palloc(pq->pool, max * sizeof(int));

    if (pq->params == NULL || pq->lengths == NULL || pq->formats == NULL) {
        return NGX_ERROR;
    }

    for (n = 0; n < max; n++) {
        pq->formats[n] = 1;     /* binary */
    }

    return NGX_OK;
}


/*
 * The address is given as hostaddr, too: libpq then asks no resolver, and
 * verify-full still finds its name in host.
 */

static ngx_int_t
ngx_carrierpay_pq_conninfo(ngx_carrierpay_pq_t *pq)
{
    u_char      *p;
    ngx_str_t    port, address, timeout;
    ngx_uint_t   i;
    u_char       buf[2 * NGX_INT_T_LEN];

    static ngx_str_t  disable = ngx_string("disable");
    static ngx_str_t  encoding = ngx_string("UTF8");
    static ngx_str_t  application = ngx_string("carrierpay");

    struct {
        const char  *key;
        ngx_str_t   *value;
    } options[] = {
        { "host", &pq->conf.host },
        { "hostaddr", &address },
        { "port", &port },
        { "dbname", &pq->conf.dbname },
        { "user", &pq->conf.user },
        { "password", &pq->conf.password },
        { "sslmode", &pq->conf.sslmode },
        { "sslrootcert", &pq->conf.sslrootcert },
        { "tcp_user_timeout", &timeout },
        { "gssencmode", &disable },
        { "client_encoding", &encoding },
        { "application_name", &application }
    };

    ngx_str_null(&port);
    ngx_str_null(&address);
    ngx_str_null(&timeout);

    p = buf;

    if (pq->conf.port) {
        port.data = p;
        p = ngx_sprintf(p, "%ui", pq->conf.port);
        port.len = p - port.data;
    }

    if (pq->conf.host.len && pq->conf.host.data[0] != '/') {
        address = pq->conf.host;

        timeout.data = p;
        p = ngx_sprintf(p, "%M", pq->conf.timeout);
        timeout.len = p - timeout.data;
    }

    for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (ngx_carrierpay_pq_option(pq, options[i].key, options[i].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_option(ngx_carrierpay_pq_t *pq, const char *key,
    ngx_str_t *value)
{
    u_char  *p;

    if (value->len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(pq->pool, value->len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(p, value->data, value->len + 1);

    pq->keys[pq->nkeys] = key;
    pq->values[pq->nkeys++] = (const char *) p;

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

    ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_WAITING);
}


void
ngx_carrierpay_pq_destroy(ngx_carrierpay_pq_t *pq)
{
    ngx_uint_t                 n;
    ngx_queue_t                lost;
    ngx_carrierpay_pq_lane_t  *lane;

    ngx_queue_init(&lost);

    for (n = 0; n < pq->nlanes; n++) {
        lane = &pq->lanes[n];

        ngx_carrierpay_pq_lane_drain(lane, &lost);

        ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_CLOSED);
    }

    if (pq->ready.posted) {
        ngx_delete_posted_event(&pq->ready);
    }

    /* what their handlers submit is declined: all lanes are closed */

    ngx_carrierpay_pq_lose(&lost);

    ngx_destroy_pool(pq->pool);
}


ngx_int_t
ngx_carrierpay_pq_write(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u)
{
    return ngx_carrierpay_pq_submit(&pq->lanes[0], u);
}


ngx_int_t
ngx_carrierpay_pq_read(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u)
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
    ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_pq_t  *pq;

    pq = lane->pq;

    if (lane->state != NGX_CARRIERPAY_PQ_READY || lane->broken.posted) {
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
ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u)
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


/* Each state comes with its timer; PREPARING goes on with its forerunner's. */

void
ngx_carrierpay_pq_lane_state(ngx_carrierpay_pq_lane_t *lane,
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
        lane->since = ngx_current_msec;

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_CONNECTS);
        ngx_post_event(&pq->ready, &ngx_posted_events);
        break;

    default: /* NGX_CARRIERPAY_PQ_CLOSED */
        break;
    }
}


static void
ngx_carrierpay_pq_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_lane_t  *lane;

    lane = ev->data;

    switch (lane->state) {

    case NGX_CARRIERPAY_PQ_WAITING:

        ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_CONNECTING);

        if (ngx_carrierpay_pq_connect(lane) != NGX_OK) {
            ngx_carrierpay_pq_lane_fail(lane);
        }

        return;

    case NGX_CARRIERPAY_PQ_CONNECTING:
    case NGX_CARRIERPAY_PQ_PREPARING:

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
        (void) ngx_carrierpay_pq_lane_blame(lane, "connecting timed out");
        ngx_carrierpay_pq_lane_fail(lane);
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
    ngx_msec_int_t                    left;
    ngx_carrierpay_pq_transaction_t  *u;

    if (lane->nunits == 0) {
        return;
    }

    u = ngx_carrierpay_pq_lane_first(lane);

    left = (ngx_msec_int_t) (u->expire - ngx_current_msec);

    if (left > 0) {
        ngx_add_timer(&lane->timer, (ngx_msec_t) left);
        return;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
    (void) ngx_carrierpay_pq_lane_blame(lane, "no answer in time");
    ngx_carrierpay_pq_lane_fail(lane);
}


static void
ngx_carrierpay_pq_broken_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_lane_fail(ev->data);
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


ngx_carrierpay_pq_transaction_t *
ngx_carrierpay_pq_lane_first(ngx_carrierpay_pq_lane_t *lane)
{
    return ngx_queue_data(ngx_queue_head(&lane->units),
                          ngx_carrierpay_pq_transaction_t, queue);
}


void
ngx_carrierpay_pq_lane_done(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u)
{
    ngx_queue_remove(&u->queue);
    lane->nunits--;

    if (lane->nunits == 0) {
        lane->timer.cancelable = 1;
    }

    lane->failures = 0;

    u->done(u);
}


ngx_int_t
ngx_carrierpay_pq_lane_blame(ngx_carrierpay_pq_lane_t *lane, const char *text)
{
    if (lane->reason[0] == '\0') {
        ngx_carrierpay_event_reason(lane->reason, NGX_CARRIERPAY_PQ_REASON,
                                    text);
    }

    return NGX_ERROR;
}


void
ngx_carrierpay_pq_lane_fail(ngx_carrierpay_pq_lane_t *lane)
{
    ngx_queue_t  lost;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_FAILURES);

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "postgres connection %ui %s with %ui units in flight: %s",
                  lane->number,
                  lane->state == NGX_CARRIERPAY_PQ_READY ? "lost" : "failed",
                  lane->nunits, lane->reason);

    /* one that broke soon and unused does not count as having worked */

    if (lane->state == NGX_CARRIERPAY_PQ_READY
        && ngx_current_msec - lane->since >= NGX_CARRIERPAY_BACKOFF_MAX)
    {
        lane->failures = 0;
    }

    lane->failures++;
    lane->reason[0] = '\0';

    ngx_queue_init(&lost);
    ngx_carrierpay_pq_lane_drain(lane, &lost);

    ngx_carrierpay_pq_lane_state(lane, NGX_CARRIERPAY_PQ_WAITING);

    ngx_carrierpay_pq_lose(&lost);
}


/* Closes the connection; its units join the queue of the lost. */

static void
ngx_carrierpay_pq_lane_drain(ngx_carrierpay_pq_lane_t *lane,
    ngx_queue_t *lost)
{
    if (lane->broken.posted) {
        ngx_delete_posted_event(&lane->broken);
    }

    ngx_carrierpay_pq_disconnect(lane);

    if (!ngx_queue_empty(&lane->units)) {
        ngx_queue_add(lost, &lane->units);
        ngx_queue_init(&lane->units);
        lane->nunits = 0;
    }
}


static void
ngx_carrierpay_pq_lose(ngx_queue_t *lost)
{
    ngx_queue_t                      *q;
    ngx_carrierpay_pq_transaction_t  *u;

    while (!ngx_queue_empty(lost)) {
        q = ngx_queue_head(lost);
        ngx_queue_remove(q);

        u = ngx_queue_data(q, ngx_carrierpay_pq_transaction_t, queue);

        u->outcome = NGX_CARRIERPAY_PQ_LOST;
        u->done(u);
    }
}
