
/*
 * Values that several pages share.
 *
 * `values` has one entry for each of ngx_http_carrierpay_value_e.  The strings
 * of the payment and of the request are not copied.  All return NGX_OK or
 * NGX_ERROR (memory).
 */


#ifndef _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_request.h"


/* What every page of a payment says: price, merchant, reference, return. */
ngx_int_t ngx_http_carrierpay_values_payment(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_payment_read_t *read, ngx_str_t *values);

/* The operator or MVNO that bills, by the name that its customers know. */
void ngx_http_carrierpay_values_carrier(ngx_carrierpay_carrier_t *carrier,
    ngx_str_t *values);

/*
 * The number, masked unless the shopper has typed it in this browser; none for
 * len 0.
 */
ngx_int_t ngx_http_carrierpay_values_end_user(ngx_http_request_t *r,
    ngx_carrierpay_msisdn_t *msisdn, ngx_uint_t typed, ngx_str_t *values);

/* Carrier and number of the subscriber who has paid. */
ngx_int_t ngx_http_carrierpay_values_subscriber(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *values);

/* What is wrong, and what has happened: cr->alert and cr->note. */
void ngx_http_carrierpay_values_alert(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);

/* The form for a number, with its countries. */
ngx_int_t ngx_http_carrierpay_values_number(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);

/* A time in words ("45 seconds", "2 minutes") and in seconds. */
ngx_int_t ngx_http_carrierpay_values_wait(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *values);

/* The words alone. */
ngx_int_t ngx_http_carrierpay_values_time(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t seconds,
    ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_VALUES_H_INCLUDED_ */
