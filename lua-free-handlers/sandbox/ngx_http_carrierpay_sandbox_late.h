
/*
 * An answer of the sandbox operator that comes late.
 */


#ifndef _NGX_HTTP_CARRIERPAY_SANDBOX_LATE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_SANDBOX_LATE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Sends the JSON, whose text lies in the request's pool, after delay ms; a
 * client that leaves before takes it away.  For a handler of a route: the
 * return code is NGX_AGAIN, or NGX_ERROR when memory is short.
 */
ngx_int_t ngx_http_carrierpay_sandbox_late(ngx_http_request_t *r,
    ngx_uint_t status, ngx_str_t *json, ngx_msec_t delay);


#endif /* _NGX_HTTP_CARRIERPAY_SANDBOX_LATE_H_INCLUDED_ */
