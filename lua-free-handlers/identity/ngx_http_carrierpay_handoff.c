
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_handoff.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_url.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_handoff.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_notice.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_variables.h"


/* ms; longer than the timeout of Redis, which has then failed */
#define NGX_HTTP_CARRIERPAY_HANDOFF_TIMEOUT  2000


static ngx_int_t ngx_http_carrierpay_handoff_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_handoff_get(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_handoff_post(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_handoff(ngx_http_request_t *r,
    ngx_uint_t opened);
static ngx_int_t ngx_http_carrierpay_handoff_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_handoff_redirect(ngx_http_request_t *r,
    const char *name, ngx_str_t *value);
static void ngx_http_carrierpay_handoff_client_network(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr, u_char *client_network);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_handoff_routes[] = {

    { NGX_HTTP_GET, ngx_string("/{id}"),
      0, ngx_http_carrierpay_handoff_get, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}"),
      0, ngx_http_carrierpay_handoff_post, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


ngx_http_carrierpay_location_t  ngx_http_carrierpay_handoff_location = {
    ngx_http_carrierpay_handoff_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_FOLDER|NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN
    |NGX_HTTP_CARRIERPAY_LOCATION_IDENTIFY,
    ngx_http_carrierpay_notice_error
};


/*
 * carrierpay_identify URL; where "https://pay.example.com" is short for
 * "https://pay.example.com/pay/".
 */

char *
ngx_http_carrierpay_handoff_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_identity_loc_conf_t  *ilcf = conf;

    u_char                           *p;
    ngx_str_t                        *value, *host;
    const char                       *err;
    ngx_carrierpay_url_t              url;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    if (ilcf->url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    err = ngx_carrierpay_url_parse(&value[1], &url);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "URL \"%V\" in \"%V\" %s",
                           &value[1], &cmd->name, err);
        return NGX_CONF_ERROR;
    }

    if (!url.tls) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "URL \"%V\" in \"%V\" must begin with https://",
                           &value[1], &cmd->name);
        return NGX_CONF_ERROR;
    }

    ilcf->url = value[1];

    if (url.path.data < value[1].data
        || url.path.data >= value[1].data + value[1].len)
    {
        ilcf->url.len += sizeof("/pay/") - 1;
        ilcf->url.data = ngx_pnalloc(cf->pool, ilcf->url.len);
        if (ilcf->url.data == NULL) {
            return NGX_CONF_ERROR;
        }

        p = ngx_cpymem(ilcf->url.data, value[1].data, value[1].len);
        ngx_memcpy(p, "/pay/", sizeof("/pay/") - 1);
    }

    if (ilcf->url.data[ilcf->url.len - 1] != '/') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "URL \"%V\" in \"%V\" must end with \"/\"",
                           &value[1], &cmd->name);
        return NGX_CONF_ERROR;
    }

    /* an SMS binds its PIN to the host of the pages, which is the first one */

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    host = &cmcf->conf.pay_host;

    if (host->len == 0) {
        *host = url.host;
        cmcf->conf.pay_url = ilcf->url;
    }

    return ngx_http_carrierpay_location_set(cf, cmd->post);
}


static ngx_int_t
ngx_http_carrierpay_handoff_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_handoff_routes,
                                     &path);
}


static ngx_int_t
ngx_http_carrierpay_handoff_get(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_handoff(r, ngx_http_carrierpay_guard_opened(r));
}


static ngx_int_t
ngx_http_carrierpay_handoff_post(ngx_http_request_t *r, ngx_str_t *body)
{
    if (!ngx_http_carrierpay_guard_own(r)) {
        return ngx_http_carrierpay_notice_error(r, NGX_HTTP_FORBIDDEN);
    }

    return ngx_http_carrierpay_handoff(r, 1);
}


/*
 * An identity becomes a session only when a shopper opens the link; that there
 * is none is told to any client.
 */

static ngx_int_t
ngx_http_carrierpay_handoff(ngx_http_request_t *r, ngx_uint_t opened)
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

    if (ngx_http_carrierpay_handoff_payment_id(r, &ctx->id,
                                               &identity.payment_id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_notice_error(r, NGX_HTTP_NOT_FOUND);
    }

    ctx->payment_id = identity.payment_id;
    ngx_http_carrierpay_variables_changed(r);

    result = ctx->identity;

    if (result == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        result = NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
    }

    if (result != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
        return ngx_http_carrierpay_handoff_redirect(r, "n",
                                   ngx_http_carrierpay_identity_name(result));
    }

    if (!opened) {
        return ngx_http_carrierpay_notice_open(r);
    }

    ngx_http_carrierpay_handoff_visitor(r, &identity);
    identity.carrier = ctx->carrier;
    identity.msisdn = ctx->msisdn;
    identity.acr = ctx->acr;

    flow = core ? ngx_carrierpay_handoff(core, &identity) : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_handoff_redirect(r, "n", &unavailable);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                         NGX_HTTP_CARRIERPAY_HANDOFF_TIMEOUT,
                                         ngx_http_carrierpay_handoff_end);
}


static ngx_int_t
ngx_http_carrierpay_handoff_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                  value;
    ngx_carrierpay_session_t  *s;

    s = flow->data;

    if (flow->result != NGX_CARRIERPAY_FLOW_OK) {
        ngx_str_set(&value, "unavailable");
        return ngx_http_carrierpay_handoff_redirect(r, "n", &value);
    }

    value.data = s->token;
    value.len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_handoff_redirect(r, "t", &value);
}


/* redirects to HTTPS, with the token or the reason why there is none */

static ngx_int_t
ngx_http_carrierpay_handoff_redirect(ngx_http_request_t *r, const char *name,
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


ngx_int_t
ngx_http_carrierpay_handoff_payment_id(ngx_http_request_t *r, ngx_str_t *token,
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
ngx_http_carrierpay_handoff_visitor(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor)
{
    u_char                  hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t               agent;
    ngx_table_elt_t        *h;

    ngx_str_null(&agent);

    h = r->headers_in.user_agent;

    if (h) {
        agent = h->value;
    }

    ngx_carrierpay_sha256(hash, agent.data, agent.len);
    ngx_memcpy(visitor->agent, hash, sizeof(visitor->agent));

    ngx_http_carrierpay_peer_client(r, &visitor->address);
    ngx_http_carrierpay_handoff_client_network(r, &visitor->address,
                                               visitor->client_network);

    visitor->family = visitor->address.family;
}


/*
 * A phone changes its address within its operator's network all the time, so
 * there the operator counts; anywhere else the block of the address does,
 * since providers assign addresses in blocks.
 */

static void
ngx_http_carrierpay_handoff_client_network(ngx_http_request_t *r,
    ngx_carrierpay_addr_t *addr, u_char *client_network)
{
    u_char                      hash[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t                   text;
    ngx_carrierpay_conf_t      *conf;
    ngx_carrierpay_network_t   *network;

    conf = ngx_http_carrierpay_conf(r);
    network = ngx_carrierpay_network_find(&conf->operators.networks, addr);

    text.data = addr->bytes;
    text.len = ngx_carrierpay_addr_block(addr);

    if (network
        && (network->kind == NGX_CARRIERPAY_NETWORK_MOBILE
            || network->kind == NGX_CARRIERPAY_NETWORK_DATA))
    {
        text = network->operator->name;
    }

    ngx_carrierpay_sha256(hash, text.data, text.len);
    ngx_memcpy(client_network, hash,
               sizeof(((ngx_carrierpay_identity_t *) 0)->client_network));
}
