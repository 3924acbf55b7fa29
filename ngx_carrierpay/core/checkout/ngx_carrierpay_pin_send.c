
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_pin_send.h"
#include "ngx_carrierpay_work_queue.h"
#include "ngx_carrierpay_core_counters.h"


#define NGX_CARRIERPAY_PIN_LIFETIME  "300000"    /* ms */


static ngx_carrierpay_flow_t *ngx_carrierpay_pin_flow(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_consent_t *consent);
static ngx_int_t ngx_carrierpay_pin_store(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_make(ngx_carrierpay_flow_t *flow,
    u_char *name);
static void ngx_carrierpay_pin_store_handler(
    ngx_carrierpay_redis_command_t *cmd);
static ngx_int_t ngx_carrierpay_pin_issue(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_issue_end_user(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_ask_t *ask);
static ngx_int_t ngx_carrierpay_pin_issue_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_pin_issue_handler(ngx_carrierpay_ask_t *ask);
static ngx_int_t ngx_carrierpay_pin_line_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_pin_line_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_pin_line_handler(ngx_carrierpay_ask_t *ask);


static ngx_carrierpay_step_t  ngx_carrierpay_pin_send_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "store",   ngx_carrierpay_pin_store },        /* its hash, in Redis */
    { "issue",   ngx_carrierpay_pin_issue },        /* the SMS, durable */
    { "put",     ngx_carrierpay_checkout_store },  /* the page's session */
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_page_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "put",     ngx_carrierpay_checkout_store },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_order_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "number",  ngx_carrierpay_checkout_number_carrier },
    { "lookup",  ngx_carrierpay_checkout_lookup },
    { "judge",   ngx_carrierpay_checkout_evaluate },
    { "store",   ngx_carrierpay_pin_store },
    { "issue",   ngx_carrierpay_pin_issue },
    { "render",  ngx_carrierpay_checkout_render },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_pin_line_steps[] = {
    { "line",    ngx_carrierpay_pin_line_ask },
    { NULL, NULL }
};


/* the function's words; the last row is for all others */

static struct {
    ngx_str_t             word;
    ngx_carrierpay_pin_e  result;
} ngx_carrierpay_pin_words[] = {
    { ngx_string("issued"),     NGX_CARRIERPAY_PIN_SENT },
    { ngx_string("wait"),       NGX_CARRIERPAY_PIN_WAIT },
    { ngx_string("exhausted"),  NGX_CARRIERPAY_PIN_EXHAUSTED },
    { ngx_string("locked"),     NGX_CARRIERPAY_PIN_LOCKED },
    { ngx_null_string,          NGX_CARRIERPAY_PIN_ENDED }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_send(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_consent_t *consent)
{
    return ngx_carrierpay_pin_flow(core, "pin", ngx_carrierpay_pin_send_steps,
                                   payment_id, identity, consent);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_page(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_pin_flow(core, "pin_page",
                                   ngx_carrierpay_pin_page_steps, payment_id,
                                   identity, consent);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->pin.result = NGX_CARRIERPAY_PIN_WAIT;

    return flow;
}


static ngx_carrierpay_flow_t *
ngx_carrierpay_pin_flow(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, name, steps, payment_id, NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->visitor = *identity;
    checkout->session.identity = *identity;
    checkout->session.identity.payment_id = payment_id;

    ngx_str_null(&checkout->session.identity.acr);

    if (ngx_carrierpay_consent_copy(flow->pool, &checkout->consent, consent)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_order(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "pin_order",
                                        ngx_carrierpay_pin_order_steps,
                                        payment_id, merchant);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->typed = 1;
    checkout->merchant_page = 1;
    checkout->session.identity.msisdn = *msisdn;

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_pin_line(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id)
{
    ngx_carrierpay_ask_t   *ask;
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(core, "pin_line",
                                      ngx_carrierpay_pin_line_steps,
                                      sizeof(ngx_carrierpay_checkout_t));
    if (flow == NULL) {
        return NULL;
    }

    ask = &((ngx_carrierpay_checkout_t *) flow->data)->ask;

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_PIN_LINE;
    ask->row = ngx_carrierpay_pin_line_row;
    ask->handler = ngx_carrierpay_pin_line_handler;

    if (ngx_carrierpay_ask_int8(ask, 0, payment_id) != NGX_OK
        || ngx_carrierpay_ask_int4(ask, 1, merchant->id) != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 2, merchant->live) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


/*
 * Before the SMS is written: without Redis nothing is sent.  A PIN that the
 * ledger then does not issue is known to nobody, and dies.
 */

static ngx_int_t
ngx_carrierpay_pin_store(ngx_carrierpay_flow_t *flow)
{
    u_char                      name[NGX_CARRIERPAY_PIN_NAME_LEN];
    ngx_int_t                   rc;
    ngx_str_t                   argv[6];
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    checkout->command.handler = ngx_carrierpay_pin_store_handler;
    checkout->command.data = flow;

    rc = ngx_carrierpay_pin_make(flow, name);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = sizeof(name);
    ngx_str_set(&argv[2], "1");
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "PX");
    ngx_str_set(&argv[5], NGX_CARRIERPAY_PIN_LIFETIME);

    if (ngx_carrierpay_redis_send(flow->core->redis, &checkout->command, 6,
                                  argv)
        != NGX_OK)
    {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


/* NGX_DONE: the visit says why there is none. */

static ngx_int_t
ngx_carrierpay_pin_make(ngx_carrierpay_flow_t *flow, u_char *name)
{
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_guess_t      guess;
    ngx_carrierpay_checkout_t  *checkout;
    ngx_carrierpay_identity_t  *identity;

    core = flow->core;
    checkout = flow->data;
    identity = &checkout->session.identity;

    if (!ngx_carrierpay_payment_is(&checkout->payment, "pending")) {
        checkout->pin.result = NGX_CARRIERPAY_PIN_ENDED;
        return NGX_DONE;
    }

    if (identity->carrier.operator == NULL
        || identity->carrier.operator->nproviders == 0
        || identity->msisdn.len == 0)
    {
        checkout->pin.result = NGX_CARRIERPAY_PIN_NO_ROUTE;
        return NGX_DONE;
    }

    if (!ngx_carrierpay_ledger_ready(core->ledger)) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    if (ngx_carrierpay_token_digits(checkout->digits) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&guess, sizeof(ngx_carrierpay_guess_t));

    checkout->pin_id = ngx_carrierpay_ledger_id(core->ledger);

    guess.flow = flow;
    guess.payment_id = checkout->payment.id;
    guess.pin_id = checkout->pin_id;
    guess.amount = checkout->payment.amount;
    guess.currency = checkout->payment.currency;
    guess.pin.data = checkout->digits;
    guess.pin.len = sizeof(checkout->digits);

    ngx_carrierpay_identity_end_user(identity, &guess.end_user);
    ngx_carrierpay_guess_name(&guess, name);

    return NGX_OK;
}


static void
ngx_carrierpay_pin_store_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = cmd->data;
    checkout = flow->data;

    if (cmd->reply == NGX_CARRIERPAY_REDIS_STATUS) {
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;
    }

    checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    ngx_carrierpay_flow_resume(flow, NGX_DONE);
}


static ngx_int_t
ngx_carrierpay_pin_issue(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_ask_t       *ask;
    ngx_carrierpay_payment_t   *p;
    ngx_carrierpay_checkout_t  *checkout;
    ngx_carrierpay_identity_t  *identity;

    checkout = flow->data;
    p = &checkout->payment;
    identity = &checkout->session.identity;
    ask = &checkout->ask;

    ngx_memzero(ask, sizeof(ngx_carrierpay_ask_t));

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_PIN_ISSUE;
    ask->row = ngx_carrierpay_pin_issue_row;
    ask->handler = ngx_carrierpay_pin_issue_handler;

    if (ngx_carrierpay_ask_int8(ask, 0, p->id) != NGX_OK
        || ngx_carrierpay_ask_int4(ask, 1, p->merchant_id) != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 2, p->live) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 3, checkout->pin_id) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 8,
                              ngx_carrierpay_ledger_id(flow->core->ledger))
           != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 11, identity->carrier.evidence
                                            == NGX_CARRIERPAY_EVIDENCE_LOOKUP)
           != NGX_OK
        || ngx_carrierpay_pin_issue_end_user(flow, ask) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_ask(ask) != NGX_AGAIN) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


/* the line, and the PIN, which is sealed until it is sent: see message */

static ngx_int_t
ngx_carrierpay_pin_issue_end_user(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_ask_t *ask)
{
    ngx_str_t                   end_user, index, sealed, body, pin, *host;
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_keyring_t   *ring;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    ring = &flow->core->conf->keyring;
    carrier = &checkout->session.identity.carrier;

    ngx_carrierpay_identity_end_user(&checkout->session.identity, &end_user);

    index.len = NGX_CARRIERPAY_SHA256_LEN;
    index.data = ngx_pnalloc(flow->pool, index.len);

    if (index.data == NULL) {
        return NGX_ERROR;
    }

    ngx_carrierpay_identity_index(&checkout->session.identity, ring,
                                  index.data);

    /* a browser on our page gives the PIN to our host alone */

    host = &flow->core->conf->pay_host;

    pin.len = sizeof(checkout->digits) + (checkout->merchant_page ? 0
                                          : host->len);
    pin.data = ngx_pnalloc(flow->pool, pin.len);

    if (pin.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(pin.data, checkout->digits, sizeof(checkout->digits));
    ngx_memcpy(pin.data + sizeof(checkout->digits), host->data,
               pin.len - sizeof(checkout->digits));

    if (ngx_carrierpay_keyring_seal(ring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &end_user,
                                    &sealed)
        != NGX_OK
        || ngx_carrierpay_keyring_seal(ring, flow->pool,
                                       &ngx_carrierpay_aad_message, &pin,
                                       &body)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_explicit_memzero(checkout->digits, sizeof(checkout->digits));
    ngx_explicit_memzero(pin.data, pin.len);

    ngx_carrierpay_ask_text(ask, 4, &carrier->operator->name);

    if (carrier->mvno) {
        ngx_carrierpay_ask_text(ask, 5, &carrier->mvno->name);
    }

    ngx_carrierpay_ask_text(ask, 6, &index);
    ngx_carrierpay_ask_text(ask, 7, &sealed);
    ngx_carrierpay_ask_text(ask, 9, checkout->merchant_page
                                    ? &checkout->payment.locale
                                    : &checkout->consent.locale);
    ngx_carrierpay_ask_text(ask, 10, &body);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pin_issue_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    int64_t                     ms;
    ngx_str_t                   word;
    ngx_uint_t                  i;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    ngx_carrierpay_pq_bytes(res, 0, 0, &word);

    for (i = 0; ngx_carrierpay_pin_words[i].word.len; i++) {
        if (ngx_carrierpay_pin_words[i].word.len == word.len
            && ngx_memcmp(ngx_carrierpay_pin_words[i].word.data, word.data,
                          word.len)
               == 0)
        {
            break;
        }
    }

    ms = ngx_carrierpay_pq_int(res, 0, 1);

    checkout->pin.result = ngx_carrierpay_pin_words[i].result;
    checkout->pin.wait = (ms + 999) / 1000;
    checkout->pin.left = ngx_carrierpay_pq_int(res, 0, 2);
    checkout->pin.elsewhere = ngx_carrierpay_pq_int(res, 0, 3);

    return NGX_OK;
}


static void
ngx_carrierpay_pin_issue_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ask->flow;
    checkout = flow->data;

    if (ask->rc != NGX_OK) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        ngx_carrierpay_flow_resume(flow, NGX_DONE);
        return;
    }

    if (checkout->pin.result == NGX_CARRIERPAY_PIN_SENT) {
        checkout->payment.pin = 1;
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_SENT);
        ngx_carrierpay_work_queue_wake(flow->core->messages);

    } else {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_REFUSED);
    }

    /* a PIN that has been sent before to this line may still be entered */

    ngx_carrierpay_flow_resume(flow,
                             checkout->pin.result == NGX_CARRIERPAY_PIN_LOCKED
                             || checkout->pin.result
                             == NGX_CARRIERPAY_PIN_ENDED
                             || checkout->pin.elsewhere
                             ? NGX_DONE : NGX_OK);
}


static ngx_int_t
ngx_carrierpay_pin_line_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (ngx_carrierpay_ask(&checkout->ask) != NGX_AGAIN) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static ngx_int_t
ngx_carrierpay_pin_line_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_str_t                   end_user, sealed;
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ask->flow;
    checkout = flow->data;

    ngx_carrierpay_pq_bytes(res, 0, 2, &sealed);

    if (ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_msisdn, &sealed,
                                    &end_user)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_msisdn_load(&end_user,
                                      &checkout->session.identity.msisdn)
           == NGX_OK ? NGX_OK : NGX_ERROR;
}


static void
ngx_carrierpay_pin_line_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    switch (ask->rc) {

    case NGX_OK:
        checkout->result = NGX_CARRIERPAY_CHARGE_OK;
        break;

    case NGX_DECLINED:
        checkout->result = NGX_CARRIERPAY_CHARGE_NOT_FOUND;
        break;

    default: /* no answer, or a key that is gone */
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        break;
    }

    ngx_carrierpay_flow_resume(ask->flow, NGX_OK);
}
