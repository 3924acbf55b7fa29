
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_pin_issue.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_pin_send_flow(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address);

static ngx_int_t ngx_carrierpay_pin_send_consume(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_carrier(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_lookup(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_budget(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_pin_send_visitor(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_budget_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_hash(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_hashed(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_mark(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_send_session(ngx_carrierpay_flow_t *flow);


/* What all tables have that send: the SMS, within its budgets. */

#define NGX_CARRIERPAY_PIN_SEND_ROWS                                          \
    { "budget",                                  /* of SMS */                 \
      ngx_carrierpay_pin_send_budget,                                         \
      ngx_carrierpay_pin_send_budget_done, 0 },                               \
    { "hash",                                    /* of the PIN, in Redis */   \
      ngx_carrierpay_pin_send_hash,                                          \
      ngx_carrierpay_pin_send_hashed, 0 },                                   \
    { "mark",                                    /* that the hash is there */ \
      ngx_carrierpay_pin_send_mark,                                           \
      ngx_carrierpay_pin_send_hashed, 0 },                                    \
    { "issue",                                 /* durable; or the last PIN */ \
      ngx_carrierpay_pin_issue,                                               \
      ngx_carrierpay_pin_issue_done, 0 }

#define NGX_CARRIERPAY_PIN_SEND_LOAD_ROW                                      \
    { "load",                                    /* or NOT_FOUND */           \
      ngx_carrierpay_payment_load,                                            \
      ngx_carrierpay_checkout_load_done, 0 }

#define NGX_CARRIERPAY_PIN_SEND_NUMBER_ROWS                                   \
    { "number",                                  /* carrier by prefix */      \
      ngx_carrierpay_pin_send_carrier, NULL, 0 },                             \
    { "lookup",                                  /* carrier by operator */    \
      ngx_carrierpay_pin_send_lookup,                                         \
      ngx_carrierpay_checkout_lookup_done, 0 },                               \
    { "evaluate",                                /* may it pay? */            \
      ngx_carrierpay_checkout_evaluate,                                       \
      ngx_carrierpay_checkout_evaluate_done, 0 }

#define NGX_CARRIERPAY_PIN_SEND_CONSUME_ROW                                   \
    { "consume",                                 /* the page's token, once */ \
      ngx_carrierpay_pin_send_consume,                                        \
      ngx_carrierpay_checkout_consumed, 0 }

#define NGX_CARRIERPAY_PIN_SEND_SESSION_ROW(flags)                            \
    { "session",                                 /* of the PIN's page */      \
      ngx_carrierpay_pin_send_session,                                        \
      ngx_carrierpay_checkout_stored, flags },                                \
    { NULL, NULL, NULL, 0 }


static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_number_steps[] = {
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_NUMBER_ROWS,
    NGX_CARRIERPAY_PIN_SEND_ROWS,
    NGX_CARRIERPAY_PIN_SEND_SESSION_ROW(0)
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_steps[] = {
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_ROWS,
    NGX_CARRIERPAY_PIN_SEND_SESSION_ROW(0)
};

/* When a budget is used up, the last PIN can still be entered on its page. */

static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_again_steps[] = {
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_CONSUME_ROW,
    NGX_CARRIERPAY_PIN_SEND_ROWS,
    NGX_CARRIERPAY_PIN_SEND_SESSION_ROW(NGX_CARRIERPAY_FLOW_ALWAYS)
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_page_steps[] = {
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_CONSUME_ROW,
    NGX_CARRIERPAY_PIN_SEND_SESSION_ROW(0)
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_order_steps[] = {
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_NUMBER_ROWS,
    NGX_CARRIERPAY_PIN_SEND_ROWS,
    { "render",                                  /* the payment as JSON */
      ngx_carrierpay_payment_render, NULL, 0 },
    { NULL, NULL, NULL, 0 }
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_order_again_steps[] = {
    { "last",                                    /* number of the last PIN */
      ngx_carrierpay_pin_last,
      ngx_carrierpay_pin_last_done, 0 },
    NGX_CARRIERPAY_PIN_SEND_LOAD_ROW,
    NGX_CARRIERPAY_PIN_SEND_NUMBER_ROWS,
    NGX_CARRIERPAY_PIN_SEND_ROWS,
    { "render",                                  /* the payment as JSON */
      ngx_carrierpay_payment_render, NULL, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_number(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_msisdn_t *msisdn,
    ngx_carrierpay_identity_t *visitor, ngx_carrierpay_consent_t *consent,
    ngx_str_t *address)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_pin_send_t  *send;

    flow = ngx_carrierpay_pin_send_flow(core, "pin_number",
                                        ngx_carrierpay_pin_send_number_steps,
                                        payment_id, visitor, NULL, consent,
                                        address);
    if (flow == NULL) {
        return NULL;
    }

    send = flow->data;
    send->checkout.session.identity.msisdn = *msisdn;
    send->checkout.session.identity.typed = 1;

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_identity(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address)
{
    return ngx_carrierpay_pin_send_flow(core, "pin_send",
                                        ngx_carrierpay_pin_send_steps,
                                        payment_id, identity, NULL, consent,
                                        address);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_again(ngx_carrierpay_core_t *core,
    int64_t payment_id, ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_pin_send_t  *send;

    flow = ngx_carrierpay_pin_send_flow(core, "pin_resend",
                                        ngx_carrierpay_pin_send_again_steps,
                                        payment_id, visitor, token, consent,
                                        address);
    if (flow == NULL) {
        return NULL;
    }

    send = flow->data;
    send->again = 1;

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_page(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent)
{
    ngx_str_t  none = ngx_null_string;

    return ngx_carrierpay_pin_send_flow(core, "pin_page",
                                        ngx_carrierpay_pin_send_page_steps,
                                        payment_id, visitor, token, consent,
                                        &none);
}


static ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_flow(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token,
    ngx_carrierpay_consent_t *consent, ngx_str_t *address)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_pin_send_t  *send;
    ngx_carrierpay_session_t   *s;

    flow = ngx_carrierpay_flow_create(&core->flows, name, steps,
                                      sizeof(ngx_carrierpay_pin_send_t));

    if (flow == NULL
        || ngx_carrierpay_checkout_init(flow, NULL, payment_id, token,
                                        consent)
           != NGX_OK)
    {
        return NULL;
    }

    send = flow->data;
    s = &send->checkout.session;

    if (ngx_carrierpay_flow_copy(flow, &send->budget.address, address)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    send->checkout.visitor = *visitor;
    s->identity = *visitor;
    s->identity.payment_id = payment_id;

    ngx_str_null(&s->identity.acr);

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send_order(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id,
    ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *address)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_pin_send_t  *send;

    if (msisdn) {
        flow = ngx_carrierpay_flow_create(&core->flows, "pin_order",
                                          ngx_carrierpay_pin_send_order_steps,
                                          sizeof(ngx_carrierpay_pin_send_t));

    } else {
        flow = ngx_carrierpay_flow_create(&core->flows, "pin_order_again",
                                    ngx_carrierpay_pin_send_order_again_steps,
                                    sizeof(ngx_carrierpay_pin_send_t));
    }

    if (flow == NULL
        || ngx_carrierpay_checkout_init(flow, merchant, payment_id, NULL,
                                        NULL)
           != NGX_OK)
    {
        return NULL;
    }

    send = flow->data;
    send->merchant_page = 1;

    if (msisdn) {
        send->checkout.session.identity.msisdn = *msisdn;
    }

    if (ngx_carrierpay_flow_copy(flow, &send->budget.address, address)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_pin_send_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_consume(flow, NGX_CARRIERPAY_SESSION_PIN);
}


static ngx_int_t
ngx_carrierpay_pin_send_carrier(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;
    ngx_carrierpay_identity_t  *identity;

    checkout = flow->data;
    identity = &checkout->session.identity;

    if (checkout->read.payment.state != NGX_CARRIERPAY_PAYMENT_PENDING) {
        return NGX_DONE;
    }

    ngx_carrierpay_number_carrier(&flow->core->conf->operators,
                                  &identity->msisdn, &identity->carrier);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pin_send_lookup(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_lookup(flow, 1);
}


/* A payment that waits for no PIN takes nothing from the budgets. */

static ngx_int_t
ngx_carrierpay_pin_send_budget(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
    ngx_carrierpay_payment_t   *p;
    ngx_carrierpay_pin_send_t  *send;
    ngx_carrierpay_identity_t  *identity;

    send = flow->data;
    p = &send->checkout.read.payment;
    identity = &send->checkout.session.identity;

    if (p->state != NGX_CARRIERPAY_PAYMENT_PENDING
        || (p->expires <= ngx_carrierpay_now() && !send->merchant_page))
    {
        return NGX_DONE;
    }

    send->budget.number.data = identity->msisdn.digits;
    send->budget.number.len = identity->msisdn.len;
    send->budget.merchant_id = p->merchant_id;
    send->budget.live = p->live;

    if (identity->carrier.operator) {
        ngx_carrierpay_pin_send_visitor(flow);
    }

    rc = ngx_carrierpay_sms_budget(flow, &send->budget);

    return rc == NGX_OK ? ngx_carrierpay_pin_send_budget_done(flow) : rc;
}


/* Sets the line's index, and whether this browser has proved the line. */

static void
ngx_carrierpay_pin_send_visitor(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_keyring_t   *ring;
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;
    ring = &flow->core->conf->keyring;

    ngx_carrierpay_identity_index(&send->checkout.session.identity, ring,
                                  send->index);

    if (send->merchant_page) {
        return;
    }

    ngx_carrierpay_pin_visitor_set(&send->visitor, &send->checkout.visitor,
                                   ring, send->index, send->budget.live);

    if (send->visitor.proved) {
        send->budget.proved.data = send->index;
        send->budget.proved.len = sizeof(send->index);
    }
}


static ngx_int_t
ngx_carrierpay_pin_send_budget_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    if (send->budget.retry == 0) {
        return NGX_OK;
    }

    send->sent.result = NGX_CARRIERPAY_PIN_LIMITED;
    send->sent.wait = send->budget.retry;

    return send->again ? NGX_DECLINED : NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_pin_send_hash(ngx_carrierpay_flow_t *flow)
{
    u_char                      name[NGX_CARRIERPAY_PIN_NAME_LEN];
    ngx_str_t                   argv[6];
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_pin_t        pin;
    ngx_carrierpay_pin_send_t  *send;
    ngx_carrierpay_identity_t  *identity;

    core = flow->core;
    send = flow->data;
    identity = &send->checkout.session.identity;

    if (identity->carrier.operator == NULL
        || identity->carrier.operator->nproviders == 0
        || identity->msisdn.len == 0)
    {
        send->sent.result = NGX_CARRIERPAY_PIN_NO_ROUTE;
        return NGX_DONE;
    }

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    if (ngx_carrierpay_token_digits(send->digits) != NGX_OK) {
        return NGX_ERROR;
    }

    send->pin_id = ngx_carrierpay_ledger_id(flow);

    pin.payment_id = send->checkout.read.payment.id;
    pin.pin_id = send->pin_id;
    pin.amount = send->checkout.read.payment.amount;
    pin.currency = send->checkout.read.payment.currency;
    pin.digits.data = send->digits;
    pin.digits.len = sizeof(send->digits);

    ngx_carrierpay_identity_end_user(identity, &pin.end_user);
    ngx_carrierpay_pin_attempt_key(&pin,
                             ngx_carrierpay_keyring_key(&core->conf->keyring,
                                                 NGX_CARRIERPAY_KEY_SESSION),
                             name);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    ngx_str_set(&argv[2], "1");
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    ngx_str_set(&argv[5], NGX_CARRIERPAY_PIN_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &send->checkout.command, 6, argv);
}


static ngx_int_t
ngx_carrierpay_pin_send_hashed(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    if (send->checkout.command.reply != NGX_CARRIERPAY_REDIS_STATUS) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_OK;
}


/* Written after the hash, so it does not end before the hash does. */

static ngx_int_t
ngx_carrierpay_pin_send_mark(ngx_carrierpay_flow_t *flow)
{
    u_char                      name[NGX_CARRIERPAY_PIN_MARK_MAX];
    ngx_str_t                   argv[5];
    ngx_carrierpay_pin_send_t  *send;

    send = flow->data;

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = ngx_carrierpay_pin_attempt_mark_key(name, send->pin_id)
                  - name;
    ngx_str_set(&argv[2], "1");
    ngx_str_set(&argv[3], "PX");
    ngx_str_set(&argv[4], NGX_CARRIERPAY_PIN_LIFETIME);

    return ngx_carrierpay_flow_redis(flow, &send->checkout.command, 5, argv);
}


static ngx_int_t
ngx_carrierpay_pin_send_session(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_store(flow, NGX_CARRIERPAY_SESSION_PIN);
}
