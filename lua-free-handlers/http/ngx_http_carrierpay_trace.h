
/*
 * The trace of a request: that of its traceparent when it is well formed,
 * else one that starts here.  A call of the egress server has that of the
 * request, or of the work, that it is made for.
 */


#ifndef _NGX_HTTP_CARRIERPAY_TRACE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_TRACE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_trace.h"


/*
 * Adds the variable $carrierpay_trace_id; to be called in preconfiguration.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_trace_add_variable(ngx_conf_t *cf);

/*
 * The trace, which lives as long as the request; it has not started if there
 * is no randomness.  NULL: memory is short.
 */
ngx_carrierpay_trace_t *ngx_http_carrierpay_trace(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_TRACE_H_INCLUDED_ */
