
/*
 * The two addresses of a checkout page.  Both are in the request's pool;
 * NGX_OK or NGX_ERROR (memory).
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_URL_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_URL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* On the plain listener, where the operator can identify the shopper. */
ngx_int_t ngx_http_carrierpay_checkout_url_plain(ngx_http_request_t *r,
    ngx_str_t *url);

/* The path of the page itself, with this query ("?n=used") or "". */
ngx_int_t ngx_http_carrierpay_checkout_url_self(ngx_http_request_t *r,
    const char *query, ngx_str_t *url);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_URL_H_INCLUDED_ */
