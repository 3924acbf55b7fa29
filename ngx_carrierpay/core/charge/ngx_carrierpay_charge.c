
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_charge_key.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_payment_json.h"
#include "ngx_carrierpay_service.h"


#define NGX_CARRIERPAY_CHARGE_LIFETIME  1800000     /* ms, pending */


static ngx_int_t ngx_carrierpay_charge_copy(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_payment_t *payment);
static ngx_int_t ngx_carrierpay_charge_traceparent(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_known(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_known_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_known_copy(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_known_copied(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_create_begin(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_create_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_charge_create_done(
    ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_charge_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_create_columns[] =
{
    column(INT8, payment.id),
    column(INT4, payment.merchant_id),
    column(BOOL, payment.live),
    column(UUID, idempotency),
    column(UUID, request),
    column(INT8, payment.amount),
    column(TEXT, payment.currency),
    column(TEXT, payment.description),
    column(TEXT, payment.reference),
    column(TEXT, payment.return_url),
    column(TEXT, payment.metadata),
    column(INT8_OPTIONAL, subscriber),
    column(INT8, payment.expires),
    column(TEXT, payment.locale),
    column(BYTEA, payment.email),
    column(TEXT, traceparent),
    column(TEXT, payment.category),
    column(BOOL, payment.manual),
    column(INT8_OR_NULL, payment.later_max),
    column(INT8_OR_NULL, line.until),
    column(INT4_OR_NULL, line.day),
    column(BOOL, line.apart),
    column(TEXT, line.reason)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_create_statement = {
    "payment_create",
    ngx_carrierpay_columns(ngx_carrierpay_charge_create_columns),
    ngx_carrierpay_charge_create_row,
    .batched = 1, .writer = 1, .intent = 1
};


static ngx_carrierpay_step_t  ngx_carrierpay_charge_create_steps[] = {
    { "key",                                     /* of a former home, first */
      ngx_carrierpay_charge_key, ngx_carrierpay_charge_key_done, 0 },
    { "create",                                  /* pending, durable */
      ngx_carrierpay_charge_create_begin,
      ngx_carrierpay_charge_create_done, 0 },
    { NULL, NULL, NULL, 0 }
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_steps[] = {
    { "key",                                 /* of a former home, first */
      ngx_carrierpay_charge_key, ngx_carrierpay_charge_key_done, 0 },
    { "reserve",                                 /* in the line's cell */
      ngx_carrierpay_charge_known, ngx_carrierpay_charge_known_done, 0 },
    { "copy",                                    /* the subscriber, to ours */
      ngx_carrierpay_charge_known_copy,
      ngx_carrierpay_charge_known_copied, 0 },
    { "begin",                               /* durable; a blocked one fails */
      ngx_carrierpay_charge_create_begin,
      ngx_carrierpay_charge_create_done, 0 },
    { "eligible",                            /* lookup; or the payment fails */
      ngx_carrierpay_charge_eligible,
      ngx_carrierpay_charge_eligible_done, 0 },
    NGX_CARRIERPAY_CHARGE_OPERATOR_ROWS
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_create(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, ngx_carrierpay_payment_t *payment,
    const ngx_carrierpay_optional_t *subscriber, u_char *idempotency,
    u_char *request)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    if (subscriber->set) {
        flow = ngx_carrierpay_flow_create(&core->flows, "charge",
                                          ngx_carrierpay_charge_steps,
                                          sizeof(ngx_carrierpay_charge_t));

    } else {
        flow = ngx_carrierpay_flow_create(&core->flows, "create",
                                          ngx_carrierpay_charge_create_steps,
                                          sizeof(ngx_carrierpay_charge_t));
    }

    if (flow == NULL) {
        return NULL;
    }

    flow->cell = merchant->home;

    charge = flow->data;
    charge->merchant = *merchant;
    charge->subscriber = *subscriber;
    charge->payment.pseudonym_id = subscriber->value;
    charge->payment.merchant_id = merchant->id;
    charge->payment.live = merchant->live;
    charge->payment.category = *ngx_carrierpay_merchant_category(merchant,
                                                       &payment->category);

    ngx_memcpy(charge->idempotency, idempotency, sizeof(charge->idempotency));
    ngx_memcpy(charge->request, request, sizeof(charge->request));

    if (ngx_carrierpay_charge_copy(flow, payment) != NGX_OK) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_charge_copy(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_payment_t *payment)
{
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;

    p->amount = payment->amount;
    p->manual = payment->manual;
    p->later_max = payment->later_max;
    p->operation = payment->manual ? NGX_CARRIERPAY_OPERATION_RESERVE
                                   : NGX_CARRIERPAY_OPERATION_CHARGE;

    if (ngx_carrierpay_flow_copy(flow, &p->currency, &payment->currency)
        != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &p->description,
                                    &payment->description)
           != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &p->reference, &payment->reference)
           != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &p->return_url,
                                    &payment->return_url)
           != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &p->metadata, &payment->metadata)
           != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &p->locale, &payment->locale)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (payment->email.len == 0) {
        return NGX_OK;
    }

    return ngx_carrierpay_keyring_seal(&flow->core->conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_email,
                                       &payment->email, &p->email);
}


/* The id of a subscriber names the cell of its line. */

static ngx_int_t
ngx_carrierpay_charge_known(ngx_carrierpay_flow_t *flow)
{
    ngx_uint_t                 number;
    ngx_carrierpay_spend_t    *line;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;
    line = &charge->line;

    number = ngx_carrierpay_id_cell(charge->subscriber.value);

    if (number == flow->cell
        || ngx_carrierpay_ledger_cell(flow->core->ledger, number) == NULL)
    {
        return NGX_OK;
    }

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    p->id = ngx_carrierpay_ledger_id(flow);

    line->payment_id = p->id;
    line->attempt = p->id;
    line->merchant_id = p->merchant_id;
    line->live = p->live;
    line->currency = p->currency;
    line->amount = p->amount;
    line->known = charge->subscriber.value;

    return ngx_carrierpay_spend_reserve(flow, line, number);
}


/*
 * What hinders it is for the cell of the payment to say, whose key may be
 * older; and so is all when the line does not know such a subscriber.
 */

static ngx_int_t
ngx_carrierpay_charge_known_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->line.index.data == NULL) {
        ngx_str_null(&charge->line.reason);
    }

    return ngx_carrierpay_spend_reserved(flow, &charge->line);
}


static ngx_int_t
ngx_carrierpay_charge_known_copy(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return charge->line.index.data
           ? ngx_carrierpay_spend_copy(flow, &charge->line) : NGX_OK;
}


static ngx_int_t
ngx_carrierpay_charge_known_copied(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &charge->line.call);
}


static ngx_int_t
ngx_carrierpay_charge_create_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    charge = flow->data;
    p = &charge->payment;

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    if (charge->line.payment_id == 0) {
        p->id = ngx_carrierpay_ledger_id(flow);
    }

    p->created = ngx_carrierpay_id_time(p->id);
    p->expires = p->created + NGX_CARRIERPAY_CHARGE_LIFETIME;
    p->state = NGX_CARRIERPAY_PAYMENT_PENDING;

    /* one that is charged as it is made is its only attempt */

    p->attempt = p->id;

    if (ngx_carrierpay_charge_traceparent(flow) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_carrierpay_ledger_ask(flow, &charge->call,
                                     &ngx_carrierpay_charge_create_statement,
                                     charge,
                                     NGX_CARRIERPAY_LEDGER_INTENT_TIMEOUT);
}


/* Its webhooks and messages, which other workers send, keep the trace. */

static ngx_int_t
ngx_carrierpay_charge_traceparent(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t  *text;

    text = &((ngx_carrierpay_charge_t *) flow->data)->traceparent;

    if (!flow->trace.started) {
        return NGX_OK;
    }

    text->len = NGX_CARRIERPAY_TRACE_PARENT_LEN;
    text->data = ngx_pnalloc(flow->pool, text->len);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_trace_print(text->data, &flow->trace);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_charge_create_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_charge_t  *charge;

    charge = call->args;
    charge->stored_id = ngx_carrierpay_pq_int(res, row, 2);

    if (ngx_carrierpay_charge_ledger_row(charge, res, row, 1, call->pool)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 3, call->pool,
                                  &charge->payment.operator)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 4, call->pool,
                                  &charge->payment.msisdn)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, 5, call->pool,
                                  &charge->intent.mvno)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_carrierpay_payment_rated_row(&charge->payment, res, row, 6);
    charge->below = ngx_carrierpay_pq_int(res, row, 9);
    charge->above = ngx_carrierpay_pq_int(res, row, 10);
    charge->agreed = ngx_carrierpay_pq_int(res, row, 11);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_charge_create_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    switch (charge->ledger_result) {

    case NGX_CARRIERPAY_LEDGER_PROCESSING:
        return ngx_carrierpay_charge_begun(flow,
                                     charge->stored_id == charge->payment.id);

    case NGX_CARRIERPAY_LEDGER_BLOCKED:

        /* an intent like others, so that it has an outcome: failed */

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_BEGUN);
        flow->reason = charge->refusal;
        return NGX_DECLINED;

    case NGX_CARRIERPAY_LEDGER_REFUSED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REFUSED);
        flow->reason = charge->refusal;
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_REFUSED);

    case NGX_CARRIERPAY_LEDGER_PENDING:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_CREATED);
        charge->answer = NGX_CARRIERPAY_CHARGE_CREATED;

        return (ngx_carrierpay_payment_json(&charge->payment,
                                            flow->core->conf, flow->pool,
                                            &charge->body)
                == NGX_OK)
               ? NGX_DONE : NGX_ERROR;

    default:
        return ngx_carrierpay_charge_repeated(flow);
    }
}
