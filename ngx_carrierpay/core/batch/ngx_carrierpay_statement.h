
/*
 * A statement is one call of one database function: its name, its parameters,
 * and what becomes of its rows.
 *
 * The descriptor stands beside its user.  The columns say where in the user's
 * own struct (call->args) the value of each parameter lies, and of which type
 * it is; the text of the prepared statement and its types are made from them
 * when a worker starts.  So one more database function is an SQL file, a
 * descriptor, and its line in the list of core/ngx_carrierpay_worker.c.
 *
 * A batched statement takes arrays, one a parameter, with one element for
 * each call, and answers rows whose first column is the number of the call,
 * from 1; the other columns are what row() reads.  A statement that is not
 * batched takes scalars, and row() reads its columns from 0.
 */


#ifndef _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_
#define _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"


typedef struct ngx_carrierpay_sql_call_s   ngx_carrierpay_sql_call_t;
typedef struct ngx_carrierpay_statement_s  ngx_carrierpay_statement_t;


/*
 * A number that may be absent, where each number may be meant: what came from
 * outside must not be able to say "none".
 */

typedef struct {
    int64_t                         value;
    ngx_uint_t                      set;
} ngx_carrierpay_optional_t;


/*
 * What lies at a column's offset.  Where 0 is null, the field is an id or an
 * instant of our own, which is never 0.
 */

typedef enum {
    NGX_CARRIERPAY_COLUMN_INT4 = 0,
    NGX_CARRIERPAY_COLUMN_INT4_OR_NULL,    /* 0 is null */
    NGX_CARRIERPAY_COLUMN_INT8,
    NGX_CARRIERPAY_COLUMN_INT8_OR_NULL,    /* 0 is null */
    NGX_CARRIERPAY_COLUMN_INT8_OPTIONAL,   /* ngx_carrierpay_optional_t */
    NGX_CARRIERPAY_COLUMN_BOOL,            /* ngx_uint_t */
    NGX_CARRIERPAY_COLUMN_TEXT,            /* ngx_str_t; data NULL is null */
    NGX_CARRIERPAY_COLUMN_BYTEA,           /* ngx_str_t; data NULL is null */
    NGX_CARRIERPAY_COLUMN_HASH,            /* u_char[32] */
    NGX_CARRIERPAY_COLUMN_UUID             /* u_char[16] */
} ngx_carrierpay_column_e;


typedef struct {
    ngx_carrierpay_column_e         type;
    size_t                          offset;      /* in call->args */
} ngx_carrierpay_column_t;


/*
 * Reads one row into call->args: copies, since the result is gone afterwards,
 * and acts upon nothing, since the commit is not known yet.  A batch that is
 * sent again calls it again.  NGX_OK; NGX_BUSY, nothing was done, and a batch
 * will ask again; or NGX_ERROR: memory was short.
 */
typedef ngx_int_t (*ngx_carrierpay_row_pt)(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


struct ngx_carrierpay_statement_s {
    const char                     *name;        /* of carrierpay.name() */
    const ngx_carrierpay_column_t  *columns;
    ngx_uint_t                      ncolumns;
    ngx_carrierpay_row_pt           row;         /* NULL: rows only count */

    unsigned                        batched:1;
    unsigned                        writer:1;    /* batched: see ledger */
    unsigned                        intent:1;    /* may be refused when the
                                                    ledger is busy */

    ngx_uint_t                      number;      /* of the prepared one */
};


#define ngx_carrierpay_column(type, args, field)                              \
    { NGX_CARRIERPAY_COLUMN_##type, offsetof(args, field) }

/* the columns and ncolumns of a descriptor */
#define ngx_carrierpay_columns(table)                                         \
    table, sizeof(table) / sizeof(ngx_carrierpay_column_t)


/*
 * Makes the prepared statements of a list, which a NULL ends, and numbers
 * them.  They lie in the pool.  NULL: memory.
 */
ngx_carrierpay_pq_statement_t *ngx_carrierpay_statements(ngx_pool_t *pool,
    ngx_carrierpay_statement_t **list, ngx_uint_t *n);

/*
 * Encodes the parameters of n calls of a statement into the query: arrays
 * when it is batched; else n is 1 and texts are not copied.  NGX_ERROR:
 * memory.
 */
ngx_int_t ngx_carrierpay_statement_encode(ngx_carrierpay_statement_t *st,
    ngx_carrierpay_sql_call_t **calls, ngx_uint_t n, ngx_pool_t *pool,
    ngx_carrierpay_pq_query_t *query);


#endif /* _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_ */
