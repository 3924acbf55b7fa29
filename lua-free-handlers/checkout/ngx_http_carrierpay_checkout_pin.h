
/*
 * The PIN that the shopper enters, or has sent once more.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* POST {id}/pin: the PIN pays. */
ngx_int_t ngx_http_carrierpay_checkout_pin(ngx_http_request_t *r,
    ngx_str_t *body);

/* POST {id}/resend: another PIN to the same number. */
ngx_int_t ngx_http_carrierpay_checkout_resend(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_PIN_H_INCLUDED_ */
