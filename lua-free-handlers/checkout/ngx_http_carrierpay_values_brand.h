
/*
 * What pages show of a merchant: colour, logo, help desk and terms.
 */


#ifndef _NGX_HTTP_CARRIERPAY_VALUES_BRAND_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VALUES_BRAND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_payment.h"


/*
 * Sets the values of a brand.  What is not well-formed, and a link of another
 * scheme than http, https, mailto or tel, is left out.  NGX_OK or NGX_ERROR
 * (memory).
 */
ngx_int_t ngx_http_carrierpay_values_brand(ngx_http_request_t *r,
    ngx_carrierpay_brand_t *brand, ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_VALUES_BRAND_H_INCLUDED_ */
