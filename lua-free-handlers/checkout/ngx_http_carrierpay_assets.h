
/*
 * What the pages load besides: a stylesheet, a script, merchants' colours.
 *
 * The names of the first two hold a hash of their text, so whoever has one
 * keeps it.  "colour.RRGGBB.css" is a stylesheet that sets --brand and --on,
 * what fills a button and what is written on it, to a merchant's colour and
 * to white or near-black.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_str_t       style;      /* names in the pages' location */
    ngx_str_t       script;
} ngx_http_carrierpay_assets_t;


/* sources of this folder */

extern const ngx_str_t  ngx_http_carrierpay_style;
extern const ngx_str_t  ngx_http_carrierpay_script;


/* Makes the names; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_assets_init(ngx_conf_t *cf,
    ngx_http_carrierpay_assets_t *assets);

/* Sends the one of this name; NGX_DECLINED: there is none. */
ngx_int_t ngx_http_carrierpay_assets_send(ngx_http_request_t *r,
    ngx_http_carrierpay_assets_t *assets, ngx_str_t *name);


#endif /* _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_ */
