
/*
 * The countries that numbers can be of: those of the configured operators.
 */


#ifndef _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_operator.h"


/* In whose network the browser is; NULL: in nobody's. */
ngx_carrierpay_operator_t *ngx_http_carrierpay_countries_network(
    ngx_http_request_t *r);

/*
 * The country that is to be chosen: `said`, if it is one of them; that of the
 * network; that of the browser's languages ("fr-CM"), or of the page's; else
 * the first one.  len 0: nobody is configured.
 */
void ngx_http_carrierpay_countries_guess(ngx_http_request_t *r,
    const ngx_carrierpay_language_t *lang, ngx_str_t *said,
    ngx_str_t *country);

/* The options of a select, in HTML; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_countries_options(ngx_http_request_t *r,
    const ngx_carrierpay_language_t *lang, ngx_str_t *chosen,
    ngx_str_t *html);

/*
 * A typed number, as it is in this country (or len 0), or with a country code
 * of its own.  NGX_OK; NGX_DECLINED: no number of a configured country.
 */
ngx_int_t ngx_http_carrierpay_countries_number(ngx_http_request_t *r,
    ngx_str_t *country, ngx_str_t *digits, ngx_carrierpay_msisdn_t *msisdn);

/*
 * The short code that subscribers of this country send an SMS to: of the
 * network's operator, else of the first that has one.  NGX_DECLINED: none, or
 * gateways cannot call us.
 */
ngx_int_t ngx_http_carrierpay_countries_code(ngx_http_request_t *r,
    ngx_str_t *country, ngx_str_t *code);


#endif /* _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_ */
