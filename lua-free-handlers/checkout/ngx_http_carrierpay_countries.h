
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


/* A country of a list in one language: the two parts of its HTML option. */

typedef struct {
    ngx_str_t    code;     /* "FR" */
    ngx_str_t    begin;
    ngx_str_t    end;      /* " selected" may stand before it */
} ngx_http_carrierpay_country_t;


/*
 * Makes the list of the operators' countries in a language while the
 * configuration is read; NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_countries_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, const ngx_carrierpay_language_t *lang,
    ngx_array_t *countries);

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

/* A list as the options of a select, in HTML; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_countries_options(ngx_http_request_t *r,
    ngx_array_t *countries, ngx_str_t *chosen, ngx_str_t *html);

/*
 * The short code that subscribers of this country send an SMS to: of the
 * network's operator, else of the first operator that has one.  NGX_DECLINED:
 * there is none, or SMS gateways cannot call this server.
 */
ngx_int_t ngx_http_carrierpay_countries_code(ngx_http_request_t *r,
    ngx_str_t *country, ngx_str_t *code);


#endif /* _NGX_HTTP_CARRIERPAY_COUNTRIES_H_INCLUDED_ */
