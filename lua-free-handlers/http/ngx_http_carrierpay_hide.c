
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_id.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_hide.h"
#include "ngx_http_carrierpay_location.h"


#define NGX_HTTP_CARRIERPAY_HIDE_TOKEN  "/cs_"


static ngx_uint_t ngx_http_carrierpay_hide_flagged(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_hide_line(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_hide_text(ngx_http_request_t *r,
    ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_hide_early(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_hide_late(ngx_http_request_t *r);


ngx_int_t
ngx_http_carrierpay_hide(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    if (!ngx_http_carrierpay_hide_flagged(r)) {
        return NGX_OK;
    }

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    if (r->args.len) {
        ctx->args = r->args;
        ngx_str_null(&r->args);
    }

    return ngx_http_carrierpay_hide_text(r, &r->unparsed_uri) == NGX_OK
           ? ngx_http_carrierpay_hide_line(r) : NGX_ERROR;
}


static ngx_uint_t
ngx_http_carrierpay_hide_flagged(ngx_http_request_t *r)
{
    ngx_http_carrierpay_location_t  *location;

    if (r != r->main) {
        return 0;
    }

    location = ngx_http_carrierpay_location_find(r);

    return location
           && (location->flags & NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN);
}


static ngx_int_t
ngx_http_carrierpay_hide_line(ngx_http_request_t *r)
{
    if (ngx_http_carrierpay_hide_text(r, &r->request_line) != NGX_OK) {
        return NGX_ERROR;
    }

    return r->headers_in.referer
           ? ngx_http_carrierpay_hide_text(r, &r->headers_in.referer->value)
           : NGX_OK;
}


/* The text is in nginx's buffer, where r->uri may point to the same bytes. */

static ngx_int_t
ngx_http_carrierpay_hide_text(ngx_http_request_t *r, ngx_str_t *text)
{
    u_char  *p, *last, *end, *id, *hidden;
    size_t   i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] == '?' || text->data[i] == '%') {
            text->len = i;
        }
    }

    if (text->len == 0) {
        return NGX_OK;
    }

    last = text->data + text->len;
    p = ngx_strnstr(text->data, NGX_HTTP_CARRIERPAY_HIDE_TOKEN, text->len);

    if (p == NULL) {
        return NGX_OK;
    }

    p += sizeof(NGX_HTTP_CARRIERPAY_HIDE_TOKEN) - 1;

    for (end = p; end < last && *end != '/' && *end != ' '; end++) {
        /* void */
    }

    id = p + NGX_CARRIERPAY_ID_DIGITS;

    if (end <= id) {
        return NGX_OK;
    }

    hidden = ngx_pnalloc(r->pool, text->len + sizeof("...") - 1);
    if (hidden == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(hidden, text->data, id - text->data);
    p = ngx_cpymem(p, "...", sizeof("...") - 1);
    p = ngx_cpymem(p, end, last - end);

    text->len = p - hidden;
    text->data = hidden;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_hide_arg(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    ngx_int_t                   rc;
    ngx_str_t                   args;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    args = r->args;
    r->args = ctx->args;

    rc = ngx_http_arg(r, (u_char *) name, ngx_strlen(name), value);

    r->args = args;

    return rc;
}


/*
 * nginx runs the handlers of a phase from the last to the first, and so these
 * before those that judge a request and limit it.
 */

ngx_int_t
ngx_http_carrierpay_hide_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_hide_early;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_hide_late;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_hide_early(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_hide_flagged(r)
           && ngx_http_carrierpay_hide_line(r) != NGX_OK
           ? NGX_HTTP_INTERNAL_SERVER_ERROR : NGX_DECLINED;
}


static ngx_int_t
ngx_http_carrierpay_hide_late(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_hide(r) == NGX_OK
           ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
}
