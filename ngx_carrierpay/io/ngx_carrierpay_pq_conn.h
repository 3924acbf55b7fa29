
/*
 * The inside of io/pq: a lane is one connection in pipeline mode, its state,
 * its deadline and the units that wait for their answers.  It counts in
 * io/shm.
 *
 * ngx_carrierpay_pq_lane.c knows lanes and units, but not libpq;
 * ngx_carrierpay_pq.c is all that speaks with libpq.  The two call each
 * other through this header; nobody else includes it.
 */


#ifndef _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_pq.h"


#define NGX_CARRIERPAY_PQ_KEYS    16
#define NGX_CARRIERPAY_PQ_REASON  256


/*
 *     create
 *       |
 *       v      pause over            socket            clean sync
 *    WAITING ------------> CONNECTING -----> PREPARING ----------> READY
 *       ^                      |                 |                   |
 *       +----------------------+-----------------+-------------------+
 *                                  any failure
 *
 * and from each to CLOSED, when the pq is destroyed.  Only the deadline of
 * units keeps a worker that is told to quit; all other timers are cancelable,
 * so a lost connection is made anew only while something else keeps it.
 */

typedef enum {
    NGX_CARRIERPAY_PQ_CLOSED = 0,  /* before create and after destroy */
    NGX_CARRIERPAY_PQ_WAITING,     /* timer: the pause */
    NGX_CARRIERPAY_PQ_CONNECTING,  /* timer: deadline; PQconnectPoll() */
    NGX_CARRIERPAY_PQ_PREPARING,   /* the same timer goes on */
    NGX_CARRIERPAY_PQ_READY        /* timer: deadline of the first unit */
} ngx_carrierpay_pq_state_e;


typedef struct {
    ngx_carrierpay_pq_t        *pq;
    ngx_connection_t           *c;
    struct pg_conn             *conn;       /* libpq's PGconn */

    ngx_uint_t                  number;
    ngx_carrierpay_pq_state_e   state;

    ngx_queue_t                 units;      /* sent, in order */
    ngx_uint_t                  nunits;
    ngx_uint_t                  nulls;      /* results NULL in a row */
    ngx_uint_t                  nprepared;

    ngx_uint_t                  failures;   /* in a row */
    ngx_msec_t                  since;      /* of being ready */

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

    /* the parameters of the query that is being sent */
    const char                          **params;
    int                                  *lengths;
    int                                  *formats;

    /* of libpq; ended by a NULL */
    const char                           *keys[NGX_CARRIERPAY_PQ_KEYS];
    const char                           *values[NGX_CARRIERPAY_PQ_KEYS];
    ngx_uint_t                            nkeys;

    ngx_carrierpay_pq_lane_t             *lanes;
    ngx_uint_t                            nlanes;

    ngx_event_t                           ready;
    ngx_carrierpay_pq_ready_pt            on_ready;
    void                                 *data;
};


/* ngx_carrierpay_pq_lane.c */

/* the only place that changes a state */
void ngx_carrierpay_pq_lane_state(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_state_e state);

ngx_carrierpay_pq_transaction_t *ngx_carrierpay_pq_lane_first(
    ngx_carrierpay_pq_lane_t *lane);

/* takes the unit off the lane and gives it back to its owner */
void ngx_carrierpay_pq_lane_done(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u);

/* remembers why; the first reason counts.  NGX_ERROR, always */
ngx_int_t ngx_carrierpay_pq_lane_blame(ngx_carrierpay_pq_lane_t *lane,
    const char *text);

/* calls handlers of units: never inside a submit, and a caller's last word */
void ngx_carrierpay_pq_lane_fail(ngx_carrierpay_pq_lane_t *lane);


/* ngx_carrierpay_pq.c; NGX_ERROR: blamed, the caller is to fail the lane */

ngx_int_t ngx_carrierpay_pq_connect(ngx_carrierpay_pq_lane_t *lane);
ngx_int_t ngx_carrierpay_pq_send(ngx_carrierpay_pq_lane_t *lane,
    ngx_carrierpay_pq_transaction_t *u);
void ngx_carrierpay_pq_disconnect(ngx_carrierpay_pq_lane_t *lane);
void ngx_carrierpay_pq_tick(ngx_event_t *ev);


#endif /* _NGX_CARRIERPAY_PQ_CONN_H_INCLUDED_ */
