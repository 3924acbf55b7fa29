
/*
 * GET /i/cs_…: the plain hop of a checkout, and what both hops share.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_checkout.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_flow_wait.h"


/* Redis answers within its own, shorter time or is away */
#define NGX_HTTP_CARRIERPAY_IDENTIFY_TIMEOUT  2000

/* bytes of an address that say where somebody is: /24, /48 */
#define NGX_HTTP_CARRIERPAY_BLOCK_IPV4        3
#define NGX_HTTP_CARRIERPAY_BLOCK_IPV6        6


static ngx_int_t ngx_http_carrierpay_identify(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_identify_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_identify_bounce(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_identify_miss(ngx_http_request_t *r,
    ngx_uint_t status);
static void ngx_http_carrierpay_client_network(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr, u_char *client_network);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_identify_routes[] = {
    { NGX_HTTP_GET, ngx_string("/{id}"), 0, ngx_http_carrierpay_identify, 0 },
    { 0, ngx_null_string, 0, NULL, 0 }
};


ngx_int_t
ngx_http_carrierpay_identify_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_identify_routes,
                                     &path, ngx_http_carrierpay_identify_miss);
}


static ngx_int_t
ngx_http_carrierpay_identify(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_str_t                       unavailable = ngx_string("unavailable");
    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_core_t          *core;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_carrierpay_identity_t       identity;
    ngx_http_carrierpay_identity_e  result;

    core = ngx_http_carrierpay_core(r);
    ctx = ngx_http_carrierpay_ctx(r);

    ngx_memzero(&identity, sizeof(ngx_carrierpay_identity_t));

    if (ngx_http_carrierpay_checkout_id(r, &ctx->id, &identity.payment_id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_identify_miss(r, NGX_HTTP_NOT_FOUND);
    }

    ctx->payment_id = identity.payment_id;
    ngx_http_carrierpay_variables_changed(r);

    result = ctx->identity;

    if (result == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        result = NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
    }

    if (result != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
        return ngx_http_carrierpay_identify_bounce(r, "n",
                                   ngx_http_carrierpay_identity_name(result));
    }

    ngx_http_carrierpay_visitor(r, &identity);
    identity.carrier = ctx->carrier;
    identity.msisdn = ctx->msisdn;
    identity.acr = ctx->acr;

    flow = core ? ngx_carrierpay_checkout_identify(core, &identity) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_identify_bounce(r, "n", &unavailable);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                     NGX_HTTP_CARRIERPAY_IDENTIFY_TIMEOUT,
                                     ngx_http_carrierpay_identify_end);
}


static ngx_int_t
ngx_http_carrierpay_identify_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                   value;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || checkout->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        ngx_str_set(&value, "unavailable");
        return ngx_http_carrierpay_identify_bounce(r, "n", &value);
    }

    value.data = checkout->session.token;
    value.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_identify_bounce(r, "t", &value);
}


/* to HTTPS, with what was found or why nothing was */

static ngx_int_t
ngx_http_carrierpay_identify_bounce(ngx_http_request_t *r, const char *name,
    ngx_str_t *value)
{
    ngx_str_t                                 url, policy;
    ngx_http_carrierpay_ctx_t                *ctx;
    ngx_http_carrierpay_identity_loc_conf_t  *ilcf;

    ilcf = ngx_http_get_module_loc_conf(r,
                                        ngx_http_carrierpay_identity_module);
    ctx = ngx_http_carrierpay_ctx(r);

    url.len = ilcf->url.len + ctx->id.len + sizeof("?n=") - 1 + value->len;
    url.data = ngx_pnalloc(r->pool, url.len);
    if (url.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url.data, "%V%V?%s=%V", &ilcf->url, &ctx->id, name, value);

    ngx_str_set(&policy, "no-referrer");

    if (ngx_http_carrierpay_reply_header(r, "Referrer-Policy", &policy)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &url);
}


static ngx_int_t
ngx_http_carrierpay_identify_miss(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_str_t  text;

    if (status == NGX_HTTP_NOT_FOUND) {
        ngx_str_set(&text, "This payment link is not valid.\n");

    } else {
        ngx_str_set(&text, "This page can only be opened.\n");
    }

    return ngx_http_carrierpay_reply_text(r, status, "text/plain", "utf-8",
                                          &text);
}


ngx_int_t
ngx_http_carrierpay_checkout_id(ngx_http_request_t *r, ngx_str_t *token,
    int64_t *id)
{
    const ngx_str_t        *key;
    ngx_carrierpay_conf_t  *conf;

    conf = ngx_http_carrierpay_conf(r);

    key = ngx_carrierpay_keyring_key(&conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    return ngx_carrierpay_token_checkout_verify(token, key, id);
}


void
ngx_http_carrierpay_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor)
{
    u_char                  hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t               agent;
    ngx_table_elt_t        *h;
    ngx_carrierpay_addr_t   addr;

    ngx_str_null(&agent);

    h = r->headers_in.user_agent;

    if (h) {
        agent = h->value;
    }

    ngx_carrierpay_sha256(hash, agent.data, agent.len);
    ngx_memcpy(visitor->agent, hash, sizeof(visitor->agent));

    ngx_http_carrierpay_peer_client(r, &addr);
    ngx_http_carrierpay_client_network(r, &addr, visitor->client_network);

    visitor->family = addr.family;
}


/*
 * Phones change their address within their operator's network all the time;
 * anywhere else somebody stays in his block, as providers give them out.
 */

static void
ngx_http_carrierpay_client_network(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr, u_char *client_network)
{
    size_t                      len;
    u_char                      hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t                   where;
    ngx_carrierpay_conf_t      *conf;
    ngx_carrierpay_network_t   *network;

    conf = ngx_http_carrierpay_conf(r);
    network = ngx_carrierpay_network_find(&conf->operators.networks, addr);

    len = (addr->family == AF_INET) ? NGX_HTTP_CARRIERPAY_BLOCK_IPV4
                                    : NGX_HTTP_CARRIERPAY_BLOCK_IPV6;
    where.data = addr->bytes;
    where.len = len;

    if (network && network->kind == NGX_CARRIERPAY_NETWORK_MOBILE) {
        where = network->operator->name;
    }

    ngx_carrierpay_sha256(hash, where.data, where.len);
    ngx_memcpy(client_network, hash,
               sizeof(((ngx_carrierpay_identity_t *) 0)->client_network));
}
