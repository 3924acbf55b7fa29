
/* What a call sends. */


#ifndef _NGX_CARRIERPAY_EGRESS_REQUEST_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_REQUEST_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_carrierpay_egress_call.h"


/*
 * Fills the subrequest with the method, the headers and the body of the call.
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_egress_request(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr);


#endif /* _NGX_CARRIERPAY_EGRESS_REQUEST_H_INCLUDED_ */
