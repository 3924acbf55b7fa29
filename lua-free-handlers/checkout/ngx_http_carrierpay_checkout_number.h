
/*
 * A number that the shopper types, to get a PIN.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* POST {id}/number */
ngx_int_t ngx_http_carrierpay_checkout_number(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_H_INCLUDED_ */
