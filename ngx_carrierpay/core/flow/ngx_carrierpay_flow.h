
/*
 * A flow: an operation that outlives the request that asked for it.
 *
 * A flow is a table of steps, run from top to bottom.  It has its own pool,
 * its own log and one non-cancelable timer, which also keeps a draining
 * worker alive.  A request only watches: an observer is told once, when the
 * flow has ended or its timer has fired, whichever comes first; a request
 * that leaves takes its observer away, and the flow goes on.
 *
 * Each step has two crash points, "flow.step:before" and "flow.step:after";
 * a build with NGX_CARRIERPAY_CRASH_POINTS kills the worker at the one that
 * the environment's CARRIERPAY_CRASH names.
 */


#ifndef _NGX_CARRIERPAY_FLOW_H_INCLUDED_
#define _NGX_CARRIERPAY_FLOW_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>


typedef struct ngx_carrierpay_core_s      ngx_carrierpay_core_t;
typedef struct ngx_carrierpay_flow_s      ngx_carrierpay_flow_t;
typedef struct ngx_carrierpay_observer_s  ngx_carrierpay_observer_t;

/*
 * NGX_OK: the next step.  NGX_AGAIN: an operation is in flight and will call
 * ngx_carrierpay_flow_resume() later, never before the step has returned.
 * NGX_DONE: the flow ends here, its answer is set.  NGX_ERROR: the flow ends
 * without an answer (memory).
 */
typedef ngx_int_t (*ngx_carrierpay_step_pt)(ngx_carrierpay_flow_t *flow);

/* The flow is valid inside the handler only; obs watches nothing any more. */
typedef void (*ngx_carrierpay_observer_pt)(ngx_carrierpay_observer_t *obs,
    ngx_carrierpay_flow_t *flow);


typedef struct {
    const char                  *name;
    ngx_carrierpay_step_pt       handler;
} ngx_carrierpay_step_t;


struct ngx_carrierpay_observer_s {
    ngx_carrierpay_flow_t       *flow;      /* NULL: watches nothing */
    ngx_carrierpay_observer_pt   handler;
    void                        *data;
};


struct ngx_carrierpay_flow_s {
    ngx_carrierpay_core_t       *core;
    ngx_pool_t                  *pool;
    ngx_log_t                   *log;

    const char                  *name;
    ngx_carrierpay_step_t       *step;      /* the one that runs, or waits */
    void                        *data;      /* of the operation */
    ngx_int_t                    rc;        /* NGX_OK, NGX_DONE, NGX_ERROR */

    ngx_carrierpay_observer_t   *observer;
    ngx_event_t                  wake;      /* posted: run */
    ngx_event_t                  deadline;

    unsigned                     late:1;    /* the timer has fired */
};


/*
 * A flow with a pool of its own and `size` zeroed bytes of data; NULL when
 * the worker runs as many flows as it may, or memory is short: then nothing
 * has happened.  `name` and `steps` must outlive the flow.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_flow_create(ngx_carrierpay_core_t *core,
    const char *name, ngx_carrierpay_step_t *steps, size_t size);

/*
 * Posts the first step; the observer (or NULL) is told at the end, or after
 * timeout ms with flow->late set, never before this returns.
 */
void ngx_carrierpay_flow_start(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_observer_t *obs, ngx_msec_t timeout);

/* For a flow that was created and not started. */
void ngx_carrierpay_flow_discard(ngx_carrierpay_flow_t *flow);

/*
 * The operation of an NGX_AGAIN step has ended; rc is the step's: NGX_OK,
 * NGX_DONE or NGX_ERROR.  May free the flow: the caller's last statement.
 */
void ngx_carrierpay_flow_resume(ngx_carrierpay_flow_t *flow, ngx_int_t rc);

/* The observer goes away; safe at any time, also when nothing is watched. */
void ngx_carrierpay_flow_unwatch(ngx_carrierpay_observer_t *obs);

/* Kills the worker if the environment names this point; else nothing. */
void ngx_carrierpay_flow_crash_point(const char *flow, const char *step,
    const char *when);


#endif /* _NGX_CARRIERPAY_FLOW_H_INCLUDED_ */
