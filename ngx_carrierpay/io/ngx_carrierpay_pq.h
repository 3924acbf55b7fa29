
/*
 * PostgreSQL, asynchronously: a worker's few connections in pipeline mode.
 *
 * A unit is one or more prepared queries and one sync: an implicit
 * transaction, committed as a whole or not at all.  The caller owns the unit
 * and all that it points to, from submit until its done handler; io/pq never
 * frees it.  Handlers never run inside ngx_carrierpay_pq_submit().
 *
 * Every connection prepares all statements before it counts as ready,
 * reconnects by itself with back-off and jitter, and holds no state between
 * units.  Lane 0 is the writer; reads share the other connections (or lane 0
 * when none of them is ready).  Units of one lane are answered in order.
 *
 * A database whose role has synchronous_commit = off is refused: its
 * connections never become ready.  Statements are sent as they are submitted;
 * values of parameters never reach a log.
 *
 * All parameters and results are binary; see "Binary format" in PostgreSQL's
 * chapter on libpq (integers big-endian, arrays as in array_send()).
 */


#ifndef _NGX_CARRIERPAY_PQ_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


typedef struct ngx_carrierpay_pq_s              ngx_carrierpay_pq_t;
typedef struct ngx_carrierpay_pq_transaction_s
    ngx_carrierpay_pq_transaction_t;
typedef struct ngx_carrierpay_pq_result_s       ngx_carrierpay_pq_result_t;


/* type oids that we send, from pg_type.dat */

#define NGX_CARRIERPAY_PQ_BOOL         16
#define NGX_CARRIERPAY_PQ_BYTEA        17
#define NGX_CARRIERPAY_PQ_INT8         20
#define NGX_CARRIERPAY_PQ_INT4         23
#define NGX_CARRIERPAY_PQ_TEXT         25
#define NGX_CARRIERPAY_PQ_UUID         2950

#define NGX_CARRIERPAY_PQ_BOOL_ARRAY   1000
#define NGX_CARRIERPAY_PQ_BYTEA_ARRAY  1001
#define NGX_CARRIERPAY_PQ_INT4_ARRAY   1007
#define NGX_CARRIERPAY_PQ_TEXT_ARRAY   1009
#define NGX_CARRIERPAY_PQ_INT8_ARRAY   1016
#define NGX_CARRIERPAY_PQ_UUID_ARRAY   2951


typedef struct {
    ngx_str_t        host;       /* a socket's directory or an IP address */
    ngx_uint_t       port;
    ngx_str_t        dbname;
    ngx_str_t        user;
    ngx_str_t        password;   /* from a file; empty: none */
    ngx_str_t        sslmode;    /* empty: libpq's default */
    ngx_str_t        sslrootcert;
    ngx_uint_t       connections;
    ngx_msec_t       timeout;    /* of connecting, and of a unit's answer */
    ngx_uint_t       queue_max;  /* units that may wait on one connection */
} ngx_carrierpay_pq_conf_t;


typedef struct {
    const char      *name;
    const char      *text;
    ngx_uint_t       nparams;
    const uint32_t  *types;      /* nparams of them, or NULL for none */
} ngx_carrierpay_pq_statement_t;


typedef struct {
    u_char          *data;       /* NULL is SQL's null; "" is not */
    int              len;
} ngx_carrierpay_pq_param_t;


typedef struct {
    ngx_uint_t                  statement;   /* index of the table */
    ngx_carrierpay_pq_param_t  *params;      /* as many as it has */
} ngx_carrierpay_pq_query_t;


typedef enum {
    NGX_CARRIERPAY_PQ_DONE = 0,  /* committed */
    NGX_CARRIERPAY_PQ_FAILED,    /* the server refused: rolled back */
    NGX_CARRIERPAY_PQ_LOST       /* connection lost: perhaps committed */
} ngx_carrierpay_pq_outcome_e;


typedef void (*ngx_carrierpay_pq_result_pt)(ngx_carrierpay_pq_transaction_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
typedef void (*ngx_carrierpay_pq_done_pt)(ngx_carrierpay_pq_transaction_t *u);


struct ngx_carrierpay_pq_transaction_s {
    ngx_queue_t                  queue;      /* io/pq's */

    ngx_carrierpay_pq_query_t   *queries;
    ngx_uint_t                   nqueries;
    ngx_uint_t                   answered;   /* io/pq's */
    ngx_msec_t                   expire;     /* io/pq's */

    /*
     * Called once a query that answered with rows (perhaps none), in order,
     * before the commit is known: results are to be copied, not yet acted
     * upon.  May be NULL.  It neither frees the unit nor submits.
     */
    ngx_carrierpay_pq_result_pt  result;

    /*
     * Called once; the last thing that io/pq does with the unit.  It may free
     * the unit, submit it again, or submit others; it may not destroy the pq.
     */
    ngx_carrierpay_pq_done_pt    done;
    void                        *data;

    ngx_carrierpay_pq_outcome_e  outcome;
    u_char                       sqlstate[6]; /* of the first error, or "" */
};


/*
 * Starts the connections of a worker; the table of statements must outlive
 * it.  NULL when memory is short.  Nothing is connected yet on return.
 */
ngx_carrierpay_pq_t *ngx_carrierpay_pq_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_conf_t *conf,
    const ngx_carrierpay_pq_statement_t *statements, ngx_uint_t nstatements);

/*
 * Closes all and frees the pq; units in flight end as LOST, and what their
 * handlers submit is declined.  For exit_process.
 */
void ngx_carrierpay_pq_destroy(ngx_carrierpay_pq_t *pq);

/*
 * NGX_OK: done() will be called, within conf->timeout.  NGX_DECLINED: no
 * connection is ready; NGX_BUSY: the queue is full; NGX_ERROR: a malformed
 * unit (a bug of ours, after an [alert] line).  In all three, nothing was
 * sent and done() will not be called.
 *
 * A worker that is told to quit lives on until the units in flight have
 * ended.  Whoever must write more before it ends holds a timer of his own,
 * not cancelable: meanwhile connections are kept, and lost ones come back.
 */
ngx_int_t ngx_carrierpay_pq_write(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u);
ngx_int_t ngx_carrierpay_pq_read(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_transaction_t *u);

/* Is the writer ready?  For health checks. */
ngx_uint_t ngx_carrierpay_pq_ready(ngx_carrierpay_pq_t *pq);

/*
 * Called (if set) each time a lane becomes ready, from a posted event, so
 * that those who hold work can try again.
 */
typedef void (*ngx_carrierpay_pq_ready_pt)(void *data);
void ngx_carrierpay_pq_on_ready(ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_pq_ready_pt handler, void *data);


/* Results: valid inside the result handler only. */

ngx_uint_t ngx_carrierpay_pq_rows(ngx_carrierpay_pq_result_t *res);
ngx_uint_t ngx_carrierpay_pq_null(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column);

/* bool, int2, int4, int8 and "char"; 0 for null */
int64_t ngx_carrierpay_pq_int(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column);

/* the bytes in place (text, bytea, uuid); len 0 for null */
void ngx_carrierpay_pq_bytes(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column, ngx_str_t *bytes);

/* a copy, followed by a 0; null is data NULL; NGX_ERROR: memory is short */
ngx_int_t ngx_carrierpay_pq_copy(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column, ngx_pool_t *pool, ngx_str_t *copy);


/*
 * Parameters.  Scalars are written into memory of the caller's pool; an array
 * is opened for at most n elements and `bytes` of payload (1 a bool, 4 an
 * int4, 8 an int8, 0 a null), filled in order and closed into a parameter.
 * An array that overflows (a bug of ours) leaves an [alert] line and makes a
 * unit that a submit refuses.
 */

typedef struct {
    u_char          *start;
    u_char          *pos;
    u_char          *end;
    uint32_t         n;
    uint32_t         has_null;
} ngx_carrierpay_pq_array_t;

ngx_int_t ngx_carrierpay_pq_param_int4(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, int32_t value);
ngx_int_t ngx_carrierpay_pq_param_int8(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, int64_t value);
ngx_int_t ngx_carrierpay_pq_param_bool(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, ngx_uint_t value);

ngx_int_t ngx_carrierpay_pq_array_open(ngx_carrierpay_pq_array_t *a,
    ngx_pool_t *pool, uint32_t element_oid, ngx_uint_t n, size_t bytes);
void ngx_carrierpay_pq_array_null(ngx_carrierpay_pq_array_t *a);
void ngx_carrierpay_pq_array_bool(ngx_carrierpay_pq_array_t *a,
    ngx_uint_t value);
void ngx_carrierpay_pq_array_int4(ngx_carrierpay_pq_array_t *a,
    int32_t value);
void ngx_carrierpay_pq_array_int8(ngx_carrierpay_pq_array_t *a,
    int64_t value);
/* text, bytea and uuid; data == NULL is null */
void ngx_carrierpay_pq_array_bytes(ngx_carrierpay_pq_array_t *a,
    u_char *data, size_t len);
void ngx_carrierpay_pq_array_close(ngx_carrierpay_pq_array_t *a,
    ngx_carrierpay_pq_param_t *p);


#endif /* _NGX_CARRIERPAY_PQ_H_INCLUDED_ */
