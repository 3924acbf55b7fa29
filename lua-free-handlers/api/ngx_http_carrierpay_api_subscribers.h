
/*
 * POST /v1/subscribers/{id}/stop
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_SUBSCRIBERS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_SUBSCRIBERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* Blocks further purchases of a subscriber from this merchant. */
ngx_int_t ngx_http_carrierpay_api_stop(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_SUBSCRIBERS_H_INCLUDED_ */
