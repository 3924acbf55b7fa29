
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_charge_pin.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_charge_pin_digits(
    ngx_carrierpay_flow_t *flow, ngx_str_t *digits);
static ngx_int_t ngx_carrierpay_charge_pin_consume(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_count(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_counted(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_end_user(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_compare(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_compared(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_mark(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_marked(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_forget(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_forgotten(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_pin_refused(
    ngx_carrierpay_flow_t *flow);


#define NGX_CARRIERPAY_CHARGE_PIN_ROWS                                        \
    { "count",                                /* durable; gives the number */ \
      ngx_carrierpay_charge_pin_count,                                        \
      ngx_carrierpay_charge_pin_counted, 0 },                                 \
    { "compare",                                 /* a right one is used up */ \
      ngx_carrierpay_charge_pin_compare,                                      \
      ngx_carrierpay_charge_pin_compared, 0 },                                \
    { "mark",                                    /* wrong, or lost? */        \
      ngx_carrierpay_charge_pin_mark,                                         \
      ngx_carrierpay_charge_pin_marked, 0 },                                  \
    { "forget",                                  /* lost: not counted */      \
      ngx_carrierpay_charge_pin_forget,                                       \
      ngx_carrierpay_charge_pin_forgotten, 0 },                               \
    NGX_CARRIERPAY_CHARGE_SHOPPER_ROWS


static ngx_carrierpay_step_t  ngx_carrierpay_charge_pin_steps[] = {
    { "consume",                           /* the page's token: its end user */
      ngx_carrierpay_charge_pin_consume,
      ngx_carrierpay_charge_consumed, 0 },
    NGX_CARRIERPAY_CHARGE_PIN_ROWS
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_pin_api_steps[] = {
    NGX_CARRIERPAY_CHARGE_PIN_ROWS
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_pin(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token, ngx_str_t *digits,
    ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_charge_shopper(core, "pin",
                                         ngx_carrierpay_charge_pin_steps, id,
                                         visitor, token, consent);

    if (flow && ngx_carrierpay_charge_pin_digits(flow, digits) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_pin_api(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id, ngx_str_t *digits)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_flow_create(&core->flows, "pin_api",
                                      ngx_carrierpay_charge_pin_api_steps,
                                      sizeof(ngx_carrierpay_charge_t));
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->payment.id = id;
    flow->cell = ngx_carrierpay_id_cell(id);
    charge->merchant = *merchant;
    charge->merchant_page = 1;
    charge->pin_attempt.merchant_id = merchant->id;
    charge->pin_attempt.live = merchant->live;

    if (ngx_carrierpay_charge_pin_digits(flow, digits) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_pin_digits(ngx_carrierpay_flow_t *flow,
    ngx_str_t *digits)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->pin_attempt.payment_id = charge->payment.id;

    return ngx_carrierpay_flow_copy(flow, &charge->pin_attempt.digits, digits);
}


static ngx_int_t
ngx_carrierpay_charge_pin_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_charge_consume(flow, NGX_CARRIERPAY_SESSION_PIN);
}


/* Our page is for one end user, and the PIN must have gone to that number. */

static ngx_int_t
ngx_carrierpay_charge_pin_count(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t       *charge;
    ngx_carrierpay_operator_t     *operator;
    ngx_carrierpay_pin_attempt_t  *attempt;

    charge = flow->data;
    attempt = &charge->pin_attempt;

    if (!charge->merchant_page) {
        ngx_carrierpay_identity_index(&charge->session.identity,
                                      &flow->core->conf->keyring,
                                      charge->intent.index);

        attempt->index.data = charge->intent.index;
        attempt->index.len = sizeof(charge->intent.index);

        /* the payment is not read yet, but its mode is its operator's */

        operator = charge->session.identity.carrier.operator;

        ngx_carrierpay_pin_visitor_set(&attempt->visitor, &charge->visitor,
                               &flow->core->conf->keyring,
                               charge->intent.index,
                               operator->dialect
                               && !operator->dialect->sandbox);
    }

    return ngx_carrierpay_pin_attempt_count(flow, attempt);
}


static ngx_int_t
ngx_carrierpay_charge_pin_counted(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_charge_t       *charge;
    ngx_carrierpay_pin_attempt_t  *attempt;

    charge = flow->data;
    attempt = &charge->pin_attempt;

    rc = ngx_carrierpay_pin_attempt_counted(flow, attempt);

    if (rc != NGX_OK) {
        return rc;
    }

    switch (attempt->result) {

    case NGX_CARRIERPAY_ATTEMPT_GO:
        return ngx_carrierpay_charge_pin_end_user(flow);

    case NGX_CARRIERPAY_ATTEMPT_NOT_FOUND:
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);

    case NGX_CARRIERPAY_ATTEMPT_COMPLETED:
        charge->answer = NGX_CARRIERPAY_CHARGE_COMPLETED;
        return NGX_DONE;

    default: /* it proves nothing */
        return ngx_carrierpay_charge_pin_refused(flow);
    }
}


/* The carrier of the end user, as it was when the PIN was sent. */

static ngx_int_t
ngx_carrierpay_charge_pin_end_user(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t       *charge;
    ngx_carrierpay_carrier_t      *carrier;
    ngx_carrierpay_identity_t     *identity;
    ngx_carrierpay_pin_attempt_t  *attempt;

    charge = flow->data;
    attempt = &charge->pin_attempt;
    identity = &charge->session.identity;
    carrier = &identity->carrier;

    identity->method = NGX_CARRIERPAY_METHOD_PIN;

    if (!charge->merchant_page) {
        return NGX_OK;
    }

    carrier->evidence = attempt->looked_up ? NGX_CARRIERPAY_EVIDENCE_LOOKUP
                                           : NGX_CARRIERPAY_EVIDENCE_PREFIX;
    carrier->operator = ngx_carrierpay_operator_find(
                         &flow->core->conf->operators, &attempt->operator);

    if (carrier->operator == NULL
        || ngx_carrierpay_msisdn_load(&attempt->pin.end_user,
                                      &identity->msisdn)
           != NGX_OK)
    {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    if (attempt->mvno.len) {
        carrier->mvno = ngx_carrierpay_mvno_find(carrier->operator,
                                                 &attempt->mvno);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_charge_pin_compare(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_pin_attempt_compare(flow, &charge->pin_attempt);
}


static ngx_int_t
ngx_carrierpay_charge_pin_compared(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_pin_attempt_compared(flow, &charge->pin_attempt);
}


static ngx_int_t
ngx_carrierpay_charge_pin_mark(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_pin_attempt_mark(flow, &charge->pin_attempt);
}


static ngx_int_t
ngx_carrierpay_charge_pin_marked(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_charge_t       *charge;
    ngx_carrierpay_pin_attempt_t  *attempt;

    charge = flow->data;
    attempt = &charge->pin_attempt;

    rc = ngx_carrierpay_pin_attempt_marked(flow, attempt);

    if (rc != NGX_OK || attempt->result == NGX_CARRIERPAY_ATTEMPT_GO
        || attempt->result == NGX_CARRIERPAY_ATTEMPT_LOST)
    {
        return rc;
    }

    return ngx_carrierpay_charge_pin_refused(flow);
}


static ngx_int_t
ngx_carrierpay_charge_pin_forget(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_pin_attempt_forget(flow, &charge->pin_attempt);
}


static ngx_int_t
ngx_carrierpay_charge_pin_forgotten(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                 rc;
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    rc = ngx_carrierpay_pin_attempt_forgotten(flow, &charge->pin_attempt);

    if (rc != NGX_OK) {
        return rc;
    }

    if (charge->pin_attempt.result == NGX_CARRIERPAY_ATTEMPT_COMPLETED) {
        charge->answer = NGX_CARRIERPAY_CHARGE_COMPLETED;
        return NGX_DONE;
    }

    return ngx_carrierpay_charge_pin_refused(flow);
}


/* The page asks again, or offers another PIN, so it needs its token back. */

static ngx_int_t
ngx_carrierpay_charge_pin_refused(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;
    charge->answer = NGX_CARRIERPAY_CHARGE_PIN;

    return NGX_DECLINED;
}
