
/*
 * A flow is an operation that outlives the request that asked for it.
 *
 * A flow is a table of rows, which a worker runs from top to bottom.  A row
 * (ngx_carrierpay_step_t) starts an operation (run) and says what follows from
 * it when it has ended (done), so the table is the documentation of the whole.
 * A flow has its own pool and one timer that nginx does not count as
 * cancelable, so that it keeps a draining worker alive.  A request only
 * watches: its observer is notified once, when the flow has ended or its timer
 * has fired, whichever comes first.  When the client leaves, the observer is
 * taken away and the flow goes on.
 *
 * Lines of flow->log end with the flow's name, what the flow is about, and its
 * trace, so that they need not repeat it.
 *
 * Each row has two crash points, "flow.row:before" and "flow.row:after".  A
 * build with NGX_CARRIERPAY_CRASH_POINTS kills the worker at the one that the
 * environment's CARRIERPAY_CRASH names.
 */


#ifndef _NGX_CARRIERPAY_FLOW_H_INCLUDED_
#define _NGX_CARRIERPAY_FLOW_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_trace.h"


/* see ngx_carrierpay_conf.h and ngx_carrierpay_service.h */

typedef struct ngx_carrierpay_conf_s      ngx_carrierpay_conf_t;
typedef struct ngx_carrierpay_core_s      ngx_carrierpay_core_t;

typedef struct ngx_carrierpay_flow_s      ngx_carrierpay_flow_t;
typedef struct ngx_carrierpay_observer_s  ngx_carrierpay_observer_t;

/*
 * NGX_OK: the next row.
 * NGX_DECLINED: the next row that is flagged ALWAYS; the rows between them
 * are left out.  It sets flow->result or flow->reason before.
 * NGX_DONE: the flow ends here, flow->result says how.
 * NGX_ERROR: the flow ends with the result ERROR; memory was short.
 * NGX_AGAIN: an operation is in flight.  It calls ngx_carrierpay_flow_done()
 * when it has ended, never before run or done has returned; then the row's
 * done is called (once more).  A row without done goes on to the next one.
 */
typedef ngx_int_t (*ngx_carrierpay_step_pt)(ngx_carrierpay_flow_t *flow);

/*
 * How the end of an operation is told to its owner: for an operation of a
 * flow's row it is ngx_carrierpay_flow_done() with the flow.
 */
typedef void (*ngx_carrierpay_done_pt)(void *data);

/* The flow is valid inside the handler only; obs watches nothing any more. */
typedef void (*ngx_carrierpay_observer_pt)(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);


/*
 * Flags of a row.  ALWAYS: it runs in its turn, and also after a row before it
 * has declined; not after NGX_DONE or NGX_ERROR, which end the flow.
 */

#define NGX_CARRIERPAY_FLOW_ALWAYS  1


/* The bytes that what a flow is about has in the log, at the most. */
#define NGX_CARRIERPAY_FLOW_ABOUT   160


typedef struct {
    const char                  *name;
    ngx_carrierpay_step_pt       run;
    ngx_carrierpay_step_pt       done;      /* or NULL */
    ngx_uint_t                   flags;
} ngx_carrierpay_step_t;


/* How a flow ends, for all of them. */

typedef enum {
    NGX_CARRIERPAY_FLOW_OK = 0,
    NGX_CARRIERPAY_FLOW_NOT_FOUND,
    NGX_CARRIERPAY_FLOW_CONFLICT,      /* something else was there before */
    NGX_CARRIERPAY_FLOW_REFUSED,       /* flow->reason says why */
    NGX_CARRIERPAY_FLOW_UNAVAILABLE,   /* PostgreSQL or Redis is away */
    NGX_CARRIERPAY_FLOW_TIMED_OUT,     /* it goes on; nothing is known yet */
    NGX_CARRIERPAY_FLOW_ERROR          /* memory was short */
} ngx_carrierpay_flow_result_e;


struct ngx_carrierpay_observer_s {
    ngx_carrierpay_flow_t       *flow;      /* NULL: it watches nothing */
    ngx_carrierpay_observer_pt   handler;
    void                        *data;
};


/* The flows of a worker. */

typedef struct {
    ngx_carrierpay_core_t       *core;
    ngx_log_t                   *log;
    ngx_uint_t                   running;
    ngx_uint_t                   max;
} ngx_carrierpay_flows_t;


struct ngx_carrierpay_flow_s {
    ngx_carrierpay_core_t       *core;
    ngx_pool_t                  *pool;
    ngx_log_t                   *log;
    void                        *data;      /* of its family */
    ngx_uint_t                   cell;      /* that it is about, see ledger */

    ngx_carrierpay_flow_result_e  result;
    ngx_str_t                    reason;    /* public word; data NULL: none */

    ngx_carrierpay_trace_t       trace;     /* the request's, or its own */

    /* the engine's */

    ngx_log_t                    own_log;   /* flow->log */
    u_char                       about[NGX_CARRIERPAY_FLOW_ABOUT];
    size_t                       about_len;

    ngx_carrierpay_flows_t      *flows;
    const char                  *name;
    ngx_carrierpay_step_t       *step;      /* the row that runs, or waits */
    ngx_carrierpay_observer_t   *observer;
    ngx_event_t                  wake;      /* posted: run */
    ngx_event_t                  deadline;
};


/*
 * Creates a flow with a pool of its own and `size` zeroed bytes of data.
 * Returns NULL when the worker runs as many flows as it may, or memory is
 * short: then nothing has happened.  `name` and `steps` must outlive the flow.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_flow_create(
    ngx_carrierpay_flows_t *flows, const char *name,
    ngx_carrierpay_step_t *steps, size_t size);

/*
 * Posts the first row.  The observer (or NULL) is notified at the end, or
 * after `timeout` ms with the result TIMED_OUT, never before this returns.
 */
void ngx_carrierpay_flow_start(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_observer_t *obs, ngx_msec_t timeout);

/*
 * Adds to what the lines of flow->log say that it is about: payment: "pay_…".
 * No secret, and no number, is given here; `prefix` is that of the id.
 */
void ngx_carrierpay_flow_about(ngx_carrierpay_flow_t *flow, const char *what,
    const ngx_str_t *value);
void ngx_carrierpay_flow_about_id(ngx_carrierpay_flow_t *flow,
    const char *what, const char *prefix, int64_t id);

/* Destroys a flow that was created and not started. */
void ngx_carrierpay_flow_discard(ngx_carrierpay_flow_t *flow);

/*
 * The operation of a row has ended; data is the flow.  May free the flow, so
 * it is its caller's last statement.
 */
void ngx_carrierpay_flow_done(void *data);

/* Sets the result of a row that ends the flow, and returns NGX_DONE. */
ngx_int_t ngx_carrierpay_flow_leave(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_flow_result_e result);

/* The observer goes away; safe at any time, also when nothing is watched. */
void ngx_carrierpay_flow_unwatch(ngx_carrierpay_observer_t *obs);

/*
 * Copies text into the flow's pool; data NULL stays NULL.  NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_flow_copy(ngx_carrierpay_flow_t *flow,
    ngx_str_t *dst, const ngx_str_t *src);


#endif /* _NGX_CARRIERPAY_FLOW_H_INCLUDED_ */
