
/*
 * Whether a form was sent by the shopper, by what browsers say of a request's
 * origin: the headers Origin and Fetch Metadata.
 *
 * A client that sends none of them (an old browser, or none) is let through:
 * the forms have tokens.
 */


#ifndef _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* Was it sent by a page of our own origin, as far as the browser says? */
ngx_uint_t ngx_http_carrierpay_guard_own(ngx_http_request_t *r);

/*
 * Was it sent because the shopper touched something?  A browser says so by
 * Sec-Fetch-User; WebKit has Fetch Metadata without this header.
 */
ngx_uint_t ngx_http_carrierpay_guard_touched(ngx_http_request_t *r);

/* Is the page in a frame of another page? */
ngx_uint_t ngx_http_carrierpay_guard_framed(ngx_http_request_t *r);

/* Does the client name itself by User-Agent? */
ngx_uint_t ngx_http_carrierpay_guard_agent(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_ */
