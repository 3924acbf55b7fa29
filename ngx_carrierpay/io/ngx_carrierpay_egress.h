
/*
 * Outbound HTTP through nginx's own upstream.
 *
 * A call is a detached request (no client connection) with one subrequest to
 * an internal location of the server marked carrierpay_egress; operators of
 * the service set TLS, keepalive, timeouts and peers there with proxy_*.
 *
 * The call has a pool of its own.  What the caller hands over must outlive it;
 * it ends at its timeout at the latest.  The handler runs once, never inside
 * ngx_carrierpay_egress_send(), and the call is gone when it returns.
 */


#ifndef _NGX_CARRIERPAY_EGRESS_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct ngx_carrierpay_egress_call_s  ngx_carrierpay_egress_call_t;

typedef void (*ngx_carrierpay_egress_pt)(ngx_carrierpay_egress_call_t *call);


typedef enum {
    NGX_CARRIERPAY_EGRESS_COMPLETE = 0,  /* a whole answer: status, body */
    NGX_CARRIERPAY_EGRESS_NOT_SENT,      /* no byte left: no effect */
    NGX_CARRIERPAY_EGRESS_UNKNOWN        /* sent, and no whole answer; status
                                            is what came of it, or 0 */
} ngx_carrierpay_egress_outcome_e;


typedef struct {
    ngx_http_conf_ctx_t       *ctx;      /* of the egress server; or NULL */
    u_char                    *file;     /* that marks it, and the line */
    ngx_uint_t                 line;
    ngx_uint_t                 max;      /* calls in flight in a worker */
    ngx_uint_t                 running;
} ngx_carrierpay_egress_t;


#define NGX_CARRIERPAY_EGRESS_VARIABLES  3


struct ngx_carrierpay_egress_call_s {
    /* what is asked; set by the caller, in memory of call->pool */

    ngx_pool_t                *pool;
    ngx_uint_t                 method;         /* NGX_HTTP_POST or _GET */
    ngx_str_t                  location;       /* /egress/orange_fr */
    ngx_str_t                  path;           /* added to location, or "" */
    ngx_str_t                  args;
    ngx_array_t                headers;        /* of ngx_keyval_t */
    ngx_str_t                  body;
    ngx_msec_t                 timeout;        /* ends the whole call */

    /* for locations whose proxy_pass has variables; see the main module */
    ngx_str_t                  variables[NGX_CARRIERPAY_EGRESS_VARIABLES];

    ngx_carrierpay_egress_pt   handler;
    void                      *data;

    /* what came; valid inside the handler */

    ngx_carrierpay_egress_outcome_e  outcome;
    ngx_uint_t                 status;
    ngx_str_t                  answer;
    ngx_uint_t                 retry_after;    /* seconds, or 0 */

    /* io/egress's */

    ngx_carrierpay_egress_t   *egress;
    ngx_http_request_t        *request;
    ngx_http_cleanup_t        *cleanup;
    ngx_http_post_subrequest_t ps;
    ngx_http_connection_t      hc;
    ngx_http_log_ctx_t         log_ctx;
    ngx_log_t                  log;
    ngx_event_t                deadline;
    ngx_event_t                done;
    ngx_event_t                late;
    unsigned                   recorded:1;
    unsigned                   finished:1;
};


/* A call with its own pool, or NULL. */
ngx_carrierpay_egress_call_t *ngx_carrierpay_egress_create(
    ngx_carrierpay_egress_t *egress);

/* Adds a request header; NGX_ERROR when memory is short. */
ngx_int_t ngx_carrierpay_egress_header(ngx_carrierpay_egress_call_t *call,
    const char *name, ngx_str_t *value);

/*
 * Starts the call and takes it over.  NGX_OK: the handler will run.
 * NGX_BUSY, NGX_ERROR: it will not, nothing was sent, the call is freed.
 */
ngx_int_t ngx_carrierpay_egress_send(ngx_carrierpay_egress_call_t *call);

/* The call that a request belongs to, or NULL; for variables. */
ngx_carrierpay_egress_call_t *ngx_carrierpay_egress_of(ngx_http_request_t *r);


#endif /* _NGX_CARRIERPAY_EGRESS_H_INCLUDED_ */
