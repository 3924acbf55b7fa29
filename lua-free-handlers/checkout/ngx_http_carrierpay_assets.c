
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_colour.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_assets.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_script.h"
#include "ngx_http_carrierpay_style.h"


#define NGX_HTTP_CARRIERPAY_ASSET_HASH  8    /* bytes in the name */


static ngx_int_t ngx_http_carrierpay_assets_name(ngx_conf_t *cf,
    ngx_str_t *name, const char *stem, const char *ending,
    const ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_assets_colour(ngx_str_t *name,
    uint32_t *colour);
static ngx_int_t ngx_http_carrierpay_assets_reply(ngx_http_request_t *r,
    const char *type, ngx_str_t text);


static ngx_str_t  ngx_http_carrierpay_nosniff = ngx_string("nosniff");


ngx_int_t
ngx_http_carrierpay_assets_init(ngx_conf_t *cf,
    ngx_http_carrierpay_assets_t *assets)
{
    if (ngx_http_carrierpay_assets_name(cf, &assets->style, "style", "css",
                                        &ngx_http_carrierpay_style)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_assets_name(cf, &assets->script, "script", "js",
                                           &ngx_http_carrierpay_script);
}


static ngx_int_t
ngx_http_carrierpay_assets_name(ngx_conf_t *cf, ngx_str_t *name,
    const char *stem, const char *ending, const ngx_str_t *text)
{
    u_char  *p, hash[NGX_CARRIERPAY_SHA256_LEN];

    ngx_carrierpay_sha256(hash, text->data, text->len);

    name->len = ngx_strlen(stem) + 1
                + NGX_CARRIERPAY_TEXT_HEX_LEN(NGX_HTTP_CARRIERPAY_ASSET_HASH)
                + 1 + ngx_strlen(ending);

    name->data = ngx_pnalloc(cf->pool, name->len);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(name->data, "%s.", stem);
    p = ngx_carrierpay_text_hex(p, hash, NGX_HTTP_CARRIERPAY_ASSET_HASH);
    (void) ngx_sprintf(p, ".%s", ending);

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_assets_send(ngx_http_request_t *r,
    ngx_http_carrierpay_assets_t *assets, ngx_str_t *name)
{
    u_char     css[sizeof(":root{--brand:#rrggbb;--on:#rrggbb}\n")];
    uint32_t   colour;
    ngx_str_t  text;

    if (name->len == assets->style.len
        && ngx_memcmp(name->data, assets->style.data, name->len) == 0)
    {
        return ngx_http_carrierpay_assets_reply(r, "text/css",
                                                ngx_http_carrierpay_style);
    }

    if (name->len == assets->script.len
        && ngx_memcmp(name->data, assets->script.data, name->len) == 0)
    {
        return ngx_http_carrierpay_assets_reply(r, "text/javascript",
                                                ngx_http_carrierpay_script);
    }

    if (ngx_http_carrierpay_assets_colour(name, &colour) != NGX_OK) {
        return NGX_DECLINED;
    }

    text.data = css;
    text.len = ngx_sprintf(css, ":root{--brand:#%06xD;--on:#%06xD}\n", colour,
                           ngx_carrierpay_colour_on(colour))
               - css;

    return ngx_http_carrierpay_assets_reply(r, "text/css", text);
}


static ngx_int_t
ngx_http_carrierpay_assets_colour(ngx_str_t *name, uint32_t *colour)
{
    u_char  *p;
    size_t   stem, ending;

    stem = sizeof("colour.") - 1;
    ending = sizeof(".css") - 1;

    if (name->len != stem + NGX_CARRIERPAY_COLOUR_LEN + ending
        || ngx_memcmp(name->data, "colour.", stem) != 0)
    {
        return NGX_DECLINED;
    }

    p = name->data + stem;

    if (ngx_memcmp(p + NGX_CARRIERPAY_COLOUR_LEN, ".css", ending) != 0) {
        return NGX_DECLINED;
    }

    return ngx_carrierpay_colour_parse(p, NGX_CARRIERPAY_COLOUR_LEN, colour);
}


static ngx_int_t
ngx_http_carrierpay_assets_reply(ngx_http_request_t *r, const char *type,
    ngx_str_t text)
{
    ngx_str_t  control = ngx_string("public, max-age=31536000, immutable");

    if (ngx_http_carrierpay_reply_header(r, "X-Content-Type-Options",
                                         &ngx_http_carrierpay_nosniff)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_cached(r, type, &control, &text);
}
