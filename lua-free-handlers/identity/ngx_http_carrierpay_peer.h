
/*
 * Whose address a request is judged by.
 *
 *     socket           the TCP peer, asked of the kernel: a realip in front
 *                      of us may have replaced what nginx knows
 *     proxy_protocol   what the PROXY line says
 *     real_ip          what realip made of the connection's address; known
 *                      after POST_READ
 *
 * The latter two only when the TCP peer is one of our own load balancers
 * (carrierpay_hop): no client can write there.  A load balancer itself is
 * nobody's address, wherever it stands.
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
 * Who it is and in which network, or NULL, for all requests of a connection:
 * remembered there, unless a request may tell its own peer (real_ip).
 *
 * NGX_OK; NGX_DECLINED: there is no address that may be believed.
 */
ngx_int_t ngx_http_carrierpay_peer(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr,
    ngx_carrierpay_network_t **network);

/*
 * The client's address as far as it is known: on a listener without
 * enrichment the PROXY line of a hop counts, else nginx's address.  A client
 * without one (a unix socket's) has that family and no bytes.
 */
void ngx_http_carrierpay_peer_client(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);

/* The same as text, in the connection's memory. */
void ngx_http_carrierpay_peer_text(ngx_http_request_t *r, ngx_str_t *text);


#endif /* _NGX_HTTP_CARRIERPAY_PEER_H_INCLUDED_ */
