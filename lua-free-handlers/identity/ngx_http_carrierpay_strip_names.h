
/*
 * The names of enrichment headers: those that operators anywhere are known to
 * use, and those of the configured operators.  A name may also be that of a
 * cookie.
 *
 * FastCGI and the like make one name of "x_msisdn" and "x-msisdn", so these
 * are one name here as well.
 */


#ifndef _NGX_HTTP_CARRIERPAY_STRIP_NAMES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_STRIP_NAMES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"


/* what a header names: an end user, or the MCCMNC of an end user's operator */

#define NGX_HTTP_CARRIERPAY_STRIP_NAMES_END_USER  1
#define NGX_HTTP_CARRIERPAY_STRIP_NAMES_MCCMNC    2

/* one bit for each hash of a name: most headers need no lookup */
#define NGX_HTTP_CARRIERPAY_STRIP_NAMES_BITS      1024


typedef struct {
    ngx_hash_t       headers;    /* names, with hyphens */
    uint64_t         bits[NGX_HTTP_CARRIERPAY_STRIP_NAMES_BITS / 64];
    ngx_array_t      cookies;    /* ngx_str_t: names of cookies */
} ngx_http_carrierpay_strip_names_t;


/*
 * Makes the names, when all operators have been read.  NGX_OK, or NGX_ERROR
 * after an [emerg] line.
 */
ngx_int_t ngx_http_carrierpay_strip_names_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *operators,
    ngx_http_carrierpay_strip_names_t *names);

/* What the header h names, one of the constants above; 0 when it is none. */
uintptr_t ngx_http_carrierpay_strip_names_header(
    ngx_http_carrierpay_strip_names_t *names, ngx_table_elt_t *h);

/*
 * The name of the cookie that begins at p and ends before end, "name=value";
 * NULL when it is none of the names.
 */
ngx_str_t *ngx_http_carrierpay_strip_names_cookie(
    ngx_http_carrierpay_strip_names_t *names, u_char *p, u_char *end);

/* 1 when a and b are one name where "_" is taken for "-", else 0. */
ngx_uint_t ngx_http_carrierpay_strip_names_same(ngx_str_t *a, ngx_str_t *b);


#endif /* _NGX_HTTP_CARRIERPAY_STRIP_NAMES_H_INCLUDED_ */
