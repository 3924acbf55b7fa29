
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_route_time.h"


#define NGX_HTTP_CARRIERPAY_ROUTE_ID  "{id}"


static ngx_uint_t ngx_http_carrierpay_route_match(ngx_str_t *pattern,
    ngx_str_t *path, ngx_str_t *id);
static ngx_uint_t ngx_http_carrierpay_route_closed(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_route_refuse(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_route_miss(ngx_http_request_t *r,
    ngx_uint_t allowed);


ngx_int_t
ngx_http_carrierpay_route(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *routes, ngx_str_t *path)
{
    return ngx_http_carrierpay_route_auth(r, routes, path, NULL);
}


ngx_int_t
ngx_http_carrierpay_route_auth(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *routes, ngx_str_t *path,
    ngx_http_carrierpay_handler_pt authenticate)
{
    ngx_str_t                       id;
    ngx_uint_t                      method, allowed;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_route_t    *route;
    ngx_http_carrierpay_handler_pt  handler;

    if (r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }

    if (ngx_http_carrierpay_route_closed(r)) {
        return ngx_http_carrierpay_route_refuse(r,
                                                NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    allowed = 0;
    method = (r->method == NGX_HTTP_HEAD) ? NGX_HTTP_GET : r->method;

    for (route = routes; route->path.len; route++) {

        if (!ngx_http_carrierpay_route_match(&route->path, path, &id)) {
            continue;
        }

        allowed |= route->method;

        if (method != route->method) {
            continue;
        }

        ctx = ngx_http_carrierpay_ctx_get(r);

        if (ctx == NULL || ngx_http_carrierpay_route_time(r, route) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->route = route;
        ctx->id = id;

        handler = (route->flags & NGX_HTTP_CARRIERPAY_ROUTE_AUTH)
                  ? authenticate : route->endpoint;

        if (route->body_max) {
            return ngx_http_carrierpay_body_read(r, route->body_max, handler);
        }

        return ngx_http_carrierpay_body_none(r, handler);
    }

    return ngx_http_carrierpay_route_miss(r, allowed);
}


static ngx_uint_t
ngx_http_carrierpay_route_match(ngx_str_t *pattern, ngx_str_t *path,
    ngx_str_t *id)
{
    size_t   head, tail;
    u_char  *hole;

    ngx_str_null(id);

    hole = ngx_strnstr(pattern->data, NGX_HTTP_CARRIERPAY_ROUTE_ID,
                       pattern->len);

    if (hole == NULL) {
        return path->len == pattern->len
               && ngx_memcmp(path->data, pattern->data, path->len) == 0;
    }

    head = hole - pattern->data;
    tail = pattern->len - head - (sizeof(NGX_HTTP_CARRIERPAY_ROUTE_ID) - 1);

    if (path->len <= head + tail
        || ngx_memcmp(path->data, pattern->data, head) != 0
        || ngx_memcmp(path->data + path->len - tail,
                      pattern->data + pattern->len - tail, tail) != 0)
    {
        return 0;
    }

    id->data = path->data + head;
    id->len = path->len - head - tail;

    return ngx_strlchr(id->data, id->data + id->len, '/') == NULL;
}


/*
 * With another keyring than that of the database, or in another cell, no key,
 * token or link of a caller can be told from a wrong one, so none is looked
 * at.
 */

static ngx_uint_t
ngx_http_carrierpay_route_closed(ngx_http_request_t *r)
{
    ngx_carrierpay_core_t  *core;

    core = ngx_http_carrierpay_core(r);

    return core && ngx_carrierpay_ledger_foreign(core->ledger) != NULL;
}


static ngx_int_t
ngx_http_carrierpay_route_refuse(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_http_carrierpay_error(r, status) : rc;
}


static ngx_int_t
ngx_http_carrierpay_route_miss(ngx_http_request_t *r, ngx_uint_t allowed)
{
    ngx_str_t  allow;

    if (allowed == 0) {
        return ngx_http_carrierpay_route_refuse(r, NGX_HTTP_NOT_FOUND);
    }

    if (allowed == (NGX_HTTP_GET|NGX_HTTP_POST)) {
        ngx_str_set(&allow, "GET, HEAD, POST");

    } else if (allowed == NGX_HTTP_GET) {
        ngx_str_set(&allow, "GET, HEAD");

    } else {
        ngx_str_set(&allow, "POST");
    }

    if (ngx_http_carrierpay_reply_header(r, "Allow", &allow) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_route_refuse(r, NGX_HTTP_NOT_ALLOWED);
}


void
ngx_http_carrierpay_route_tail(ngx_http_request_t *r, ngx_str_t *path)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    *path = r->uri;

    if (clcf->name.len && path->len >= clcf->name.len) {
        path->data += clcf->name.len - 1;
        path->len -= clcf->name.len - 1;
    }
}
