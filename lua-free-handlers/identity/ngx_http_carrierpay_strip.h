
/*
 * Enrichment headers are taken out of a request, whoever has sent them.
 *
 * Two kinds: those that name a line, of which all known ones are removed, and
 * the operators' mccmnc_header, which says whose customer a line is.  A
 * header is one of them also when it is written with underscores, since
 * FastCGI and the like make one name of both; so is a crumb of a cookie.
 */


#ifndef _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"


/* a gateway writes two or three; who writes more is refused in any case */
#define NGX_HTTP_CARRIERPAY_FOUND_MAX  8


/* a bit for each hash of a name: most headers need not be looked up */
#define NGX_HTTP_CARRIERPAY_STRIP_BITS  1024


typedef struct {
    ngx_hash_t       headers;    /* names, with hyphens */
    uint64_t         bits[NGX_HTTP_CARRIERPAY_STRIP_BITS / 64];
    ngx_array_t      crumbs;     /* ngx_str_t: names in cookies */
} ngx_http_carrierpay_strip_t;


/* name: as it was sent, in small letters */

typedef struct {
    ngx_str_t        name;
    ngx_str_t        value;
    unsigned         crumb:1;    /* of a cookie */
    unsigned         mccmnc:1;   /* of the second kind */
} ngx_http_carrierpay_enriching_t;


/* all that was found; more than MAX are counted only */

typedef struct {
    ngx_uint_t                       n;
    ngx_http_carrierpay_enriching_t  items[NGX_HTTP_CARRIERPAY_FOUND_MAX];
} ngx_http_carrierpay_found_t;


/*
 * The names: those seen with operators anywhere, and those configured.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_strip_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *operators, ngx_http_carrierpay_strip_t *strip);

/*
 * Rebuilds the list of request headers without those of a known name, and
 * tells what was found, in the request's pool; NULL, and nothing is touched,
 * when nothing is found.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_strip(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_t *strip, ngx_http_carrierpay_found_t **found);

/* Are they one name for those who make one of "_" and "-"? */
ngx_uint_t ngx_http_carrierpay_strip_same(ngx_str_t *a, ngx_str_t *b);


#endif /* _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_ */
