
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_io_counters.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_pq_member.h"


static ngx_int_t ngx_carrierpay_pq_member_send(ngx_carrierpay_pq_member_t *m,
    ngx_carrierpay_pq_transaction_t *t);

static void ngx_carrierpay_pq_member_timer_handler(ngx_event_t *ev);
static void ngx_carrierpay_pq_member_deadline(ngx_carrierpay_pq_member_t *m);
static void ngx_carrierpay_pq_member_broken_handler(ngx_event_t *ev);

static void ngx_carrierpay_pq_member_ready(ngx_carrierpay_pq_conn_t *conn);
static void ngx_carrierpay_pq_member_answered(ngx_carrierpay_pq_conn_t *conn,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_pq_member_refused(ngx_carrierpay_pq_conn_t *conn,
    const char *sqlstate);
static ngx_int_t ngx_carrierpay_pq_member_synced(
    ngx_carrierpay_pq_conn_t *conn);
static void ngx_carrierpay_pq_member_failed(ngx_carrierpay_pq_conn_t *conn);

static ngx_carrierpay_pq_transaction_t *ngx_carrierpay_pq_member_first(
    ngx_carrierpay_pq_member_t *m);
static void ngx_carrierpay_pq_member_timer(ngx_carrierpay_pq_member_t *m,
    ngx_msec_t msec);
static void ngx_carrierpay_pq_member_fail(ngx_carrierpay_pq_member_t *m);


const ngx_carrierpay_pq_conn_handlers_t  ngx_carrierpay_pq_member_handlers = {
    ngx_carrierpay_pq_member_ready,
    ngx_carrierpay_pq_member_answered,
    ngx_carrierpay_pq_member_refused,
    ngx_carrierpay_pq_member_synced,
    ngx_carrierpay_pq_member_failed
};


void
ngx_carrierpay_pq_member_start(ngx_carrierpay_pq_member_t *m)
{
    ngx_queue_init(&m->transactions);

    m->conn.data = m;

    m->timer.handler = ngx_carrierpay_pq_member_timer_handler;
    m->timer.data = m;
    m->timer.log = ngx_cycle->log;

    m->broken.handler = ngx_carrierpay_pq_member_broken_handler;
    m->broken.data = m;
    m->broken.log = ngx_cycle->log;

    ngx_carrierpay_pq_member_timer(m, ngx_carrierpay_event_backoff(0));
}


ngx_uint_t
ngx_carrierpay_pq_member_usable(ngx_carrierpay_pq_member_t *m)
{
    return m->conn.state == NGX_CARRIERPAY_PQ_READY && !m->broken.posted;
}


/*
 * Calls no handler: when the connection breaks in here, it is failed from a
 * posted event.
 */

ngx_int_t
ngx_carrierpay_pq_member_submit(ngx_carrierpay_pq_member_t *m,
    ngx_carrierpay_pq_transaction_t *t)
{
    if (!ngx_carrierpay_pq_member_usable(m)) {
        return NGX_DECLINED;
    }

    if (m->ntransactions >= m->conf->queue_max) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_QUEUE_FULL);
        return NGX_BUSY;
    }

    t->answered = 0;
    t->outcome = NGX_CARRIERPAY_PQ_DONE;
    t->sqlstate[0] = '\0';
    t->expire = ngx_current_msec + m->conf->timeout;

    ngx_queue_insert_tail(&m->transactions, &t->queue);
    m->ntransactions++;

    /* keeps a worker that is told to quit */

    m->timer.cancelable = 0;

    if (!m->timer.timer_set) {
        ngx_add_timer(&m->timer, m->conf->timeout);
    }

    if (ngx_carrierpay_pq_member_send(m, t) != NGX_OK) {
        ngx_post_event(&m->broken, &ngx_posted_events);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_member_send(ngx_carrierpay_pq_member_t *m,
    ngx_carrierpay_pq_transaction_t *t)
{
    ngx_uint_t  i;

    for (i = 0; i < t->nqueries; i++) {
        if (ngx_carrierpay_pq_conn_send(&m->conn, &t->queries[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_carrierpay_pq_conn_sync(&m->conn);
}


static void
ngx_carrierpay_pq_member_timer_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_member_t  *m;

    m = ev->data;

    switch (m->conn.state) {

    case NGX_CARRIERPAY_PQ_CLOSED:

        ngx_carrierpay_pq_member_timer(m, m->conf->timeout);

        if (ngx_carrierpay_pq_conn_connect(&m->conn) != NGX_OK) {
            ngx_carrierpay_pq_member_fail(m);
        }

        return;

    case NGX_CARRIERPAY_PQ_CONNECTING:
    case NGX_CARRIERPAY_PQ_PREPARING:

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
        (void) ngx_carrierpay_pq_conn_error(&m->conn, "connecting timed out");
        ngx_carrierpay_pq_member_fail(m);
        return;

    default: /* NGX_CARRIERPAY_PQ_READY */

        ngx_carrierpay_pq_member_deadline(m);
        return;
    }
}


/*
 * The timer is not moved as transactions come and go.  When it fires, it
 * looks at the first of them and sleeps until the deadline of that one.
 */

static void
ngx_carrierpay_pq_member_deadline(ngx_carrierpay_pq_member_t *m)
{
    ngx_msec_int_t  left;

    if (m->ntransactions == 0) {
        return;
    }

    left = (ngx_msec_int_t) (ngx_carrierpay_pq_member_first(m)->expire
                             - ngx_current_msec);

    if (left > 0) {
        ngx_add_timer(&m->timer, (ngx_msec_t) left);
        return;
    }

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_TIMEOUTS);
    (void) ngx_carrierpay_pq_conn_error(&m->conn, "no answer in time");
    ngx_carrierpay_pq_member_fail(m);
}


static void
ngx_carrierpay_pq_member_broken_handler(ngx_event_t *ev)
{
    ngx_carrierpay_pq_member_fail(ev->data);
}


static void
ngx_carrierpay_pq_member_ready(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_carrierpay_pq_member_t  *m;

    m = conn->data;

    if (m->timer.timer_set) {
        ngx_del_timer(&m->timer);
    }

    m->since = ngx_current_msec;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_CONNECTS);
    ngx_post_event(m->ready, &ngx_posted_events);
}


static void
ngx_carrierpay_pq_member_answered(ngx_carrierpay_pq_conn_t *conn,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_pq_transaction_t  *t;

    t = ngx_carrierpay_pq_member_first(conn->data);

    if (res && t->result && t->answered < t->nqueries) {
        t->result(t, t->answered, res);
    }

    t->answered++;
}


static void
ngx_carrierpay_pq_member_refused(ngx_carrierpay_pq_conn_t *conn,
    const char *sqlstate)
{
    ngx_carrierpay_pq_transaction_t  *t;

    t = ngx_carrierpay_pq_member_first(conn->data);

    ngx_log_debug3(NGX_LOG_DEBUG_CORE, ngx_cycle->log, 0,
                   "postgres connection %ui: query %ui failed with %s",
                   conn->number, t->answered, sqlstate);

    if (t->outcome == NGX_CARRIERPAY_PQ_DONE) {
        t->outcome = NGX_CARRIERPAY_PQ_FAILED;
        (void) ngx_cpystrn(t->sqlstate, (u_char *) sqlstate,
                           sizeof(t->sqlstate));
    }

    t->answered++;
}


/* Ends the first transaction, which then is its owner's again. */

static ngx_int_t
ngx_carrierpay_pq_member_synced(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_carrierpay_pq_member_t       *m;
    ngx_carrierpay_pq_transaction_t  *t;

    m = conn->data;
    t = ngx_carrierpay_pq_member_first(m);

    if (t->answered < t->nqueries) {
        return ngx_carrierpay_pq_conn_error(conn, "answers missing");
    }

    ngx_queue_remove(&t->queue);
    m->ntransactions--;

    if (m->ntransactions == 0) {
        m->timer.cancelable = 1;
    }

    m->failures = 0;

    t->done(t);

    return NGX_OK;
}


static void
ngx_carrierpay_pq_member_failed(ngx_carrierpay_pq_conn_t *conn)
{
    ngx_carrierpay_pq_member_fail(conn->data);
}


static ngx_carrierpay_pq_transaction_t *
ngx_carrierpay_pq_member_first(ngx_carrierpay_pq_member_t *m)
{
    return ngx_queue_data(ngx_queue_head(&m->transactions),
                          ngx_carrierpay_pq_transaction_t, queue);
}


/* The timer of a member without transactions does not keep the worker. */

static void
ngx_carrierpay_pq_member_timer(ngx_carrierpay_pq_member_t *m, ngx_msec_t msec)
{
    m->timer.cancelable = 1;
    ngx_add_timer(&m->timer, msec);
}


/*
 * Calls handlers of transactions, so it is never called inside a submit, and
 * the caller returns after it.
 */

static void
ngx_carrierpay_pq_member_fail(ngx_carrierpay_pq_member_t *m)
{
    ngx_queue_t  lost;
    ngx_uint_t   ready;

    ready = (m->conn.state == NGX_CARRIERPAY_PQ_READY);

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PQ_FAILURES);

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "postgres connection %ui to \"%V\" %s with %ui transactions "
                  "in flight: %s",
                  m->conn.number, &m->conf->host, ready ? "lost" : "failed",
                  m->ntransactions, m->conn.reason);

    /* one that broke soon and unused does not count as having worked */

    if (ready && ngx_current_msec - m->since >= NGX_CARRIERPAY_BACKOFF_MAX) {
        m->failures = 0;
    }

    m->failures++;

    ngx_queue_init(&lost);
    ngx_carrierpay_pq_member_close(m, &lost);

    ngx_carrierpay_pq_member_timer(m,
                                   ngx_carrierpay_event_backoff(m->failures));

    ngx_carrierpay_pq_member_lose(&lost);
}


void
ngx_carrierpay_pq_member_close(ngx_carrierpay_pq_member_t *m,
    ngx_queue_t *lost)
{
    if (m->timer.timer_set) {
        ngx_del_timer(&m->timer);
    }

    if (m->broken.posted) {
        ngx_delete_posted_event(&m->broken);
    }

    ngx_carrierpay_pq_conn_close(&m->conn);

    if (!ngx_queue_empty(&m->transactions)) {
        ngx_queue_add(lost, &m->transactions);
        ngx_queue_init(&m->transactions);
        m->ntransactions = 0;
    }
}


void
ngx_carrierpay_pq_member_lose(ngx_queue_t *lost)
{
    ngx_queue_t                      *q;
    ngx_carrierpay_pq_transaction_t  *t;

    while (!ngx_queue_empty(lost)) {
        q = ngx_queue_head(lost);
        ngx_queue_remove(q);

        t = ngx_queue_data(q, ngx_carrierpay_pq_transaction_t, queue);

        t->outcome = NGX_CARRIERPAY_PQ_LOST;
        t->done(t);
    }
}
