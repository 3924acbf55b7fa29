
/*
 * Enrichment headers are taken out of a request, whoever has sent them.
 */


#ifndef _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"


typedef struct {
    ngx_uint_t       n;          /* headers found, of all known names */
    ngx_str_t        name;       /* of the first, in small letters */
    ngx_str_t        value;
} ngx_http_carrierpay_found_t;


/*
 * The names: those seen with operators anywhere, and those configured.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_strip_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *operators, ngx_hash_t *names);

/*
 * Rebuilds the list of request headers without those of a known name, and
 * tells what was found.  Nothing is touched when nothing is found.  NGX_OK
 * or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_strip(ngx_http_request_t *r, ngx_hash_t *names,
    ngx_http_carrierpay_found_t *found);


#endif /* _NGX_HTTP_CARRIERPAY_STRIP_H_INCLUDED_ */
