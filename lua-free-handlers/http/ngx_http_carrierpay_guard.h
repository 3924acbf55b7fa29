
/*
 * What a shopper has done, by what browsers say of a request: the headers
 * Origin and Fetch Metadata.
 *
 * A form of a client that sends none of them (an old browser, or none) is let
 * through: the forms have tokens.  A GET of such a client has no effect.
 */


#ifndef _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_GUARD_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/*
 * May a GET have an effect?  So it is when the shopper has opened it in a
 * window of its own, or when a page of ours asks for it.  It may not when it
 * is an image, a frame or a script of any page, a prefetch, a HEAD, or when
 * the client does not say what it is: a browser on plain HTTP, an old one, a
 * robot.  What such a GET would do, a form does that posts itself
 * (ngx_http_carrierpay_notice.h).
 */
ngx_uint_t ngx_http_carrierpay_guard_opened(ngx_http_request_t *r);

/* Does the script of our pages ask, which polls for the next page? */
ngx_uint_t ngx_http_carrierpay_guard_script(ngx_http_request_t *r);

/*
 * Was a form sent by a page of our own origin, as far as the browser says?
 * Our origin is what nginx has found to be the request's scheme, host and
 * port, whichever version of HTTP brought it.
 */
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
