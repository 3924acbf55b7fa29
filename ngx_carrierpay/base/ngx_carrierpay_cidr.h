
#ifndef _NGX_CARRIERPAY_CIDR_H_INCLUDED_
#define _NGX_CARRIERPAY_CIDR_H_INCLUDED_


/*
 * Addresses and networks: which peers are trusted, and where a webhook may go.
 *
 * An IPv4 address inside an IPv6 one (::ffff:a.b.c.d, as a dual-stack listener
 * sees it) is treated everywhere as the IPv4 address that it is.
 *
 * Specifications: RFC 4632 and RFC 4291 for the notation, RFC 6890 and the
 * IANA registries of special-purpose addresses for the classes, RFC 6052 for
 * NAT64.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* The longest text of an address, and of a network. */

#define NGX_CARRIERPAY_ADDR_TEXT_MAX                                          \
    (sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255") - 1)
#define NGX_CARRIERPAY_CIDR_TEXT_MAX                                          \
    (NGX_CARRIERPAY_ADDR_TEXT_MAX + sizeof("/128") - 1)


typedef struct {
    ngx_uint_t                family;       /* AF_INET or AF_INET6 */
    u_char                    bytes[16];    /* IPv4: the first four */
} ngx_carrierpay_addr_t;


typedef struct {
    ngx_carrierpay_addr_t     addr;         /* bits after the prefix are 0 */
    ngx_uint_t                prefix;       /* length in bits */
} ngx_carrierpay_cidr_t;


typedef enum {
    NGX_CARRIERPAY_ADDR_PUBLIC = 0,         /* a webhook may go there */
    NGX_CARRIERPAY_ADDR_UNSPECIFIED,
    NGX_CARRIERPAY_ADDR_LOOPBACK,
    NGX_CARRIERPAY_ADDR_PRIVATE,
    NGX_CARRIERPAY_ADDR_LINK_LOCAL,
    NGX_CARRIERPAY_ADDR_CGNAT,              /* shared by a carrier's NAT */
    NGX_CARRIERPAY_ADDR_MULTICAST,
    NGX_CARRIERPAY_ADDR_METADATA,           /* a cloud's secrets */
    NGX_CARRIERPAY_ADDR_RESERVED            /* all else that is not global */
} ngx_carrierpay_addr_class_e;


/*
 * Parses the text of an address, without a zone id.  Returns NGX_OK, or
 * NGX_DECLINED if the text is not an address.
 */

ngx_int_t ngx_carrierpay_addr_parse(const ngx_str_t *text,
    ngx_carrierpay_addr_t *addr);

/*
 * Sets an address from a socket address.  Returns NGX_OK, or NGX_DECLINED for
 * other families, for example unix sockets.
 */

ngx_int_t ngx_carrierpay_addr_set(const struct sockaddr *sa,
    ngx_carrierpay_addr_t *addr);

/*
 * How many of its first bytes stand for one visitor (an IPv4 address, a /64 of
 * IPv6), and for the block in which providers assign addresses (/24, /48); 0
 * for a client without an address.
 */
size_t ngx_carrierpay_addr_visitor(const ngx_carrierpay_addr_t *addr);
size_t ngx_carrierpay_addr_block(const ngx_carrierpay_addr_t *addr);

/*
 * Returns the class of an address.  An IPv6 address that leads to an IPv4 one
 * through NAT64 (64:ff9b::/96) has the class of the IPv4 address; the
 * addresses of other tunnels (6to4, Teredo, local NAT64) are reserved.
 */
ngx_carrierpay_addr_class_e ngx_carrierpay_addr_class(
    const ngx_carrierpay_addr_t *addr);

/*
 * Returns the name of a class for a log or a message, for example
 * "link-local".
 */

const char *ngx_carrierpay_addr_class_name(ngx_carrierpay_addr_class_e class);


/*
 * Parses "192.0.2.0/24", "2001:db8::/32", or an address alone, which is a
 * network of one address.  An IPv4 network must be written as such, not inside
 * an IPv6 one.  NGX_OK; NGX_DECLINED: the text is not a network; NGX_ERROR:
 * bits after the prefix are set, so it is probably not the network that was
 * meant.
 */
ngx_int_t ngx_carrierpay_cidr_parse(const ngx_str_t *text,
    ngx_carrierpay_cidr_t *cidr);

/* Returns 1 if the address is in the network, and 0 otherwise. */

ngx_uint_t ngx_carrierpay_cidr_match(const ngx_carrierpay_cidr_t *cidr,
    const ngx_carrierpay_addr_t *addr);

/* Returns 1 if the two networks have an address in common, and 0 otherwise. */

ngx_uint_t ngx_carrierpay_cidr_overlap(const ngx_carrierpay_cidr_t *a,
    const ngx_carrierpay_cidr_t *b);


#endif /* _NGX_CARRIERPAY_CIDR_H_INCLUDED_ */
