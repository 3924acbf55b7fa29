
/*
 * Finds the merchant of a request by its key, in the cache or by a flow, and
 * charges the merchant's limits.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_AUTH_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_AUTH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_merchant.h"
#include "ngx_http_carrierpay_ctx.h"


/*
 * Authenticates a route; see ngx_http_carrierpay_route_auth().  Without a key
 * that exists the answer is 401, and the endpoint is not called.
 */
ngx_int_t ngx_http_carrierpay_api_authenticate(ngx_http_request_t *r,
    ngx_str_t *body);

/* The merchant of an authenticated request; it lives as long as that. */
ngx_carrierpay_merchant_t *ngx_http_carrierpay_api_merchant(
    ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_API_AUTH_H_INCLUDED_ */
