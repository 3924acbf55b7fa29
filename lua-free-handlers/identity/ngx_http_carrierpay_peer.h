
/*
 * The peer: the address by which the identity is decided, and its network.
 *
 *     socket           the TCP peer as the kernel knows it: realip may have
 *                      replaced what nginx knows
 *     proxy_protocol   what the PROXY line says
 *     real_ip          what realip made of the connection's address, which is
 *                      known after POST_READ
 *
 * The latter two count only when the TCP peer is a trusted proxy
 * (carrierpay_hop), since a client cannot connect from there.  The address of
 * a trusted proxy itself is never the peer, whatever network it is in.
 */


#ifndef _NGX_HTTP_CARRIERPAY_PEER_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_PEER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_network.h"


typedef enum {
    NGX_HTTP_CARRIERPAY_PEER_SOCKET = 0,
    NGX_HTTP_CARRIERPAY_PEER_PROXY_PROTOCOL,
    NGX_HTTP_CARRIERPAY_PEER_REAL_IP
} ngx_http_carrierpay_peer_e;


/*
 * Finds the peer's address and its network (NULL: in none).  Both are cached
 * in the connection, but for real_ip, where each request may have another.
 * NGX_OK, or NGX_DECLINED when there is no address that can be trusted.
 */
ngx_int_t ngx_http_carrierpay_peer(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr,
    ngx_carrierpay_network_t **network);

/*
 * The client's address as far as it is known: the peer, or on a listener
 * without enrichment what the PROXY line of a trusted proxy says, or nginx's
 * address.  For a client without an address (on a unix socket) family is set,
 * and there are no bytes.
 */
void ngx_http_carrierpay_peer_client(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);

/* The same as text; it is in the connection's memory. */
void ngx_http_carrierpay_peer_text(ngx_http_request_t *r, ngx_str_t *text);

/* "92.184.96.0/19", in the request's pool; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_http_carrierpay_peer_network_print(ngx_http_request_t *r,
    ngx_carrierpay_network_t *network, ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_PEER_H_INCLUDED_ */
