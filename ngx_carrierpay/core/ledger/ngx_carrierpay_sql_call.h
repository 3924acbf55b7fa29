
/*
 * One call of a database function as a step of a flow.
 *
 * For what is not gathered into the ledger's batches: looks, and functions
 * that are called seldom.  The call is its own transaction.
 */


#ifndef _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_
#define _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_statement.h"


typedef struct ngx_carrierpay_ask_s  ngx_carrierpay_ask_t;

/* NGX_OK, or NGX_ERROR: memory was too short to keep the row. */
typedef ngx_int_t (*ngx_carrierpay_ask_row_pt)(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);

typedef void (*ngx_carrierpay_ask_pt)(ngx_carrierpay_ask_t *ask);


/* An operation, part of a flow's data; zeroed before it is used again. */
struct ngx_carrierpay_ask_s {
    ngx_carrierpay_flow_t           *flow;       /* its owner */
    ngx_carrierpay_pq_query_t        query;      /* its statement */
    ngx_carrierpay_pq_param_t        params[16]; /* those not set are null */
    ngx_carrierpay_ask_row_pt        row;        /* copies the first row; or
                                                NULL */
    ngx_carrierpay_ask_pt            handler;

    /*
     * NGX_OK: there was a row, committed; NGX_DECLINED: there was none;
     * NGX_ERROR: no answer, or no memory.  What the function does has perhaps
     * been done.
     */
    ngx_int_t                        rc;

    ngx_carrierpay_pq_transaction_t  unit;       /* the operation's own */
};


/*
 * NGX_AGAIN: the handler will be called, once, not before this returns.
 * NGX_ERROR: the database is away, nothing was asked.
 */
ngx_int_t ngx_carrierpay_ask(ngx_carrierpay_ask_t *ask);

/* A parameter that lies in memory of the flow; data NULL is null. */
void ngx_carrierpay_ask_text(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    const ngx_str_t *text);

/* NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_carrierpay_ask_int4(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    int32_t value);
ngx_int_t ngx_carrierpay_ask_int8(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    int64_t value);
ngx_int_t ngx_carrierpay_ask_bool(ngx_carrierpay_ask_t *ask, ngx_uint_t n,
    ngx_uint_t value);


#endif /* _NGX_CARRIERPAY_SQL_CALL_H_INCLUDED_ */
