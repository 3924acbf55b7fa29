
/*
 * The countries of the numbers that can pay: those of the configured
 * operators.
 */


#ifndef _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_operator.h"


/* The operator whose network the browser is in; NULL: none. */
ngx_carrierpay_operator_t *ngx_http_carrierpay_countries_network(
    ngx_http_request_t *r);

/*
 * The country that a form offers first: `chosen`, if it has an operator; that
 * of the network; else, among those whose operators bill in this currency (""
 * or none of them: among all), that of the browser's languages ("fr-CM"), or
 * of the page's, or the first one.  len 0: no operator is configured.
 */
void ngx_http_carrierpay_countries_default(ngx_http_request_t *r,
    const ngx_carrierpay_language_t *lang, ngx_str_t *chosen,
    const ngx_str_t *currency, ngx_str_t *country);

/* The options of a select, in HTML; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_countries_options(ngx_http_request_t *r,
    const ngx_carrierpay_language_t *lang, ngx_str_t *chosen,
    ngx_str_t *html);

/*
 * Parses a typed number, as it is written in this country (or len 0), or with
 * a country code of its own.  NGX_OK; NGX_DECLINED: it is not a number of a
 * configured country.
 */
ngx_int_t ngx_http_carrierpay_countries_number(ngx_http_request_t *r,
    ngx_str_t *country, ngx_str_t *digits, ngx_carrierpay_msisdn_t *msisdn);

/*
 * The short code that subscribers of this country send an SMS to: of the
 * network's operator, else of the first operator that has one.  NGX_DECLINED:
 * there is none, or SMS gateways cannot call this server.
 */
ngx_int_t ngx_http_carrierpay_countries_code(ngx_http_request_t *r,
    ngx_str_t *country, ngx_str_t *code);


#endif /* _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_ */
