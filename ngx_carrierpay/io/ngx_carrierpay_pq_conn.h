
/*
 * One connection to PostgreSQL in pipeline mode.  Its source is the only file
 * that speaks with libpq; it knows neither the pool nor transactions.
 *
 *                connect              socket             clean sync
 *     CLOSED ------------> CONNECTING -----> PREPARING ----------> READY
 *       ^                      |                 |                   |
 *       +----------------------+-----------------+-------------------+
 *                                   close
 *
 * The owner sets conf, data and number, and the state is CLOSED when the
 * memory is zeroed.  A connection has no deadlines: its owner keeps them.
 */


#ifndef _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_pq_conf.h"
#include "ngx_carrierpay_pq_query.h"
#include "ngx_carrierpay_pq_result.h"


#define NGX_CARRIERPAY_PQ_REASON  256


typedef struct ngx_carrierpay_pq_conn_s  ngx_carrierpay_pq_conn_t;


typedef enum {
    NGX_CARRIERPAY_PQ_CLOSED = 0,
    NGX_CARRIERPAY_PQ_CONNECTING,  /* PQconnectPoll() */
    NGX_CARRIERPAY_PQ_PREPARING,   /* all statements are being prepared */
    NGX_CARRIERPAY_PQ_READY
} ngx_carrierpay_pq_state_e;


/*
 * What a connection reports to its owner.  Nothing is called from within
 * connect, send, sync or close.
 */

typedef struct {
    /* All statements are prepared: queries may be sent. */
    void       (*ready)(ngx_carrierpay_pq_conn_t *conn);

    /*
     * The next query, in the order of sending, was answered: with rows
     * (perhaps none), or with no result, and then res is NULL.
     */
    void       (*answered)(ngx_carrierpay_pq_conn_t *conn,
                           ngx_carrierpay_pq_result_t *res);

    /* The server has refused the next query and rolls back to the sync. */
    void       (*refused)(ngx_carrierpay_pq_conn_t *conn,
                          const char *sqlstate);

    /*
     * The server has come to the next sync: what was sent before it is
     * committed, or rolled back after a refusal.  The owner may send more.
     * NGX_ERROR after ngx_carrierpay_pq_conn_error(): failed() will be called.
     */
    ngx_int_t  (*synced)(ngx_carrierpay_pq_conn_t *conn);

    /* The connection is of no more use; conn->reason says why. */
    void       (*failed)(ngx_carrierpay_pq_conn_t *conn);
} ngx_carrierpay_pq_conn_handlers_t;


/* What all connections of a pool have in common. */

typedef struct {
    ngx_carrierpay_pq_keywords_t              keywords;
    const ngx_carrierpay_pq_conn_handlers_t  *handlers;

    const ngx_carrierpay_pq_statement_t      *statements;
    ngx_uint_t                                nstatements;

    /* the parameters of the query that is being sent, as libpq takes them */
    const char                              **params;
    int                                      *lengths;
    int                                      *formats;
} ngx_carrierpay_pq_conn_conf_t;


struct ngx_carrierpay_pq_conn_s {
    ngx_carrierpay_pq_conn_conf_t  *conf;
    void                           *data;       /* the owner's */
    ngx_uint_t                      number;     /* for the log */

    ngx_carrierpay_pq_state_e       state;
    ngx_connection_t               *c;
    struct pg_conn                 *pg;         /* libpq's PGconn */

    ngx_uint_t                      nsyncs;     /* sent and unanswered */
    ngx_uint_t                      nulls;      /* results NULL in a row */
    ngx_uint_t                      nprepared;
    ngx_event_t                     tick;

    u_char                          reason[NGX_CARRIERPAY_PQ_REASON];
};


/*
 * Allocates the parameters of conf, as many as its longest statement has.
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_pq_conn_params(ngx_carrierpay_pq_conn_conf_t *conf,
    ngx_pool_t *pool);

/*
 * Starts to connect.  NGX_OK: ready() or failed() will be called, unless the
 * owner closes the connection before.  NGX_ERROR: conn->reason says why, and
 * the owner closes the connection.
 */
ngx_int_t ngx_carrierpay_pq_conn_connect(ngx_carrierpay_pq_conn_t *conn);

/*
 * Sends a query, and the sync that ends an implicit transaction, on a READY
 * connection.  NGX_ERROR: conn->reason says why; the owner closes the
 * connection, for what it has sent is perhaps incomplete.
 */
ngx_int_t ngx_carrierpay_pq_conn_send(ngx_carrierpay_pq_conn_t *conn,
    ngx_carrierpay_pq_query_t *query);
ngx_int_t ngx_carrierpay_pq_conn_sync(ngx_carrierpay_pq_conn_t *conn);

/* Keeps the first reason of a failure, the rest is consequence: NGX_ERROR. */
ngx_int_t ngx_carrierpay_pq_conn_error(ngx_carrierpay_pq_conn_t *conn,
    const char *text);

/* Closes what is open, which may be nothing. */
void ngx_carrierpay_pq_conn_close(ngx_carrierpay_pq_conn_t *conn);


#endif /* _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_ */
