
/*
 * What each page says of its own: the fill functions of the rows of
 * ngx_http_carrierpay_page_list.h.
 *
 * `values` has the values of all pages of the payment and the row's phrases.
 * A page of template message is shown without a payment, too: then `p`
 * is NULL.  NGX_OK or NGX_ERROR (memory).
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_FILL_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_FILL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


typedef ngx_int_t (*ngx_http_carrierpay_fill_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_t *p, ngx_str_t *values);


#define ngx_http_carrierpay_fill_declare(name, template, state, status,       \
    heading, reason, advice, fill)                                            \
    ngx_int_t ngx_http_carrierpay_fill_##fill(ngx_http_request_t *r,          \
        ngx_http_carrierpay_checkout_request_t *cr,                           \
        ngx_carrierpay_payment_t *p, ngx_str_t *values);

NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_fill_declare)


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_FILL_H_INCLUDED_ */
