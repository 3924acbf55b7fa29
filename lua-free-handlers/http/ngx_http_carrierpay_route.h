
/*
 * Routes: the handler of a method and a path.
 */


#ifndef _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/*
 * A path may have one {id}, which stands for any text without a slash; the
 * text is in ctx->id then.  NGX_HTTP_GET is HEAD as well.  When body_max is 0,
 * a body is discarded.  A table ends with an empty path.
 */
typedef struct {
    ngx_uint_t                       method;
    ngx_str_t                        path;
    size_t                           body_max;
    ngx_http_carrierpay_handler_pt   handler;
} ngx_http_carrierpay_route_t;


/*
 * Finds the route of a path and calls its handler, with the body if the route
 * takes one.  Without a route `miss` is called with 404, or with 405 after the
 * header Allow has been set.  A content handler returns what this returns.
 */
typedef ngx_int_t (*ngx_http_carrierpay_miss_pt)(ngx_http_request_t *r,
    ngx_uint_t status);

ngx_int_t ngx_http_carrierpay_route(ngx_http_request_t *r,
    ngx_http_carrierpay_route_t *routes, ngx_str_t *path,
    ngx_http_carrierpay_miss_pt miss);

/* A `miss` that answers with a problem. */
ngx_int_t ngx_http_carrierpay_route_problem(ngx_http_request_t *r,
    ngx_uint_t status);

/*
 * The request's path inside a location whose name ends with a slash: the
 * slash and what follows.
 */
void ngx_http_carrierpay_route_tail(ngx_http_request_t *r, ngx_str_t *path);


#endif /* _NGX_HTTP_CARRIERPAY_ROUTE_H_INCLUDED_ */
