
/*
 * Outbound HTTP through nginx's own upstream.
 *
 * A call is a detached request (it has no client connection) with one
 * subrequest to an internal location of the server marked carrierpay_egress.
 * TLS, keepalive, timeouts and peers are set there with proxy_*.
 *
 * The call has a pool of its own.  Memory that the caller hands over must
 * outlive the call, which ends at its timeout at the latest.  The handler
 * runs once, never inside ngx_carrierpay_egress_send(), and the call is freed
 * when it returns.
 */


#ifndef _NGX_CARRIERPAY_EGRESS_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_carrierpay_egress_call.h"


/*
 * Makes a call with its own pool.  Lines about the call go to the log, and end
 * with what its handler adds; the log must outlive the call.  A traceparent of
 * the trace is among the headers.  Returns NULL when egress->max calls are in
 * flight, or memory is short.
 */
ngx_carrierpay_egress_call_t *ngx_carrierpay_egress_create(
    ngx_carrierpay_egress_t *egress, ngx_log_t *log,
    ngx_carrierpay_trace_t *trace);

/* Adds a request header; NGX_ERROR when memory is short. */
ngx_int_t ngx_carrierpay_egress_header(ngx_carrierpay_egress_call_t *call,
    const char *name, ngx_str_t *value);

/*
 * Starts the call and takes it over.  NGX_OK: the handler will run.
 * NGX_ERROR: it will not, nothing was sent, and the call is freed.
 */
ngx_int_t ngx_carrierpay_egress_send(ngx_carrierpay_egress_call_t *call);

/* Returns the call that a request belongs to, or NULL; for variables. */
ngx_carrierpay_egress_call_t *ngx_carrierpay_egress_of(ngx_http_request_t *r);


#endif /* _NGX_CARRIERPAY_EGRESS_H_INCLUDED_ */
