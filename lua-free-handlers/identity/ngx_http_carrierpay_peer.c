
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_peer.h"


/* the data of a cleanup in the connection's pool, which has no other use */

typedef struct {
    ngx_http_carrierpay_peer_e   from;
    ngx_int_t                    rc;
    ngx_carrierpay_addr_t        addr;
    ngx_carrierpay_network_t    *network;
} ngx_http_carrierpay_peer_cached_t;


static ngx_http_carrierpay_peer_cached_t *ngx_http_carrierpay_peer_cached(
    ngx_http_request_t *r, ngx_http_carrierpay_peer_e from);
static void ngx_http_carrierpay_peer_cache(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_cached_t *known);
static void ngx_http_carrierpay_peer_mark(void *data);
static ngx_int_t ngx_http_carrierpay_peer_evaluate(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr);
static ngx_int_t ngx_http_carrierpay_peer_socket(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);
static ngx_int_t ngx_http_carrierpay_peer_proxy(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);
static ngx_uint_t ngx_http_carrierpay_peer_trusted(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr);


ngx_int_t
ngx_http_carrierpay_peer(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from, ngx_carrierpay_addr_t *addr,
    ngx_carrierpay_network_t **network)
{
    ngx_carrierpay_conf_t             *conf;
    ngx_http_carrierpay_peer_cached_t  *known, new;

    known = ngx_http_carrierpay_peer_cached(r, from);

    if (known == NULL) {
        conf = ngx_http_carrierpay_conf(r);

        known = &new;
        ngx_memzero(known, sizeof(ngx_http_carrierpay_peer_cached_t));

        known->from = from;
        known->rc = ngx_http_carrierpay_peer_evaluate(r, from, &known->addr);
        known->network = (known->rc == NGX_OK)
                         ? ngx_carrierpay_network_find(
                               &conf->operators.networks, &known->addr)
                         : NULL;

        ngx_http_carrierpay_peer_cache(r, known);
    }

    *addr = known->addr;
    *network = known->network;

    return known->rc;
}


static ngx_http_carrierpay_peer_cached_t *
ngx_http_carrierpay_peer_cached(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_e from)
{
    ngx_pool_cleanup_t                *cln;
    ngx_http_carrierpay_peer_cached_t  *known;

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


/* without memory the next request finds it out again */

static void
ngx_http_carrierpay_peer_cache(ngx_http_request_t *r,
    ngx_http_carrierpay_peer_cached_t *known)
{
    ngx_pool_cleanup_t  *cln;

    if (known->from == NGX_HTTP_CARRIERPAY_PEER_REAL_IP) {
        return;
    }

    cln = ngx_pool_cleanup_add(r->connection->pool,
                               sizeof(ngx_http_carrierpay_peer_cached_t));

    if (cln) {
        cln->handler = ngx_http_carrierpay_peer_mark;
        *(ngx_http_carrierpay_peer_cached_t *) cln->data = *known;
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

        if (!ngx_http_carrierpay_peer_trusted(r, addr)) {
            return NGX_DECLINED;
        }

        rc = (from == NGX_HTTP_CARRIERPAY_PEER_PROXY_PROTOCOL)
             ? ngx_http_carrierpay_peer_proxy(r, addr)
             : ngx_carrierpay_addr_set(r->connection->sockaddr, addr);
    }

    /* any client may use a trusted proxy that is in an operator's network */

    if (rc != NGX_OK || ngx_http_carrierpay_peer_trusted(r, addr)) {
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


/* "PROXY UNKNOWN" and the health checks of the proxy itself have no address */

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
ngx_http_carrierpay_peer_trusted(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr)
{
    ngx_uint_t              i;
    ngx_array_t            *proxies;
    ngx_carrierpay_cidr_t  *cidr;

    proxies = ngx_http_carrierpay_conf(r)->trusted_proxies;

    if (proxies == NULL) {
        return 0;
    }

    cidr = proxies->elts;

    for (i = 0; i < proxies->nelts; i++) {
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

    if (ngx_http_carrierpay_peer_trusted(r, addr)
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
        && ngx_http_carrierpay_peer_trusted(r, &addr)
        && ngx_http_carrierpay_peer_proxy(r, &addr) == NGX_OK)
    {
        *text = r->connection->proxy_protocol->src_addr;
    }
}


ngx_int_t
ngx_http_carrierpay_peer_network_print(ngx_http_request_t *r,
    ngx_carrierpay_network_t *network, ngx_str_t *text)
{
    size_t                  len;
    ngx_carrierpay_addr_t  *addr;

    addr = &network->cidr.addr;

    text->data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_CIDR_TEXT_MAX);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    len = ngx_inet_ntop(addr->family, addr->bytes, text->data,
                        NGX_CARRIERPAY_ADDR_TEXT_MAX);

    text->len = ngx_sprintf(text->data + len, "/%ui", network->cidr.prefix)
                - text->data;

    return NGX_OK;
}
