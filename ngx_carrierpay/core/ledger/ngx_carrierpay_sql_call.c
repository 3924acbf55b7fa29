
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_service.h"


static void ngx_carrierpay_ask_result(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_ask_done(ngx_carrierpay_pq_transaction_t *u);


ngx_int_t
ngx_carrierpay_ask(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_pq_transaction_t  *u;

    ask->rc = NGX_DECLINED;

    ask->query.params = ask->params;

    u = &ask->unit;

    u->queries = &ask->query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_ask_result;
    u->done = ngx_carrierpay_ask_done;
    u->data = ask;

    return ngx_carrierpay_pq_read(ask->flow->core->pq, u) == NGX_OK
           ? NGX_AGAIN : NGX_ERROR;
}


static void
ngx_carrierpay_ask_result(ngx_carrierpay_pq_transaction_t *u, ngx_uint_t query,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_ask_t  *ask;

    ask = u->data;

    if (ngx_carrierpay_pq_rows(res)) {
        ask->rc = ask->row ? ask->row(ask, res) : NGX_OK;
    }
}


static void
ngx_carrierpay_ask_done(ngx_carrierpay_pq_transaction_t *u)
{
    ngx_carrierpay_ask_t  *ask;

    ask = u->data;

    if (u->outcome != NGX_CARRIERPAY_PQ_DONE) {
        ask->rc = NGX_ERROR;
    }

    ask->handler(ask);
}


void
ngx_carrierpay_ask_text(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    const ngx_str_t *text)
{
    ask->params[n].data = text->data;
    ask->params[n].len = text->len;
}


ngx_int_t
ngx_carrierpay_ask_int4(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    int32_t value)
{
    return ngx_carrierpay_pq_param_int4(&ask->params[n],
                                        ask->flow->pool, value);
}


ngx_int_t
ngx_carrierpay_ask_int8(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    int64_t value)
{
    return ngx_carrierpay_pq_param_int8(&ask->params[n],
                                        ask->flow->pool, value);
}


ngx_int_t
ngx_carrierpay_ask_bool(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    ngx_uint_t value)
{
    return ngx_carrierpay_pq_param_bool(&ask->params[n],
                                        ask->flow->pool, value);
}
