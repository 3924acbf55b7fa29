
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_peer.h"


/* in the connection's pool, as the data of a cleanup that does nothing else */

typedef struct {
    ngx_http_carrierpay_peer_e   from;
    ngx_int_t                    rc;
    ngx_carrierpay_addr_t        addr;
    ngx_carrierpay_network_t    *network;
} ngx_http_carrierpay_known_t;


static ngx_http_carrierpay_known_t *ngx_http_carrierpay_peer_known(
    ngx_http_request_t *r, ngx_http_carrierpay_peer_e from);
static void ngx_http_carrierpay_peer_remember(ngx_http_request_t *r,
    ngx_http_carrierpay_known_t *known);
static void ngx_http_carrierpay_peer_mark(void *data);
static ngx_int_t ngx_http_carrierpay_peer_evaluate(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr);
static ngx_int_t ngx_http_carrierpay_peer_socket(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);
static ngx_int_t ngx_http_carrierpay_peer_proxy(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);
static ngx_uint_t ngx_http_carrierpay_peer_hop(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);


ngx_int_t
ngx_http_carrierpay_peer(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr,
    ngx_carrierpay_network_t **network)
{
    ngx_carrierpay_conf_t        *conf;
    ngx_http_carrierpay_known_t  *known, new;

    known = ngx_http_carrierpay_peer_known(r, from);

    if (known == NULL) {
        conf = ngx_http_carrierpay_conf(r);

        known = &new;
        ngx_memzero(known, sizeof(ngx_http_carrierpay_known_t));

        known->from = from;
        known->rc = ngx_http_carrierpay_peer_evaluate(r, from, &known->addr);
        known->network = (known->rc == NGX_OK)
                         ? ngx_carrierpay_network_find(
                               &conf->operators.networks, &known->addr)
                         : NULL;

        ngx_http_carrierpay_peer_remember(r, known);
    }

    *addr = known->addr;
    *network = known->network;

    return known->rc;
}


static ngx_http_carrierpay_known_t *
ngx_http_carrierpay_peer_known(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from)
{
    ngx_pool_cleanup_t           *cln;
    ngx_http_carrierpay_known_t  *known;

    for (cln = r->connection->pool->cleanup; cln; cln = cln->next) {

        known = cln->data;

        if (cln->handler == ngx_http_carrierpay_peer_mark
            && known->from == from)
        {
            return known;
        }
    }

    return NULL;
}


/* no memory: the next request finds out anew */

static void
ngx_http_carrierpay_peer_remember(ngx_http_request_t *r,
    ngx_http_carrierpay_known_t *known)
{
    ngx_pool_cleanup_t  *cln;

    if (known->from == NGX_HTTP_CARRIERPAY_PEER_REAL_IP) {
        return;
    }

    cln = ngx_pool_cleanup_add(r->connection->pool,
                               sizeof(ngx_http_carrierpay_known_t));

    if (cln) {
        cln->handler = ngx_http_carrierpay_peer_mark;
        *(ngx_http_carrierpay_known_t *) cln->data = *known;
    }
}


static void
ngx_http_carrierpay_peer_mark(void *data)
{
    (void) data;
}


static ngx_int_t
ngx_http_carrierpay_peer_evaluate(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr)
{
    ngx_int_t  rc;

    rc = ngx_http_carrierpay_peer_socket(r, addr);

    if (rc == NGX_OK && from != NGX_HTTP_CARRIERPAY_PEER_SOCKET) {

        if (!ngx_http_carrierpay_peer_hop(r, addr)) {
            return NGX_DECLINED;
        }

        rc = (from == NGX_HTTP_CARRIERPAY_PEER_PROXY_PROTOCOL)
             ? ngx_http_carrierpay_peer_proxy(r, addr)
             : ngx_carrierpay_addr_set(r->connection->sockaddr, addr);
    }

    /* anybody may come through a hop, which may stand in a network */

    if (rc != NGX_OK || ngx_http_carrierpay_peer_hop(r, addr)) {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_peer_socket(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr)
{
    socklen_t       len;
    ngx_sockaddr_t  sa;

    len = sizeof(ngx_sockaddr_t);
    ngx_memzero(&sa, sizeof(ngx_sockaddr_t));

    if (getpeername(r->connection->fd, &sa.sockaddr, &len) == -1) {
        return NGX_DECLINED;
    }

    return ngx_carrierpay_addr_set(&sa.sockaddr, addr);
}


/* the hop may not know ("PROXY UNKNOWN"), and checks itself without a line */

static ngx_int_t
ngx_http_carrierpay_peer_proxy(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr)
{
    ngx_proxy_protocol_t  *pp;

    pp = r->connection->proxy_protocol;

    if (pp == NULL) {
        return NGX_DECLINED;
    }

    return ngx_carrierpay_addr_parse(&pp->src_addr, addr);
}


static ngx_uint_t
ngx_http_carrierpay_peer_hop(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr)
{
    ngx_uint_t              i;
    ngx_array_t            *hops;
    ngx_carrierpay_cidr_t  *cidr;

    hops = ngx_http_carrierpay_conf(r)->trusted_proxies;

    if (hops == NULL) {
        return 0;
    }

    cidr = hops->elts;

    for (i = 0; i < hops->nelts; i++) {
        if (ngx_carrierpay_cidr_match(&cidr[i], addr)) {
            return 1;
        }
    }

    return 0;
}


void
ngx_http_carrierpay_peer_client(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr)
{
    ngx_carrierpay_addr_t       behind;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx && ctx->peer.family) {
        *addr = ctx->peer;
        return;
    }

    if (ngx_carrierpay_addr_set(r->connection->sockaddr, addr) != NGX_OK) {
        ngx_memzero(addr, sizeof(ngx_carrierpay_addr_t));
        addr->family = r->connection->sockaddr->sa_family;
        return;
    }

    if (ngx_http_carrierpay_peer_hop(r, addr)
        && ngx_http_carrierpay_peer_proxy(r, &behind) == NGX_OK)
    {
        *addr = behind;
    }
}


void
ngx_http_carrierpay_peer_text(ngx_http_request_t *r, ngx_str_t *text)
{
    ngx_carrierpay_addr_t  addr;

    *text = r->connection->addr_text;

    if (ngx_carrierpay_addr_set(r->connection->sockaddr, &addr) == NGX_OK
        && ngx_http_carrierpay_peer_hop(r, &addr)
        && ngx_http_carrierpay_peer_proxy(r, &addr) == NGX_OK)
    {
        *text = r->connection->proxy_protocol->src_addr;
    }
}
