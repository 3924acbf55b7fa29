
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_peer.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_self_test.h"
#include "ngx_http_carrierpay_strip.h"


/* names, numbers and words; file names and header values come on top */
#define NGX_HTTP_CARRIERPAY_SELF_TEST_SIZE  2048


static ngx_int_t ngx_http_carrierpay_self_test_request(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx);
static ngx_int_t ngx_http_carrierpay_self_test_address(ngx_http_request_t *r,
    ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_self_test_send(ngx_http_request_t *r,
    ngx_str_t *json);
static u_char *ngx_http_carrierpay_self_test_peer(u_char *p, u_char *last,
    ngx_carrierpay_addr_t *addr);
static u_char *ngx_http_carrierpay_self_test_network(ngx_http_request_t *r,
    u_char *p, u_char *last, ngx_carrierpay_network_t *network);
static u_char *ngx_http_carrierpay_self_test_found(u_char *p, u_char *last,
    ngx_http_carrierpay_strip_found_t *found);
static u_char *ngx_http_carrierpay_self_test_member(u_char *p, u_char *last,
    const char *name, ngx_str_t *value);
static ngx_int_t ngx_http_carrierpay_self_test_buffer(ngx_http_request_t *r,
    ngx_carrierpay_network_t *network, ngx_str_t *mccmnc, ngx_str_t *json,
    u_char **last);


/* by ngx_carrierpay_network_e, and by ngx_http_carrierpay_peer_e */

static const char  *ngx_http_carrierpay_self_test_kinds[] = {
    "mobile", "data", "fixed", "relay", "vpn"
};

static const char  *ngx_http_carrierpay_self_test_sources[] = {
    "socket", "proxy_protocol", "real_ip"
};


ngx_int_t
ngx_http_carrierpay_self_test(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_str_t                   address;
    ngx_http_carrierpay_ctx_t  *ctx;

    if (ngx_http_arg(r, (u_char *) "address", sizeof("address") - 1, &address)
        == NGX_OK)
    {
        return ngx_http_carrierpay_self_test_address(r, &address);
    }

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_self_test_request(r, ctx);
}


static ngx_int_t
ngx_http_carrierpay_self_test_request(ngx_http_request_t *r,
    ngx_http_carrierpay_ctx_t *ctx)
{
    u_char                                   *p, *last;
    ngx_str_t                                 json, end_user, masked;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    if (ngx_http_carrierpay_self_test_buffer(r, ctx->network, &ctx->mccmnc,
                                             &json, &last)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    iscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_identity_module);

    ngx_str_null(&masked);

    if (ngx_http_carrierpay_ctx_end_user(ctx, &end_user) == NGX_OK) {

        masked.data = ngx_pnalloc(r->pool, NGX_CARRIERPAY_END_USER_MASK_LEN);
        if (masked.data == NULL) {
            return NGX_ERROR;
        }

        masked.len = ngx_carrierpay_end_user_mask(masked.data, &end_user)
                     - masked.data;
    }

    p = ngx_slprintf(json.data, last, "{\"enrichment\":%s,",
                     iscf->enrichment ? "true" : "false");
    p = ngx_http_carrierpay_self_test_member(p, last, "identity",
                            ngx_http_carrierpay_identity_name(ctx->identity));
    p = ngx_slprintf(p, last, "\"peer_from\":\"%s\",",
                     ngx_http_carrierpay_self_test_sources[iscf->peer]);
    p = ngx_http_carrierpay_self_test_peer(p, last, &ctx->peer);
    p = ngx_http_carrierpay_self_test_network(r, p, last, ctx->network);
    p = ngx_http_carrierpay_self_test_member(p, last, "operator",
                       ctx->carrier.operator ? &ctx->carrier.operator->name
                                             : NULL);
    p = ngx_http_carrierpay_self_test_member(p, last, "mvno",
                       ctx->carrier.mvno ? &ctx->carrier.mvno->name : NULL);
    p = ngx_http_carrierpay_self_test_member(p, last, "evidence",
                          ngx_carrierpay_evidence_name(ctx->carrier.evidence));
    p = ngx_http_carrierpay_self_test_found(p, last, ctx->found);
    p = ngx_http_carrierpay_self_test_member(p, last, "header", &ctx->header);
    p = ngx_http_carrierpay_self_test_member(p, last, "mccmnc", &ctx->mccmnc);
    p = ngx_http_carrierpay_self_test_member(p, last, "line", &masked);

    json.len = p - json.data;

    return ngx_http_carrierpay_self_test_send(r, &json);
}


static ngx_int_t
ngx_http_carrierpay_self_test_address(ngx_http_request_t *r, ngx_str_t *text)
{
    u_char                    *p, *last;
    ngx_str_t                  json, none;
    ngx_carrierpay_addr_t      addr;
    ngx_carrierpay_conf_t     *conf;
    ngx_carrierpay_network_t  *network;

    if (ngx_carrierpay_addr_parse(text, &addr) != NGX_OK) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_BAD_REQUEST,
                                               "invalid_parameter",
                                               "The address is not one");
    }

    conf = ngx_http_carrierpay_conf(r);
    network = ngx_carrierpay_network_find(&conf->operators.networks, &addr);

    ngx_str_null(&none);

    if (ngx_http_carrierpay_self_test_buffer(r, network, &none, &json, &last)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_slprintf(json.data, last, "{");
    p = ngx_http_carrierpay_self_test_peer(p, last, &addr);
    p = ngx_http_carrierpay_self_test_network(r, p, last, network);
    p = ngx_http_carrierpay_self_test_member(p, last, "operator",
                               network && network->operator
                               ? &network->operator->name : NULL);

    json.len = p - json.data;

    return ngx_http_carrierpay_self_test_send(r, &json);
}


/* Replaces the comma behind the last member. */

static ngx_int_t
ngx_http_carrierpay_self_test_send(ngx_http_request_t *r, ngx_str_t *json)
{
    json->data[json->len - 1] = '}';

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, json);
}


static u_char *
ngx_http_carrierpay_self_test_peer(u_char *p, u_char *last,
    ngx_carrierpay_addr_t *addr)
{
    u_char     text[NGX_CARRIERPAY_ADDR_TEXT_MAX];
    ngx_str_t  peer;

    ngx_str_null(&peer);

    if (addr->family) {
        peer.data = text;
        peer.len = ngx_inet_ntop(addr->family, addr->bytes, text,
                                 sizeof(text));
    }

    return ngx_http_carrierpay_self_test_member(p, last, "peer", &peer);
}


static u_char *
ngx_http_carrierpay_self_test_network(ngx_http_request_t *r, u_char *p,
    u_char *last, ngx_carrierpay_network_t *network)
{
    ngx_str_t  text, file;

    if (network == NULL
        || ngx_http_carrierpay_peer_network_print(r, network, &text) != NGX_OK)
    {
        return ngx_slprintf(p, last, "\"network\":null,");
    }

    file.data = network->file;
    file.len = ngx_strlen(network->file);

    p = ngx_http_carrierpay_self_test_member(p, last, "network", &text);
    p = ngx_slprintf(p, last, "\"network_kind\":\"%s\",",
                     ngx_http_carrierpay_self_test_kinds[network->kind]);
    p = ngx_http_carrierpay_self_test_member(p, last, "network_file", &file);

    return ngx_slprintf(p, last, "\"network_line\":%ui,", network->line);
}


/* Only their names: a value may be a number. */

static u_char *
ngx_http_carrierpay_self_test_found(u_char *p, u_char *last,
    ngx_http_carrierpay_strip_found_t *found)
{
    ngx_uint_t  i, n;

    n = found ? ngx_min(found->n, NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX) : 0;

    p = ngx_slprintf(p, last, "\"found\":[");

    for (i = 0; i < n; i++) {
        p = ngx_slprintf(p, last, "%s\"%V\"", i ? "," : "",
                         &found->items[i].name);
    }

    return ngx_slprintf(p, last, "],\"found_total\":%ui,",
                        found ? found->n : 0);
}


/* A value of NULL or of length 0 is null. */

static u_char *
ngx_http_carrierpay_self_test_member(u_char *p, u_char *last,
    const char *name, ngx_str_t *value)
{
    if (value == NULL || value->len == 0) {
        return ngx_slprintf(p, last, "\"%s\":null,", name);
    }

    p = ngx_slprintf(p, last, "\"%s\":\"", name);
    p = ngx_carrierpay_text_json(p, value->data, value->len);

    return ngx_slprintf(p, last, "\",");
}


/* The buffer has room for all members, so that none is cut off. */

static ngx_int_t
ngx_http_carrierpay_self_test_buffer(ngx_http_request_t *r,
    ngx_carrierpay_network_t *network, ngx_str_t *mccmnc, ngx_str_t *json,
    u_char **last)
{
    json->len = NGX_HTTP_CARRIERPAY_SELF_TEST_SIZE
                + ngx_carrierpay_text_json_size(mccmnc->data, mccmnc->len);

    if (network) {
        json->len += ngx_carrierpay_text_json_size(network->file,
                                                   ngx_strlen(network->file));
    }

    json->data = ngx_pnalloc(r->pool, json->len);
    if (json->data == NULL) {
        return NGX_ERROR;
    }

    *last = json->data + json->len;

    return NGX_OK;
}
