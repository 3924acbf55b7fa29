
/*
 * The shopper's tap on the button that pays.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* POST {id}/confirm */
ngx_int_t ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_H_INCLUDED_ */
