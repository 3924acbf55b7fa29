
/* An outbound call, and the way out that all calls share. */


#ifndef _NGX_CARRIERPAY_EGRESS_CALL_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_CALL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_trace.h"


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
    /* the request, which the caller sets in memory of call->pool */

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

    /* the answer, which is valid inside the handler */

    ngx_carrierpay_egress_outcome_e  outcome;
    ngx_uint_t                 status;
    ngx_str_t                  answer;
    ngx_uint_t                 retry_after;    /* seconds, or 0 */

    /* io/egress's */

    ngx_carrierpay_egress_t   *egress;
    ngx_log_t                 *caller_log;
    ngx_carrierpay_trace_t     trace;
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


#endif /* _NGX_CARRIERPAY_EGRESS_CALL_H_INCLUDED_ */
