
/*
 * The files that the pages load: a stylesheet, a script, merchants' colours.
 *
 * The names of the first two hold a hash of their text, so that a browser may
 * keep them for ever.  "colour.RRGGBB.css" is a stylesheet that sets --brand,
 * which fills a button, to a merchant's colour, and --on, which is the text on
 * it, to white or near-black.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_str_t       style;      /* names in the location of the pages */
    ngx_str_t       script;
} ngx_http_carrierpay_assets_t;


/* Makes the names of the first two; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_assets_init(ngx_conf_t *cf,
    ngx_http_carrierpay_assets_t *assets);

/*
 * Sends the file of this name; returns what a handler returns, or
 * NGX_DECLINED: there is no such file.
 */
ngx_int_t ngx_http_carrierpay_assets_send(ngx_http_request_t *r,
    ngx_http_carrierpay_assets_t *assets, ngx_str_t *name);


#endif /* _NGX_HTTP_CARRIERPAY_ASSETS_H_INCLUDED_ */
