
/*
 * A trace (W3C Trace Context): the id by which logs of several services tell
 * what was done for one request.
 *
 *   traceparent: 00-<32 hex: trace>-<16 hex: span>-<2 hex: flags>
 *
 * The trace and the flag "sampled" are kept, and passed on with a span of our
 * own for each call; tracestate, which may hold what another service knows of
 * the caller, is not.
 */


#ifndef _NGX_CARRIERPAY_TRACE_H_INCLUDED_
#define _NGX_CARRIERPAY_TRACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TRACE_BYTES       16
#define NGX_CARRIERPAY_TRACE_ID_LEN      (2 * NGX_CARRIERPAY_TRACE_BYTES)
#define NGX_CARRIERPAY_TRACE_PARENT_LEN                                       \
    (sizeof("00-0123456789abcdef0123456789abcdef-0123456789abcdef-00") - 1)


typedef struct {
    u_char       id[NGX_CARRIERPAY_TRACE_ID_LEN];    /* hex, small letters */
    unsigned     started:1;                          /* else there is none */
    unsigned     sampled:1;
} ngx_carrierpay_trace_t;


/*
 * Reads a traceparent.  NGX_OK; NGX_DECLINED: it is none, and the trace is as
 * it was.
 */
ngx_int_t ngx_carrierpay_trace_parse(ngx_carrierpay_trace_t *trace,
    ngx_str_t *text);

/* Starts a trace with a random id.  NGX_OK, or NGX_ERROR: no randomness. */
ngx_int_t ngx_carrierpay_trace_start(ngx_carrierpay_trace_t *trace);

/*
 * Writes a traceparent with a span of its own, of a trace that has started,
 * and returns the position after it.
 */
u_char *ngx_carrierpay_trace_print(u_char *p, ngx_carrierpay_trace_t *trace);


#endif /* _NGX_CARRIERPAY_TRACE_H_INCLUDED_ */
