
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"
#include "ngx_carrierpay_receipt.h"


static ngx_int_t ngx_carrierpay_receipt_mail_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_stop_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_ask(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static ngx_int_t ngx_carrierpay_receipt_bool(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_receipt_handler(ngx_carrierpay_ask_t *ask);


static ngx_carrierpay_step_t  ngx_carrierpay_receipt_mail_steps[] = {
    { "load",   ngx_carrierpay_checkout_load },
    { "mail",   ngx_carrierpay_receipt_mail_ask },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_receipt_stop_steps[] = {
    { "load",   ngx_carrierpay_checkout_load },
    { "stop",   ngx_carrierpay_receipt_stop_ask },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_receipt_block_steps[] = {
    { "block",  ngx_carrierpay_receipt_ask },
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_receipt_mail(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_str_t *email, const ngx_str_t *locale)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_consent_t    consent;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "mail",
                                        ngx_carrierpay_receipt_mail_steps,
                                        payment_id, NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;

    ngx_memzero(&consent, sizeof(ngx_carrierpay_consent_t));
    consent.locale = *locale;

    if (ngx_carrierpay_keyring_seal(&core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_email, email,
                                    &checkout->token)
        != NGX_OK
        || ngx_carrierpay_consent_copy(flow->pool, &checkout->consent,
                                       &consent)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_receipt_stop(ngx_carrierpay_core_t *core, int64_t payment_id)
{
    return ngx_carrierpay_checkout_flow(core, "stop",
                                        ngx_carrierpay_receipt_stop_steps,
                                        payment_id, NULL);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_receipt_block(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t pseudonym_id)
{
    ngx_carrierpay_ask_t   *ask;
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(core, "block",
                                      ngx_carrierpay_receipt_block_steps,
                                      sizeof(ngx_carrierpay_checkout_t));
    if (flow == NULL) {
        return NULL;
    }

    ask = &((ngx_carrierpay_checkout_t *) flow->data)->ask;

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_STOP_SUBSCRIBER;
    ask->row = ngx_carrierpay_receipt_bool;

    if (ngx_carrierpay_ask_int4(ask, 0, merchant->id) != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 1, merchant->live) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 2, pseudonym_id) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_receipt_mail_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_ask_t       *ask;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    ask = &checkout->ask;

    if (!ngx_carrierpay_ledger_ready(flow->core->ledger)) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    ngx_memzero(ask, sizeof(ngx_carrierpay_ask_t));

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_MAIL_ADD;
    ask->row = ngx_carrierpay_receipt_row;

    if (ngx_carrierpay_ask_int8(ask, 0, checkout->payment.id) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 1,
                              ngx_carrierpay_ledger_id(flow->core->ledger))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_ask_text(ask, 2, &checkout->token);
    ngx_carrierpay_ask_text(ask, 3, checkout->payment.locale.len
                                    ? &checkout->payment.locale
                                    : &checkout->consent.locale);

    return ngx_carrierpay_receipt_ask(flow);
}


static ngx_int_t
ngx_carrierpay_receipt_stop_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_ask_t       *ask;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    ask = &checkout->ask;

    ngx_memzero(ask, sizeof(ngx_carrierpay_ask_t));

    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_STOP_PAYMENT;
    ask->row = ngx_carrierpay_receipt_bool;

    if (ngx_carrierpay_ask_int8(ask, 0, checkout->payment.id) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_receipt_ask(flow);
}


static ngx_int_t
ngx_carrierpay_receipt_ask(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    checkout->ask.handler = ngx_carrierpay_receipt_handler;

    return ngx_carrierpay_ask(&checkout->ask) == NGX_AGAIN ? NGX_AGAIN
                                                           : NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_receipt_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_str_t                   word;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    ngx_carrierpay_pq_bytes(res, 0, 0, &word);

    checkout->done = (word.len == sizeof("queued") - 1
                      && ngx_memcmp(word.data, "queued", word.len) == 0);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_receipt_bool(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    checkout->done = ngx_carrierpay_pq_int(res, 0, 0);

    return NGX_OK;
}


static void
ngx_carrierpay_receipt_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    if (ask->rc == NGX_OK) {
        checkout->result = NGX_CARRIERPAY_CHARGE_OK;
    }

    ngx_carrierpay_work_queue_wake(ask->flow->core->messages);
    ngx_carrierpay_flow_resume(ask->flow, NGX_OK);
}
