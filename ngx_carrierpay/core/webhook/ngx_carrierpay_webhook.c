
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_url.h"
#include "ngx_carrierpay_webhook.h"
#include "ngx_carrierpay_webhook_event.h"


#define NGX_CARRIERPAY_WEBHOOK_TIMEOUT         20000    /* ms */
#define NGX_CARRIERPAY_WEBHOOK_RECORD_TIMEOUT  30000    /* ms */

#define NGX_CARRIERPAY_WEBHOOK_SECRET_PREFIX   "whsec_"


typedef struct {
    /* the row of the claim */

    ngx_carrierpay_webhook_event_t  event;
    int32_t                    endpoint_id;
    int64_t                    token;          /* of the lease */
    ngx_str_t                  endpoint;       /* its URL */
    ngx_str_t                  sealed;         /* its secret */

    ngx_carrierpay_url_t       url;
    ngx_carrierpay_addr_t      addr;           /* checked, and called */
    ngx_str_t                  secret;
    ngx_event_t                resolved;       /* posted */
    ngx_int_t                  rc;             /* of resolving */
    ngx_msec_t                 called;         /* when */

    /* what is recorded */

    ngx_uint_t                 delivered;
    int32_t                    retry_after;    /* s; 0: by schedule */
    ngx_carrierpay_sql_call_t  call;
} ngx_carrierpay_webhook_t;


static ngx_carrierpay_flow_t *ngx_carrierpay_webhook_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);
static ngx_int_t ngx_carrierpay_webhook_resolve(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_resolve_name(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_webhook_resolve_handler(ngx_resolver_ctx_t *ctx);
static void ngx_carrierpay_webhook_resolved_handler(ngx_event_t *ev);
static ngx_int_t ngx_carrierpay_webhook_allowed(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_resolve_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_deliver(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_target(
    ngx_carrierpay_webhook_t *d, ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_webhook_deliver_handler(
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_webhook_deliver_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_record(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_webhook_refuse(ngx_carrierpay_flow_t *flow,
    const char *why);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_webhook_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_webhook_columns[] = {
    column(INT8, event.payment_id),
    column(INT4, event.seq),
    column(INT4, endpoint_id),
    column(INT8, token),
    column(BOOL, delivered),
    column(INT4, retry_after)
};

ngx_carrierpay_statement_t  ngx_carrierpay_webhook_done_statement = {
    "outbox_done",
    ngx_carrierpay_columns(ngx_carrierpay_webhook_columns),
    NULL,
    .batched = 1, .writer = 1
};

ngx_carrierpay_statement_t  ngx_carrierpay_webhook_claim_statement = {
    "outbox_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


/*
 * A delivery that is refused is recorded, too, and tried again by schedule,
 * since the merchant may mend the endpoint.
 */

static ngx_carrierpay_step_t  ngx_carrierpay_webhook_steps[] = {
    { "resolve",                                 /* URL and address, checked */
      ngx_carrierpay_webhook_resolve,
      ngx_carrierpay_webhook_resolve_done, 0 },
    { "deliver",                                 /* perhaps delivered */
      ngx_carrierpay_webhook_deliver,
      ngx_carrierpay_webhook_deliver_done, 0 },
    { "record",                                  /* what came of it, durable */
      ngx_carrierpay_webhook_record, NULL, NGX_CARRIERPAY_FLOW_ALWAYS },
    { NULL, NULL, NULL, 0 }
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_webhooks = {
    &ngx_carrierpay_webhook_claim_statement,
    32,
    128,
    120000,          /* ms; a delivery waits */
    ngx_carrierpay_webhook_claimed
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_webhook_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_str_t                  traceparent;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_webhook_t  *d;

    flow = ngx_carrierpay_flow_create(&core->flows, "outbox",
                                      ngx_carrierpay_webhook_steps,
                                      sizeof(ngx_carrierpay_webhook_t));
    if (flow == NULL) {
        return NULL;
    }

    d = flow->data;

    d->endpoint_id = ngx_carrierpay_pq_int(res, row, 2);
    d->token = token;

    if (ngx_carrierpay_pq_copy(res, row, 3, flow->pool, &d->endpoint)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, flow->pool, &d->sealed)
           != NGX_OK
        || ngx_carrierpay_webhook_event_row(&d->event, res, row, flow->pool)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    ngx_carrierpay_pq_bytes(res, row, 8, &traceparent);
    (void) ngx_carrierpay_trace_parse(&flow->trace, &traceparent);

    ngx_carrierpay_webhook_event_about(&d->event, flow);

    return flow;
}


static ngx_int_t
ngx_carrierpay_webhook_resolve(ngx_carrierpay_flow_t *flow)
{
    const char                         *err;
    ngx_str_t                           text;
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;

    err = ngx_carrierpay_url_parse(&d->endpoint, &d->url);

    if (err) {
        return ngx_carrierpay_webhook_refuse(flow, err);
    }

    if ((d->event.payment.live || d->event.payout.live) && !d->url.tls) {
        return ngx_carrierpay_webhook_refuse(flow, "not https");
    }

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_webhook,
                                    &d->sealed, &text)
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
    ngx_carrierpay_webhook_t  *d;

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
    ngx_carrierpay_webhook_t  *d;

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
    ngx_carrierpay_flow_done(ev->data);
}


static ngx_int_t
ngx_carrierpay_webhook_resolve_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;

    if (d->rc != NGX_OK) {
        return ngx_carrierpay_webhook_refuse(flow, "host cannot be resolved");
    }

    return ngx_carrierpay_webhook_allowed(flow);
}


static ngx_int_t
ngx_carrierpay_webhook_allowed(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                          i;
    ngx_array_t                        *allow;
    ngx_carrierpay_cidr_t              *net;
    ngx_carrierpay_addr_class_e         class;
    ngx_carrierpay_webhook_t  *d;

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
ngx_carrierpay_webhook_deliver(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_egress_call_t       *call;
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;

    call = ngx_carrierpay_egress_create(&flow->core->conf->egress, flow->log,
                                        &flow->trace);
    if (call == NULL) {
        return ngx_carrierpay_webhook_refuse(flow, "too many calls");
    }

    call->method = NGX_HTTP_POST;
    call->location = flow->core->conf->webhook_pass;
    call->timeout = NGX_CARRIERPAY_WEBHOOK_TIMEOUT;
    call->handler = ngx_carrierpay_webhook_deliver_handler;
    call->data = flow;

    if (ngx_carrierpay_webhook_target(d, call) != NGX_OK
        || ngx_carrierpay_webhook_event_body(&d->event, flow->core->conf, call)
           != NGX_OK
        || ngx_carrierpay_webhook_event_sign(&d->event, &d->secret, call)
           != NGX_OK)
    {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_egress_send(call) != NGX_OK) {
        return ngx_carrierpay_webhook_refuse(flow, "call cannot be made");
    }

    d->called = ngx_current_msec;

    return NGX_AGAIN;
}


/* The checked address in place of the host. */

static ngx_int_t
ngx_carrierpay_webhook_target(ngx_carrierpay_webhook_t *d,
    ngx_carrierpay_egress_call_t *call)
{
    size_t      len;
    u_char     *p, text[NGX_CARRIERPAY_ADDR_TEXT_MAX];
    ngx_str_t  *target;

    len = ngx_inet_ntop(d->addr.family, d->addr.bytes, text, sizeof(text));

    target = &call->variables[NGX_CARRIERPAY_WEBHOOK_TARGET];

    p = ngx_pnalloc(call->pool,
                    sizeof("https://[]:65535") + len + d->url.path.len
                    + d->url.query.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    target->data = p;

    p = ngx_sprintf(p, d->addr.family == AF_INET6 ? "%s://[%*s]:%ui%V%V"
                                                  : "%s://%*s:%ui%V%V",
                    d->url.tls ? "https" : "http", len, text,
                    (ngx_uint_t) d->url.port, &d->url.path, &d->url.query);

    target->len = p - target->data;

    call->variables[NGX_CARRIERPAY_WEBHOOK_HOST] = d->url.authority;
    call->variables[NGX_CARRIERPAY_WEBHOOK_NAME] = d->url.host;

    return NGX_OK;
}


/* The status says it; the body may be cut short or too large. */

static void
ngx_carrierpay_webhook_deliver_handler(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_webhook_t  *d;

    flow = call->data;
    d = flow->data;

    ngx_carrierpay_observe_in(ngx_carrierpay_counters,
                              NGX_CARRIERPAY_STAT_WEBHOOK_SECONDS,
                              ngx_current_msec - d->called);

    if (call->status >= 200 && call->status < 300) {
        d->delivered = 1;

    } else {
        d->retry_after = call->retry_after;

        ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                      "webhook to endpoint %D was not taken, status %ui",
                      d->endpoint_id, call->status);
    }

    ngx_carrierpay_flow_done(flow);
}


static ngx_int_t
ngx_carrierpay_webhook_deliver_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;

    ngx_carrierpay_count(d->delivered ? NGX_CARRIERPAY_STAT_WEBHOOK_DELIVERED
                                      : NGX_CARRIERPAY_STAT_WEBHOOK_FAILED);

    return NGX_OK;
}


/* Not recorded: the lease ends, and it is delivered once more. */

static ngx_int_t
ngx_carrierpay_webhook_record(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &d->call,
                                     &ngx_carrierpay_webhook_done_statement, d,
                                     NGX_CARRIERPAY_WEBHOOK_RECORD_TIMEOUT);
}


static ngx_int_t
ngx_carrierpay_webhook_refuse(ngx_carrierpay_flow_t *flow, const char *why)
{
    ngx_carrierpay_webhook_t  *d;

    d = flow->data;
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_WEBHOOK_REFUSED);

    ngx_log_error(NGX_LOG_WARN, flow->log, 0,
                  "webhook to endpoint %D refused: %s", d->endpoint_id,
                  why);

    return NGX_DECLINED;
}
