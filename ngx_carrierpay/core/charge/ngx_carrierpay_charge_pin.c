
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_core_counters.h"


static ngx_int_t ngx_carrierpay_charge_prove_consume(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_prove_consume_handler(
    ngx_carrierpay_session_t *s);
static ngx_int_t ngx_carrierpay_charge_prove_try(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_prove_try_handler(
    ngx_carrierpay_guess_t *guess);
static ngx_int_t ngx_carrierpay_charge_prove_end_user(
    ngx_carrierpay_charge_t *charge, ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_carrierpay_charge_prove_pin(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_prove_pin_handler(
    ngx_carrierpay_guess_t *guess);
static void ngx_carrierpay_charge_prove_failed(
    ngx_carrierpay_guess_t *guess, ngx_str_t *reason);


/* the page's flow begins at "take", a merchant's one behind it */

static ngx_carrierpay_step_t  ngx_carrierpay_charge_prove_steps[] = {
    { "take",      ngx_carrierpay_charge_prove_consume },
    { "try",       ngx_carrierpay_charge_prove_try },    /* counted, durable */
    { "pin",       ngx_carrierpay_charge_prove_pin },    /* right? once */
    { "line",      ngx_carrierpay_charge_end_user },     /* may it pay? */
    { "begin",     ngx_carrierpay_charge_begin },        /* intent durable */
    { "eligible",  ngx_carrierpay_charge_eligible },
    { "operator",  ngx_carrierpay_charge_operator },     /* maybe unknown */
    { "finish",    ngx_carrierpay_charge_finish },       /* outcome durable */
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_prove(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token, ngx_str_t *pin,
    ngx_carrierpay_consent_t *consent)
{
    ngx_str_t                *copy;
    ngx_carrierpay_flow_t    *flow;

    flow = ngx_carrierpay_charge_shopper(core, "prove",
                                         ngx_carrierpay_charge_prove_steps,
                                         id, visitor, token, consent);
    if (flow == NULL) {
        return NULL;
    }

    copy = &((ngx_carrierpay_charge_t *) flow->data)->guess.pin;

    copy->len = pin->len;
    copy->data = ngx_pstrdup(flow->pool, pin);

    if (copy->data == NULL) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_prove_order(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id, ngx_str_t *pin)
{
    ngx_str_t                  none;
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_consent_t   consent;
    ngx_carrierpay_identity_t  nobody;

    ngx_str_set(&none, "");
    ngx_memzero(&consent, sizeof(ngx_carrierpay_consent_t));
    ngx_memzero(&nobody, sizeof(ngx_carrierpay_identity_t));

    flow = ngx_carrierpay_charge_prove(core, id, &nobody, &none, pin,
                                       &consent);
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->merchant = *merchant;
    charge->merchant_page = 1;

    flow->step++;

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_prove_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_charge_consume(flow, NGX_CARRIERPAY_SESSION_PIN,
                                ngx_carrierpay_charge_prove_consume_handler);
}


static void
ngx_carrierpay_charge_prove_consume_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_charge_t  *charge;

    charge = s->flow->data;

    if (ngx_carrierpay_charge_session_valid(charge)) {
        ngx_carrierpay_flow_resume(s->flow, NGX_OK);
        return;
    }

    charge->result = s->rc == NGX_ERROR ? NGX_CARRIERPAY_CHARGE_UNAVAILABLE
                                        : NGX_CARRIERPAY_CHARGE_TOKEN_USED;
    ngx_carrierpay_flow_resume(s->flow, NGX_DONE);
}


/* The page is of one line; the PIN must have gone there. */

static ngx_int_t
ngx_carrierpay_charge_prove_try(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_guess_t    *guess;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_keyring_t  *ring;

    charge = flow->data;
    guess = &charge->guess;

    guess->flow = flow;
    guess->handler = ngx_carrierpay_charge_prove_try_handler;
    guess->payment_id = charge->payment.id;

    if (charge->merchant_page) {
        guess->merchant = &charge->merchant;

    } else {
        ring = &flow->core->conf->keyring;

        ngx_carrierpay_identity_index(&charge->session.identity, ring,
                                      charge->end_user_index);
        guess->index = charge->end_user_index;
    }

    if (ngx_carrierpay_guess_count(guess) != NGX_AGAIN) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_charge_prove_try_handler(ngx_carrierpay_guess_t *guess)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = guess->flow;
    charge = flow->data;

    if (guess->rc == NGX_OK) {
        guess->rc = ngx_carrierpay_charge_prove_end_user(charge,
                                              &flow->core->conf->operators);
    }

    if (guess->rc == NGX_OK) {
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;
    }

    if (guess->rc == NGX_ERROR) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;

    } else if (ngx_carrierpay_charge_word(&guess->result, "not_found")) {
        charge->result = NGX_CARRIERPAY_CHARGE_NOT_FOUND;

    } else if (ngx_carrierpay_charge_word(&guess->result, "already")
               || ngx_carrierpay_charge_word(&guess->result, "expired"))
    {
        charge->result = NGX_CARRIERPAY_CHARGE_COMPLETED;

    } else {
        ngx_carrierpay_charge_prove_failed(guess, &guess->result);
        return;
    }

    ngx_carrierpay_flow_resume(flow, NGX_DONE);
}


/* Whose line it is, as it was when the PIN was sent. */

static ngx_int_t
ngx_carrierpay_charge_prove_end_user(ngx_carrierpay_charge_t *charge,
    ngx_carrierpay_operators_t *ops)
{
    ngx_carrierpay_guess_t     *guess;
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_identity_t  *identity;

    guess = &charge->guess;
    identity = &charge->session.identity;
    carrier = &identity->carrier;

    identity->method = NGX_CARRIERPAY_METHOD_PIN;

    if (!charge->merchant_page) {
        return NGX_OK;
    }

    carrier->evidence = guess->looked_up ? NGX_CARRIERPAY_EVIDENCE_LOOKUP
                                         : NGX_CARRIERPAY_EVIDENCE_PREFIX;
    carrier->operator = ngx_carrierpay_operator_find(ops, &guess->operator);

    if (carrier->operator == NULL) {
        return NGX_ERROR;
    }

    if (guess->mvno.len) {
        carrier->mvno = ngx_carrierpay_mvno_find(carrier->operator,
                                                 &guess->mvno);
    }

    return ngx_carrierpay_msisdn_load(&guess->end_user, &identity->msisdn)
           == NGX_OK
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_charge_prove_pin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->guess.handler = ngx_carrierpay_charge_prove_pin_handler;

    if (ngx_carrierpay_guess_compare(&charge->guess) != NGX_AGAIN) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_charge_prove_pin_handler(ngx_carrierpay_guess_t *guess)
{
    ngx_carrierpay_charge_t  *charge;

    static ngx_str_t  wrong = ngx_string("wrong");

    charge = guess->flow->data;

    switch (guess->rc) {

    case NGX_OK:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_RIGHT);
        ngx_carrierpay_flow_resume(guess->flow, NGX_OK);
        break;

    case NGX_DECLINED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PIN_WRONG);
        ngx_carrierpay_charge_prove_failed(guess, &wrong);
        break;

    default: /* no answer */
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        ngx_carrierpay_flow_resume(guess->flow, NGX_DONE);
        break;
    }
}


/* The page asks again, or offers another PIN, so it needs its token back. */

static void
ngx_carrierpay_charge_prove_failed(ngx_carrierpay_guess_t *guess,
    ngx_str_t *reason)
{
    ngx_int_t                 rc;
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = guess->flow;
    charge = flow->data;

    charge->result = NGX_CARRIERPAY_CHARGE_PIN;
    charge->reason = *reason;

    rc = charge->merchant_page ? NGX_DONE
         : ngx_carrierpay_charge_restore(flow);

    if (rc != NGX_AGAIN) {
        ngx_carrierpay_flow_resume(flow, rc);
    }
}
