
/*
 * What a page says of the attempts at a payment that were declined.
 */


#ifndef _NGX_HTTP_CARRIERPAY_VALUES_DECLINED_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VALUES_DECLINED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/*
 * Operator and reason of each, once where they repeat, as the items of a list
 * in memory of the request; none when none was declined.  It has no number.
 * NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_values_declined(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_VALUES_DECLINED_H_INCLUDED_ */
