
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_url.h"
#include "ngx_carrierpay_webhook.h"


#define NGX_CARRIERPAY_WEBHOOK_TIMEOUT         20000    /* ms */
#define NGX_CARRIERPAY_WEBHOOK_RECORD_TIMEOUT  30000    /* ms */

#define NGX_CARRIERPAY_WEBHOOK_SECRET_PREFIX   "whsec_"


typedef struct {
    ngx_carrierpay_webhook_t     hook;
    ngx_carrierpay_url_t         url;
    ngx_carrierpay_addr_t        addr;         /* checked, and called */
    ngx_str_t                    secret;
    ngx_event_t                  resolved;     /* posted */
    ngx_int_t                    rc;           /* of resolving */
    ngx_carrierpay_delivered_t   delivered;
    ngx_carrierpay_ledger_op_t   op;
    unsigned                     refused:1;
} ngx_carrierpay_webhook_delivery_t;


static ngx_int_t ngx_carrierpay_webhook_resolve(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_resolve_name(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_webhook_resolve_handler(ngx_resolver_ctx_t *ctx);
static void ngx_carrierpay_webhook_resolved_handler(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_webhook_allowed(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_send(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_target(
    ngx_carrierpay_webhook_delivery_t *d, ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_webhook_body(
    ngx_carrierpay_webhook_delivery_t *d, ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_webhook_sign(
    ngx_carrierpay_webhook_delivery_t *d, ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_webhook_send_handler(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_webhook_record(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_webhook_record_handler(
    ngx_carrierpay_ledger_op_t *op);
static ngx_int_t ngx_carrierpay_webhook_refuse(ngx_carrierpay_flow_t *flow,
    const char *why);


/*
 * A delivery that is refused goes on to "record": it is tried again by
 * schedule, since the merchant may mend the endpoint.
 */

static ngx_carrierpay_step_t  ngx_carrierpay_webhook_steps[] = {
    { "resolve",  ngx_carrierpay_webhook_resolve },
    { "deliver",  ngx_carrierpay_webhook_send },
    { "record",   ngx_carrierpay_webhook_record },
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_webhook_deliver(ngx_carrierpay_core_t *core,
    ngx_carrierpay_webhook_t *hook)
{
    ngx_uint_t                          i;
    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_webhook_delivery_t  *d;

    flow = ngx_carrierpay_flow_create(core, "outbox",
                                   ngx_carrierpay_webhook_steps,
                                   sizeof(ngx_carrierpay_webhook_delivery_t));
    if (flow == NULL) {
        return NULL;
    }

    d = flow->data;
    d->hook = *hook;

    {
        ngx_str_t  *texts[] = { &d->hook.url, &d->hook.secret, &d->hook.type,
                                &d->hook.body };

        for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            texts[i]->data = ngx_pstrdup(flow->pool, texts[i]);

            if (texts[i]->data == NULL) {
                ngx_carrierpay_flow_discard(flow);
                return NULL;
            }
        }
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_webhook_resolve(ngx_carrierpay_flow_t *flow)
{
    const char                         *err;
    ngx_str_t                           text;
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;

    err = ngx_carrierpay_url_parse(&d->hook.url, &d->url);

    if (err) {
        return ngx_carrierpay_webhook_refuse(flow, err);
    }

    if (d->hook.live && !d->url.tls) {
        return ngx_carrierpay_webhook_refuse(flow, "not https");
    }

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_webhook,
                                    &d->hook.secret, &text)
        != NGX_OK
        || text.len < sizeof(NGX_CARRIERPAY_WEBHOOK_SECRET_PREFIX))
    {
        return ngx_carrierpay_webhook_refuse(flow, "secret cannot be opened");
    }

    text.data += sizeof(NGX_CARRIERPAY_WEBHOOK_SECRET_PREFIX) - 1;
    text.len -= sizeof(NGX_CARRIERPAY_WEBHOOK_SECRET_PREFIX) - 1;

    d->secret.data = ngx_pnalloc(flow->pool,
                                 NGX_CARRIERPAY_BASE64_ROOM(text.len));
    if (d->secret.data == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_base64_decode(&d->secret, &text) != NGX_OK) {
        return ngx_carrierpay_webhook_refuse(flow, "secret is not base64");
    }

    if (!d->url.literal) {
        return ngx_carrierpay_webhook_resolve_name(flow);
    }

    d->addr = d->url.addr;

    return ngx_carrierpay_webhook_allowed(flow);
}


static ngx_int_t
ngx_carrierpay_webhook_resolve_name(ngx_carrierpay_flow_t *flow)
{
    ngx_resolver_ctx_t                 *ctx;
    ngx_carrierpay_conf_t              *conf;
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;
    conf = flow->core->conf;

    if (conf->resolver == NULL) {
        return ngx_carrierpay_webhook_refuse(flow, "no resolver defined");
    }

    ctx = ngx_resolve_start(conf->resolver, NULL);

    if (ctx == NULL || ctx == NGX_NO_RESOLVER) {
        return ngx_carrierpay_webhook_refuse(flow, "no resolver available");
    }

    ctx->name = d->url.host;
    ctx->handler = ngx_carrierpay_webhook_resolve_handler;
    ctx->data = flow;
    ctx->timeout = conf->resolver_timeout;

    d->resolved.handler = ngx_carrierpay_webhook_resolved_handler;
    d->resolved.data = flow;
    d->resolved.log = flow->log;

    if (ngx_resolve_name(ctx) != NGX_OK) {
        return ngx_carrierpay_webhook_refuse(flow, "host cannot be resolved");
    }

    return NGX_AGAIN;
}


/*
 * The resolver answers cached names inside the call: the flow goes on from a
 * posted event, as if the answer had come later.
 */

static void
ngx_carrierpay_webhook_resolve_handler(ngx_resolver_ctx_t *ctx)
{
    ngx_uint_t                          i;
    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_webhook_delivery_t  *d;

    flow = ctx->data;
    d = flow->data;

    d->rc = NGX_DECLINED;

    /* an IPv4 address when there is one: not every machine has IPv6 */

    for (i = 0; ctx->state == 0 && i < ctx->naddrs; i++) {
        if (d->rc == NGX_OK && ctx->addrs[i].sockaddr->sa_family != AF_INET) {
            continue;
        }

        d->rc = ngx_carrierpay_addr_set(ctx->addrs[i].sockaddr, &d->addr);

        if (d->addr.family == AF_INET) {
            break;
        }
    }

    ngx_resolve_name_done(ctx);

    ngx_post_event(&d->resolved, &ngx_posted_events);
}


static void
ngx_carrierpay_webhook_resolved_handler(ngx_event_t *ev)
{
    ngx_int_t                           rc;
    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_webhook_delivery_t  *d;

    flow = ev->data;
    d = flow->data;

    if (d->rc == NGX_OK) {
        rc = ngx_carrierpay_webhook_allowed(flow);

    } else {
        rc = ngx_carrierpay_webhook_refuse(flow, "host cannot be resolved");
    }

    ngx_carrierpay_flow_resume(flow, rc);
}


static ngx_int_t
ngx_carrierpay_webhook_allowed(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                          i;
    ngx_array_t                        *allow;
    ngx_carrierpay_cidr_t              *net;
    ngx_carrierpay_addr_class_e         class;
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;
    class = ngx_carrierpay_addr_class(&d->addr);

    if (class == NGX_CARRIERPAY_ADDR_PUBLIC) {
        return NGX_OK;
    }

    allow = flow->core->conf->webhook_allow;

    if (allow) {
        net = allow->elts;

        for (i = 0; i < allow->nelts; i++) {
            if (ngx_carrierpay_cidr_match(&net[i], &d->addr)) {
                return NGX_OK;
            }
        }
    }

    return ngx_carrierpay_webhook_refuse(flow,
                                      ngx_carrierpay_addr_class_name(class));
}


static ngx_int_t
ngx_carrierpay_webhook_send(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_egress_call_t       *call;
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;

    if (d->refused) {
        return NGX_OK;
    }

    call = ngx_carrierpay_egress_create(&flow->core->conf->egress);
    if (call == NULL) {
        return ngx_carrierpay_webhook_refuse(flow, "too many calls");
    }

    call->method = NGX_HTTP_POST;
    call->location = flow->core->conf->webhook_pass;
    call->timeout = NGX_CARRIERPAY_WEBHOOK_TIMEOUT;
    call->handler = ngx_carrierpay_webhook_send_handler;
    call->data = flow;

    if (ngx_carrierpay_webhook_target(d, call) != NGX_OK
        || ngx_carrierpay_webhook_body(d, call) != NGX_OK
        || ngx_carrierpay_webhook_sign(d, call) != NGX_OK)
    {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_egress_send(call) != NGX_OK) {
        return ngx_carrierpay_webhook_refuse(flow, "call cannot be made");
    }

    return NGX_AGAIN;
}


/* The checked address in place of the host. */

static ngx_int_t
ngx_carrierpay_webhook_target(ngx_carrierpay_webhook_delivery_t *d,
    ngx_carrierpay_egress_call_t *call)
{
    size_t      len;
    u_char     *p, text[NGX_CARRIERPAY_ADDR_TEXT_MAX];
    ngx_str_t  *target;

    len = ngx_inet_ntop(d->addr.family, d->addr.bytes, text, sizeof(text));

    target = &call->variables[NGX_CARRIERPAY_WEBHOOK_TARGET];

    p = ngx_pnalloc(call->pool,
                    sizeof("https://[]:65535") + len + d->url.uri.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    target->data = p;

    p = ngx_sprintf(p, d->addr.family == AF_INET6 ? "%s://[%*s]:%ui%V"
                                                  : "%s://%*s:%ui%V",
                    d->url.tls ? "https" : "http", len, text,
                    (ngx_uint_t) d->url.port, &d->url.uri);

    target->len = p - target->data;

    call->variables[NGX_CARRIERPAY_WEBHOOK_HOST] = d->url.authority;
    call->variables[NGX_CARRIERPAY_WEBHOOK_NAME] = d->url.host;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_webhook_body(ngx_carrierpay_webhook_delivery_t *d,
    ngx_carrierpay_egress_call_t *call)
{
    u_char  *p;

    p = ngx_pnalloc(call->pool, d->hook.type.len + d->hook.body.len
                                + NGX_CARRIERPAY_TEXT_TIME_LEN
                                + NGX_INT32_LEN
                                + sizeof("{\"type\":\"\",\"timestamp\":\"\","
                                         "\"sequence\":,\"data\":}"));
    if (p == NULL) {
        return NGX_ERROR;
    }

    call->body.data = p;

    p = ngx_sprintf(p, "{\"type\":\"%V\",\"timestamp\":\"", &d->hook.type);
    p = ngx_carrierpay_text_time(p, d->hook.at);
    p = ngx_sprintf(p, "\",\"sequence\":%D,\"data\":%V}", d->hook.seq,
                    &d->hook.body);

    call->body.len = p - call->body.data;

    return NGX_OK;
}


/* Standard Webhooks 1.0.0: HMAC-SHA256 of "id.timestamp.body" */

static ngx_int_t
ngx_carrierpay_webhook_sign(ngx_carrierpay_webhook_delivery_t *d,
    ngx_carrierpay_egress_call_t *call)
{
    u_char      mac[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t   id, time, signature, type, pieces[5];

    id.data = ngx_pnalloc(call->pool, NGX_CARRIERPAY_EVENT_ID_LEN);
    time.data = ngx_pnalloc(call->pool, NGX_TIME_T_LEN);
    signature.data = ngx_pnalloc(call->pool, 3
                                + NGX_CARRIERPAY_BASE64_LEN(sizeof(mac)));

    if (id.data == NULL || time.data == NULL || signature.data == NULL) {
        return NGX_ERROR;
    }

    id.len = ngx_carrierpay_id_print_event(id.data, d->hook.payment_id,
                                           d->hook.seq)
             - id.data;
    time.len = ngx_sprintf(time.data, "%T", ngx_time()) - time.data;

    pieces[0] = id;
    ngx_str_set(&pieces[1], ".");
    pieces[2] = time;
    ngx_str_set(&pieces[3], ".");
    pieces[4] = call->body;

    ngx_carrierpay_hmac_sha256_pieces(mac, &d->secret, pieces, 5);

    signature.len = ngx_carrierpay_base64_encode(
                        ngx_cpymem(signature.data, "v1,", 3), mac,
                        sizeof(mac))
                    - signature.data;

    ngx_str_set(&type, "application/json");

    if (ngx_carrierpay_egress_header(call, "Content-Type", &type) != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-id", &id) != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-timestamp", &time)
           != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-signature", &signature)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_carrierpay_webhook_send_handler(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_flow_t              *flow;
    ngx_carrierpay_webhook_delivery_t  *d;

    flow = call->data;
    d = flow->data;

    /* the status says it; the body may be cut short or too large */

    if (call->status >= 200 && call->status < 300) {
        d->delivered.delivered = 1;
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_WEBHOOK_DELIVERED);

    } else {
        d->delivered.retry_after = call->retry_after;
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_WEBHOOK_FAILED);

        ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                      "webhook to endpoint %D was not taken, status %ui",
                      d->hook.endpoint_id, call->status);
    }

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_webhook_record(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_ledger_op_t         *op;
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;
    op = &d->op;

    d->delivered.payment_id = d->hook.payment_id;
    d->delivered.seq = d->hook.seq;
    d->delivered.endpoint_id = d->hook.endpoint_id;
    d->delivered.token = d->hook.token;

    op->kind = NGX_CARRIERPAY_LEDGER_DELIVERED;
    op->timeout = NGX_CARRIERPAY_WEBHOOK_RECORD_TIMEOUT;
    op->pool = flow->pool;
    op->delivered = &d->delivered;
    op->handler = ngx_carrierpay_webhook_record_handler;
    op->data = flow;

    /* not recorded: the lease ends, and it is delivered once more */

    if (ngx_carrierpay_ledger_submit(flow->core->ledger, op) != NGX_OK) {
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_webhook_record_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_resume(op->data, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_webhook_refuse(ngx_carrierpay_flow_t *flow, const char *why)
{
    ngx_carrierpay_webhook_delivery_t  *d;

    d = flow->data;
    d->refused = 1;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_WEBHOOK_REFUSED);

    ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                  "webhook to endpoint %D refused: %s", d->hook.endpoint_id,
                  why);

    return NGX_OK;
}
