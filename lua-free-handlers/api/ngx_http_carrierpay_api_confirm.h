
/*
 * POST /v1/payments/{id}/confirm
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_CONFIRM_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_CONFIRM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* The PIN that the shopper has typed on a merchant's own page pays. */
ngx_int_t ngx_http_carrierpay_api_confirm(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_CONFIRM_H_INCLUDED_ */
