
#ifndef _NGX_CARRIERPAY_URL_H_INCLUDED_
#define _NGX_CARRIERPAY_URL_H_INCLUDED_


/*
 * Absolute http and https URLs that merchants give us (return_url, webhook
 * endpoints).  Strict, because a browser, nginx and a resolver must all read
 * the same thing in it.
 *
 * Specification: RFC 3986, less than it allows: small-letter scheme; a host
 * name of letters, digits and hyphens that cannot be taken for a number
 * (no "2130706433", "0x7f.1", "127.1"), a dotted quad, or an IPv6 address in
 * brackets; port 1 to 65535; a path and a query of visible ASCII.  No user
 * info, no fragment, no query without a path, no byte that RFC 3986 leaves
 * out, no more than NGX_CARRIERPAY_URL_MAX bytes.  Whether the host may be
 * called is not decided here but by ngx_carrierpay_addr_class() of the
 * address that it resolves to.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_cidr.h>


#define NGX_CARRIERPAY_URL_MAX  2048


/* the strings point into the text that was parsed, uri perhaps to a "/" */

typedef struct {
    unsigned                  tls:1;        /* https */
    unsigned                  literal:1;    /* host is an address: in addr */
    in_port_t                 port;         /* host byte order, 80 or 443 */
    ngx_str_t                 host;         /* without brackets, any case */
    ngx_str_t                 authority;    /* host and port as written, */
                                            /* for the Host header */
    ngx_str_t                 uri;          /* path and query, from "/" */
    ngx_carrierpay_addr_t     addr;
} ngx_carrierpay_url_t;


/*
 * NULL when the text is such a URL and *url is filled; else what is wrong
 * with it, as words that follow the name of the field in a message to the
 * merchant ("must not have a fragment").
 */
const char *ngx_carrierpay_url_parse(const ngx_str_t *text,
    ngx_carrierpay_url_t *url);


#endif /* _NGX_CARRIERPAY_URL_H_INCLUDED_ */
