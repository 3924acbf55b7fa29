
#ifndef _NGX_CARRIERPAY_URL_H_INCLUDED_
#define _NGX_CARRIERPAY_URL_H_INCLUDED_


/*
 * Absolute http and https URLs that merchants give (return_url, webhook
 * endpoints).  The check is strict, because a browser, nginx and a resolver
 * must all read the same thing in a URL.
 *
 * Specification: RFC 3986, of which only a part is allowed: the schemes http
 * and https, in letters of any case; a host name of letters, digits and
 * hyphens that cannot be taken for a number (no "2130706433", "0x7f.1" or
 * "127.1"), a dotted quad, or an IPv6 address in brackets; a port from 1 to
 * 65535, or an empty one; a path and a query of visible ASCII, each of which
 * may be empty.  There is no user info, no fragment and no byte that RFC 3986
 * leaves out, and there are at most NGX_CARRIERPAY_URL_MAX bytes.  Whether the
 * host may be called is not decided here but by ngx_carrierpay_addr_class() of
 * the address that it resolves to.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_cidr.h>


#define NGX_CARRIERPAY_URL_MAX  2048


/*
 * A URL.  The strings point into the text that was parsed; path may point to a
 * constant "/".
 */

typedef struct {
    unsigned                  tls:1;        /* https */
    unsigned                  literal:1;    /* host is an address: in addr */
    in_port_t                 port;         /* host byte order, 80 or 443 */
    ngx_str_t                 host;         /* without brackets, any case */
    ngx_str_t                 authority;    /* host and port as written, */
                                            /* for the Host header */
    ngx_str_t                 path;         /* "/" when the URL has none */
    ngx_str_t                 query;        /* from "?", or empty */
    ngx_carrierpay_addr_t     addr;
} ngx_carrierpay_url_t;


/*
 * Parses a URL.  Returns NULL and fills *url, or else returns what is wrong,
 * as words that follow the name of the field in a message to the merchant
 * ("must not have a fragment").
 */
const char *ngx_carrierpay_url_parse(const ngx_str_t *text,
    ngx_carrierpay_url_t *url);


#endif /* _NGX_CARRIERPAY_URL_H_INCLUDED_ */
