
/*
 * From a payment to what its pages say: the values of the templates.
 *
 * `values` has one entry for each of ngx_http_carrierpay_value_e.  All return
 * NGX_OK or NGX_ERROR (memory).
 */


#ifndef _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout.h"


#define ngx_http_carrierpay_value(name)                                       \
    values[NGX_HTTP_CARRIERPAY_VALUE_##name]


/* What all pages of a payment say; strings of the visit are not copied. */
ngx_int_t ngx_http_carrierpay_values_payment(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout, ngx_str_t *values);

/* Whose bill it is, by the name that his customers know. */
void ngx_http_carrierpay_values_carrier(ngx_carrierpay_carrier_t *carrier,
    ngx_str_t *values);

/* The masked number. */
ngx_int_t ngx_http_carrierpay_values_end_user(ngx_http_request_t *r,
    ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *values);

/* Both, of a payment that has a subscriber. */
ngx_int_t ngx_http_carrierpay_values_subscriber(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *values);

/* What is wrong, and what has happened. */
void ngx_http_carrierpay_values_told(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);

/* The form for a number. */
ngx_int_t ngx_http_carrierpay_values_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);

/* Where a line can be recognised: the plain listener. */
ngx_int_t ngx_http_carrierpay_values_again(ngx_http_request_t *r,
    ngx_str_t *url);

/* The page itself, with this query or "". */
ngx_int_t ngx_http_carrierpay_values_self(ngx_http_request_t *r,
    const char *query, ngx_str_t *url);

/* "45 seconds", "2 minutes"; and the seconds alone. */
ngx_int_t ngx_http_carrierpay_values_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *values);


#endif /* _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_ */
