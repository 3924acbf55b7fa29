
/*
 * What nginx writes of a request into its logs, without the secrets.
 *
 * A link to a payment opens it, a query has tokens, and what a gateway calls
 * with has numbers and texts; nginx puts the line of a request and its
 * referrer into the access log, and behind each line of the error log.  In
 * locations flagged HIDDEN these are cut, once for all logs: at the query, at
 * a character that is percent-encoded, and inside a checkout token, of which
 * the payment's id stays.
 *
 * $request and $http_referer are cut as soon as the header has been read;
 * $request_uri and $args when rewrites and redirects have used them.  What
 * nginx logs before, while it reads the header, is of the level "info".
 */


#ifndef _NGX_HTTP_CARRIERPAY_HIDE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_HIDE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * Cuts all of them, and moves the query to ctx->args, if the location of the
 * request is flagged.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_hide(ngx_http_request_t *r);

/*
 * Adds handlers of the phases POST_READ and PREACCESS that do so; NGX_OK or
 * NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_hide_init(ngx_conf_t *cf);

/* As ngx_http_arg(), of the query that was moved. */
ngx_int_t ngx_http_carrierpay_hide_arg(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_HIDE_H_INCLUDED_ */
