
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_pq_member.h"


struct ngx_carrierpay_pq_s {
    ngx_pool_t                     *pool;
    ngx_carrierpay_pq_conf_t        conf;
    ngx_carrierpay_pq_conn_conf_t   conn_conf;

    ngx_carrierpay_pq_member_t     *members;
    ngx_uint_t                      nmembers;

    ngx_event_t                     ready;
    ngx_carrierpay_pq_ready_pt      on_ready;
    void                           *data;
};


static ngx_int_t ngx_carrierpay_pq_submit(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_member_t *m, ngx_carrierpay_pq_transaction_t *t);
static ngx_int_t ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t);
static void ngx_carrierpay_pq_ready_handler(ngx_event_t *ev);


ngx_carrierpay_pq_t *
ngx_carrierpay_pq_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t nstatements)
{
    ngx_uint_t                   n;
    ngx_pool_t                  *pool;
    ngx_carrierpay_pq_t         *pq;
    ngx_carrierpay_pq_member_t  *m;

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
    pq->nmembers = ngx_max(conf->connections, 1);

    pq->conn_conf.handlers = &ngx_carrierpay_pq_member_handlers;
    pq->conn_conf.statements = statements;
    pq->conn_conf.nstatements = nstatements;

    pq->ready.handler = ngx_carrierpay_pq_ready_handler;
    pq->ready.data = pq;
    pq->ready.log = cycle->log;

    if (ngx_carrierpay_pq_conf_keywords(&pq->conf, &pq->conn_conf.keywords,
                                        pool)
        != NGX_OK
        || ngx_carrierpay_pq_conn_params(&pq->conn_conf, pool) != NGX_OK)
    {
        goto failed;
    }

    pq->members = ngx_pcalloc(pool, pq->nmembers
                                    * sizeof(ngx_carrierpay_pq_member_t));
    if (pq->members == NULL) {
        goto failed;
    }

    for (n = 0; n < pq->nmembers; n++) {
        m = &pq->members[n];

        m->conf = &pq->conf;
        m->ready = &pq->ready;
        m->conn.conf = &pq->conn_conf;
        m->conn.number = n;

        ngx_carrierpay_pq_member_start(m);
    }

    return pq;

failed:

    ngx_destroy_pool(pool);

    return NULL;
}


void
ngx_carrierpay_pq_destroy(ngx_carrierpay_pq_t *pq)
{
    ngx_uint_t   n;
    ngx_queue_t  lost;

    ngx_queue_init(&lost);

    for (n = 0; n < pq->nmembers; n++) {
        ngx_carrierpay_pq_member_close(&pq->members[n], &lost);
    }

    if (pq->ready.posted) {
        ngx_delete_posted_event(&pq->ready);
    }

    /* what their handlers submit is declined: all connections are closed */

    ngx_carrierpay_pq_member_lose(&lost);

    ngx_destroy_pool(pq->pool);
}


ngx_int_t
ngx_carrierpay_pq_write(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t)
{
    return ngx_carrierpay_pq_submit(pq, &pq->members[0], t);
}


ngx_int_t
ngx_carrierpay_pq_read(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t)
{
    ngx_uint_t                   n;
    ngx_carrierpay_pq_member_t  *m, *best;

    best = NULL;

    for (n = 1; n < pq->nmembers; n++) {
        m = &pq->members[n];

        if (ngx_carrierpay_pq_member_usable(m)
            && (best == NULL || m->ntransactions < best->ntransactions))
        {
            best = m;
        }
    }

    return ngx_carrierpay_pq_submit(pq, best ? best : &pq->members[0], t);
}


static ngx_int_t
ngx_carrierpay_pq_submit(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_member_t *m, ngx_carrierpay_pq_transaction_t *t)
{
    if (ngx_carrierpay_pq_check(pq, t) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_pq_member_submit(m, t);
}


/* Finds only bugs of callers, so that they harm no other transaction. */

static ngx_int_t
ngx_carrierpay_pq_check(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *t)
{
    ngx_uint_t                            i, n;
    ngx_carrierpay_pq_query_t            *q;
    const ngx_carrierpay_pq_statement_t  *st;

    if (t->nqueries == 0) {
        goto malformed;
    }

    for (i = 0; i < t->nqueries; i++) {
        q = &t->queries[i];

        if (q->statement >= pq->conn_conf.nstatements) {
            goto malformed;
        }

        st = &pq->conn_conf.statements[q->statement];

        for (n = 0; n < st->nparams; n++) {
            if (q->params[n].len < 0) {
                goto malformed;
            }
        }
    }

    return NGX_OK;

malformed:

    ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                  "malformed postgres transaction of %ui queries",
                  t->nqueries);

    return NGX_ERROR;
}


ngx_uint_t
ngx_carrierpay_pq_ready(ngx_carrierpay_pq_t *pq)
{
    return pq->members[0].conn.state == NGX_CARRIERPAY_PQ_READY;
}


void
ngx_carrierpay_pq_on_ready(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_ready_pt handler, void *data)
{
    pq->on_ready = handler;
    pq->data = data;
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
