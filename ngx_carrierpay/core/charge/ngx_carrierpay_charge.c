
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_charge_eligibility.h"
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_work_queue.h"
#include "ngx_carrierpay_core_counters.h"


/* an outcome is worth waiting for: recovery would have to ask again */

#define NGX_CARRIERPAY_CHARGE_OUTCOME_TIMEOUT  600000      /* ms */
#define NGX_CARRIERPAY_CHARGE_LIFETIME         1800000     /* ms, pending */


static ngx_carrierpay_flow_t *ngx_carrierpay_charge_flow(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps);
static ngx_int_t ngx_carrierpay_charge_copy(ngx_pool_t *pool, ngx_str_t *dst,
    ngx_str_t *src);

static ngx_int_t ngx_carrierpay_charge_create_begin(
    ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_create_handler(
    ngx_carrierpay_ledger_op_t *op);

static ngx_int_t ngx_carrierpay_charge_operation(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_charge_unsent(ngx_carrierpay_charge_t *charge,
    ngx_str_t *code);
static void ngx_carrierpay_charge_operator_handler(
    ngx_carrierpay_operation_t *op);

static void ngx_carrierpay_charge_outcome(ngx_carrierpay_charge_t *charge);
static void ngx_carrierpay_charge_receipts(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_finish_handler(
    ngx_carrierpay_ledger_op_t *op);

static ngx_int_t ngx_carrierpay_charge_expire(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_charge_expire_handler(
    ngx_carrierpay_ledger_op_t *op);


static ngx_carrierpay_step_t  ngx_carrierpay_charge_create_steps[] = {
    { "begin",     ngx_carrierpay_charge_create_begin },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_steps[] = {
    { "begin",     ngx_carrierpay_charge_create_begin },  /* intent durable */
    { "eligible",  ngx_carrierpay_charge_eligible },      /* or it fails */
    { "operator",  ngx_carrierpay_charge_operator },      /* maybe unknown */
    { "finish",    ngx_carrierpay_charge_finish },        /* outcome durable */
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_recover_steps[] = {
    { "operator",  ngx_carrierpay_charge_operator },      /* asks only */
    { "finish",    ngx_carrierpay_charge_finish },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_charge_expire_steps[] = {
    { "expire",    ngx_carrierpay_charge_expire },
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_create(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, ngx_carrierpay_payment_t *payment,
    u_char *idempotency, u_char *request)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_charge_t   *charge;
    ngx_carrierpay_payment_t  *p;

    if (payment->pseudonym_id) {
        flow = ngx_carrierpay_charge_flow(core, "charge",
                                          ngx_carrierpay_charge_steps);

    } else {
        flow = ngx_carrierpay_charge_flow(core, "create",
                                          ngx_carrierpay_charge_create_steps);
    }

    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->merchant = *merchant;

    ngx_memcpy(charge->idempotency, idempotency, sizeof(charge->idempotency));
    ngx_memcpy(charge->request, request, sizeof(charge->request));

    p = &charge->payment;

    p->merchant_id = merchant->id;
    p->live = merchant->live;
    p->amount = payment->amount;
    p->pseudonym_id = payment->pseudonym_id;

    if (ngx_carrierpay_charge_copy(flow->pool, &p->currency,
                                   &payment->currency)
        != NGX_OK
        || ngx_carrierpay_charge_copy(flow->pool, &p->description,
                                      &payment->description)
           != NGX_OK
        || ngx_carrierpay_charge_copy(flow->pool, &p->reference,
                                      &payment->reference)
           != NGX_OK
        || ngx_carrierpay_charge_copy(flow->pool, &p->return_url,
                                      &payment->return_url)
           != NGX_OK
        || ngx_carrierpay_charge_copy(flow->pool, &p->metadata,
                                      &payment->metadata)
           != NGX_OK
        || ngx_carrierpay_charge_copy(flow->pool, &p->locale,
                                      &payment->locale)
           != NGX_OK
        || (payment->email.len
            && ngx_carrierpay_keyring_seal(&core->conf->keyring, flow->pool,
                                           &ngx_carrierpay_aad_email,
                                           &payment->email, &p->email)
               != NGX_OK))
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_charge_recover(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *claimed, ngx_uint_t row)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = ngx_carrierpay_charge_flow(core, "recover",
                                      ngx_carrierpay_charge_recover_steps);
    if (flow == NULL) {
        return NULL;
    }

    charge = flow->data;
    charge->recovering = 1;

    if (ngx_carrierpay_payment_read(&charge->payment, claimed, row, 0,
                                    flow->pool)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    if (ngx_carrierpay_payment_is(&charge->payment, "pending")) {
        flow->name = "expire";
        flow->step = ngx_carrierpay_charge_expire_steps;
    }

    return flow;
}


static ngx_carrierpay_flow_t *
ngx_carrierpay_charge_flow(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps)
{
    return ngx_carrierpay_flow_create(core, name, steps,
                                      sizeof(ngx_carrierpay_charge_t));
}


static ngx_int_t
ngx_carrierpay_charge_copy(ngx_pool_t *pool, ngx_str_t *dst, ngx_str_t *src)
{
    if (src->data == NULL) {
        ngx_str_null(dst);
        return NGX_OK;
    }

    dst->len = src->len;
    dst->data = ngx_pstrdup(pool, src);

    return dst->data ? NGX_OK : NGX_ERROR;
}


/*
 * A payment of a known subscriber begins at once; its answer is known at the
 * end.  Another waits for the shopper, and its answer is stored with it.
 */

static ngx_int_t
ngx_carrierpay_charge_create_begin(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                    url;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_payment_t    *p;
    ngx_carrierpay_ledger_op_t  *op;

    charge = flow->data;
    p = &charge->payment;
    op = &charge->op;

    if (!ngx_carrierpay_ledger_ready(flow->core->ledger)) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    p->id = ngx_carrierpay_ledger_id(flow->core->ledger);
    p->created = ngx_carrierpay_id_time(p->id);
    p->expires = p->created + NGX_CARRIERPAY_CHARGE_LIFETIME;

    if (p->pseudonym_id == 0) {
        ngx_str_set(&p->state, "pending");

        if (ngx_carrierpay_charge_checkout_url(flow, p->id, &url) != NGX_OK
            || ngx_carrierpay_payment_render(p, &url, flow->pool, &op->body)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    op->idempotency = charge->idempotency;
    op->request = charge->request;

    return ngx_carrierpay_charge_submit(flow, NGX_CARRIERPAY_LEDGER_CREATE,
                                        NGX_CARRIERPAY_CHARGE_INTENT_TIMEOUT,
                                        ngx_carrierpay_charge_create_handler);
}


ngx_int_t
ngx_carrierpay_charge_checkout_url(ngx_carrierpay_flow_t *flow,
    int64_t payment_id, ngx_str_t *url)
{
    u_char                 *p;
    const ngx_str_t        *key;
    ngx_carrierpay_conf_t  *conf;

    conf = flow->core->conf;

    key = ngx_carrierpay_keyring_key(&conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    url->len = conf->checkout_url.len + NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN;
    url->data = ngx_pnalloc(flow->pool, url->len);

    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url->data, conf->checkout_url.data,
                   conf->checkout_url.len);
    (void) ngx_carrierpay_token_checkout(p, key, payment_id);

    return NGX_OK;
}


static void
ngx_carrierpay_charge_create_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_uint_t                stat;
    ngx_carrierpay_charge_t  *charge;

    flow = op->data;
    charge = flow->data;

    if (op->rc != NGX_OK) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        ngx_carrierpay_flow_resume(flow, NGX_DONE);
        return;
    }

    if (ngx_carrierpay_charge_word(&op->result, "processing")) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_BEGUN);
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;
    }

    if (ngx_carrierpay_charge_word(&op->result, "blocked_by_subscriber")) {

        /* an intent like others, so that it has an outcome: failed */

        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_BEGUN);
        charge->reason = op->result;
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;
    }

    stat = NGX_CARRIERPAY_STAT_PAYMENT_REPLAYED;
    charge->body = op->answer;

    if (ngx_carrierpay_charge_word(&op->result, "pending")) {
        stat = NGX_CARRIERPAY_STAT_PAYMENT_CREATED;
        charge->result = NGX_CARRIERPAY_CHARGE_CREATED;
        charge->body = op->body;

    } else if (ngx_carrierpay_charge_word(&op->result, "replay")) {
        charge->result = NGX_CARRIERPAY_CHARGE_REPLAYED;
        charge->payment.id = op->payment_id;

    } else if (ngx_carrierpay_charge_word(&op->result, "in_flight")) {
        charge->result = NGX_CARRIERPAY_CHARGE_IN_FLIGHT;

    } else if (ngx_carrierpay_charge_word(&op->result, "mismatch")) {
        charge->result = NGX_CARRIERPAY_CHARGE_MISMATCH;

    } else {
        stat = NGX_CARRIERPAY_STAT_PAYMENT_REFUSED;
        charge->result = NGX_CARRIERPAY_CHARGE_REFUSED;
        charge->reason = op->result;
    }

    ngx_carrierpay_count(stat);
    ngx_carrierpay_flow_resume(flow, NGX_DONE);
}


ngx_int_t
ngx_carrierpay_charge_operator(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_verb_pt       verb;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_operation_t  *op;

    static ngx_str_t  unavailable = ngx_string("operator_unavailable");
    static ngx_str_t  not_allowed = ngx_string("merchant_not_allowed");

    charge = flow->data;
    op = &charge->operation;

    if (charge->reason.len) {
        return ngx_carrierpay_charge_unsent(charge, &charge->reason);
    }

    op->operator = ngx_carrierpay_operator_find(&flow->core->conf->operators,
                                                &charge->payment.operator);

    /* gone from the configuration, or there only to be known */

    if (op->operator == NULL || op->operator->dialect == NULL) {
        return ngx_carrierpay_charge_unsent(charge, &unavailable);
    }

    if (op->operator->dialect->sandbox == charge->payment.live) {
        return ngx_carrierpay_charge_unsent(charge, &not_allowed);
    }

    if (ngx_carrierpay_charge_operation(flow) != NGX_OK) {
        return ngx_carrierpay_charge_unsent(charge, &unavailable);
    }

    /*
     * A worker that was stopped for long must not charge what recovery may
     * have failed meanwhile.
     */

    if (!charge->recovering
        && op->age + op->operator->timeout >= op->operator->settle)
    {
        op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;
        return NGX_OK;
    }

    verb = charge->recovering ? op->operator->dialect->status
                              : op->operator->dialect->charge;

    charge->operator_time = ngx_current_msec;

    if (verb(op) != NGX_AGAIN) {
        return ngx_carrierpay_charge_unsent(charge, &unavailable);
    }

    return NGX_AGAIN;
}


/*
 * The reference is the payment's own id: stable for ever, so that whatever
 * is asked later is asked about this charge.
 */

static ngx_int_t
ngx_carrierpay_charge_operation(ngx_carrierpay_flow_t *flow)
{
    u_char                      *last;
    int64_t                      began;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_payment_t    *p;
    ngx_carrierpay_operation_t  *op;

    charge = flow->data;
    p = &charge->payment;
    op = &charge->operation;

    op->reference.data = ngx_pnalloc(flow->pool, NGX_CARRIERPAY_ID_LEN);

    if (op->reference.data == NULL
        || ngx_carrierpay_keyring_open(&flow->core->conf->keyring, flow->pool,
                                       &ngx_carrierpay_aad_msisdn, &p->msisdn,
                                       &op->end_user)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    last = ngx_carrierpay_id_print(op->reference.data,
                                   NGX_CARRIERPAY_ID_PAYMENT, p->id);
    op->reference.len = last - op->reference.data;

    began = ngx_carrierpay_id_time(p->attempt ? p->attempt : p->id);

    op->core = flow->core;
    op->pool = flow->pool;
    op->log = flow->log;
    op->amount = p->amount;
    op->currency = p->currency;
    op->description = p->description;
    op->age = ngx_max(ngx_carrierpay_now() - began, 0);
    op->handler = ngx_carrierpay_charge_operator_handler;
    op->data = flow;

    return NGX_OK;
}


/*
 * Nothing has left for the operator now.  For a fresh charge that is certain
 * failure; for one that is being recovered it says nothing.
 */

static ngx_int_t
ngx_carrierpay_charge_unsent(ngx_carrierpay_charge_t *charge,
    ngx_str_t *code)
{
    ngx_carrierpay_operation_t  *op;

    op = &charge->operation;

    if (charge->recovering) {
        op->outcome = NGX_CARRIERPAY_OUTCOME_UNKNOWN;
        return NGX_OK;
    }

    op->outcome = NGX_CARRIERPAY_OUTCOME_FAILED;
    op->code = *code;

    return NGX_OK;
}


static void
ngx_carrierpay_charge_operator_handler(ngx_carrierpay_operation_t *op)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = op->data;
    charge = flow->data;

    charge->answered = 1;
    charge->operator_time = ngx_current_msec - charge->operator_time;

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


ngx_int_t
ngx_carrierpay_charge_finish(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                    none;
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_payment_t    *p;
    ngx_carrierpay_ledger_op_t  *op;

    charge = flow->data;
    p = &charge->payment;
    op = &charge->op;

    ngx_carrierpay_charge_outcome(charge);

    op->code = p->failure_code;
    op->operator_reference = charge->operation.operator_reference;

    ngx_carrierpay_charge_receipts(flow);

    ngx_str_null(&none);

    if (ngx_carrierpay_payment_render(p, &none, flow->pool, &op->body)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_charge_submit(flow, NGX_CARRIERPAY_LEDGER_FINISH,
                                        NGX_CARRIERPAY_CHARGE_OUTCOME_TIMEOUT,
                                        ngx_carrierpay_charge_finish_handler);
}


static void
ngx_carrierpay_charge_outcome(ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_payment_t    *p;
    ngx_carrierpay_ledger_op_t  *op;

    p = &charge->payment;
    op = &charge->op;

    ngx_str_null(&p->failure_code);
    p->outcome_unknown = 0;
    p->approval = 0;

    switch (charge->operation.outcome) {

    case NGX_CARRIERPAY_OUTCOME_SUCCEEDED:
        ngx_str_set(&p->state, "succeeded");
        op->outcome = p->state;
        break;

    case NGX_CARRIERPAY_OUTCOME_FAILED:
        ngx_str_set(&p->state, "failed");
        op->outcome = p->state;

        if (charge->reason.len) {
            p->failure_code = charge->reason;
            break;
        }

        ngx_carrierpay_payment_code(&charge->operation.code,
                                    &p->failure_code);
        break;

    case NGX_CARRIERPAY_OUTCOME_APPROVAL:
        ngx_str_set(&p->state, "processing");
        ngx_str_set(&op->outcome, "approval");
        p->approval = 1;
        break;

    case NGX_CARRIERPAY_OUTCOME_UNKNOWN:
        ngx_str_set(&p->state, "processing");
        ngx_str_set(&op->outcome, "unknown");
        p->outcome_unknown = 1;
        break;
    }
}


/* By SMS to the line, when its operator has a way; to an address, if any. */

static void
ngx_carrierpay_charge_receipts(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_operation_t  *operation;
    ngx_carrierpay_ledger_op_t  *op;

    charge = flow->data;
    operation = &charge->operation;
    op = &charge->op;

    op->sms_id = 0;
    op->mail_id = 0;

    if (operation->outcome != NGX_CARRIERPAY_OUTCOME_SUCCEEDED) {
        return;
    }

    if (operation->operator->nproviders
        && !ngx_carrierpay_end_user_acr(&operation->end_user))
    {
        op->sms_id = ngx_carrierpay_ledger_id(flow->core->ledger);
    }

    if (charge->payment.email.len && flow->core->smtp) {
        op->mail_id = ngx_carrierpay_ledger_id(flow->core->ledger);
    }
}


static void
ngx_carrierpay_charge_finish_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_t    *flow;
    ngx_carrierpay_charge_t  *charge;

    flow = op->data;
    charge = flow->data;

    if (op->rc != NGX_OK) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        ngx_carrierpay_flow_resume(flow, NGX_DONE);
        return;
    }

    charge->result = NGX_CARRIERPAY_CHARGE_COMPLETED;
    charge->body = op->answer;

    if (!ngx_carrierpay_charge_word(&op->result, "applied")) {
        ngx_carrierpay_flow_resume(flow, NGX_OK);
        return;
    }

    if (charge->recovering && !charge->payment.outcome_unknown
        && !charge->payment.approval)
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_RECOVERED);
    }

    switch (charge->operation.outcome) {

    case NGX_CARRIERPAY_OUTCOME_SUCCEEDED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_SUCCEEDED);
        break;

    case NGX_CARRIERPAY_OUTCOME_FAILED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_FAILED);
        break;

    case NGX_CARRIERPAY_OUTCOME_APPROVAL:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_APPROVAL);
        break;

    case NGX_CARRIERPAY_OUTCOME_UNKNOWN:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_UNKNOWN);
        break;
    }

    ngx_carrierpay_work_queue_wake(flow->core->outbox);

    if (op->sms_id || op->mail_id) {
        ngx_carrierpay_work_queue_wake(flow->core->messages);
    }

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_charge_expire(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                 none;
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    ngx_str_null(&none);
    ngx_str_set(&charge->payment.state, "expired");

    if (ngx_carrierpay_payment_render(&charge->payment, &none, flow->pool,
                                      &charge->op.body)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_charge_submit(flow, NGX_CARRIERPAY_LEDGER_EXPIRE,
                                        NGX_CARRIERPAY_CHARGE_INTENT_TIMEOUT,
                                        ngx_carrierpay_charge_expire_handler);
}


static void
ngx_carrierpay_charge_expire_handler(ngx_carrierpay_ledger_op_t *op)
{
    ngx_carrierpay_flow_t  *flow;

    flow = op->data;

    if (op->rc == NGX_OK && ngx_carrierpay_charge_word(&op->result, "expired"))
    {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_EXPIRED);
        ngx_carrierpay_work_queue_wake(flow->core->outbox);
    }

    ngx_carrierpay_flow_resume(flow, NGX_OK);
}


ngx_int_t
ngx_carrierpay_charge_submit(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_ledger_e kind, ngx_msec_t timeout,
    ngx_carrierpay_ledger_pt handler)
{
    ngx_carrierpay_charge_t     *charge;
    ngx_carrierpay_ledger_op_t  *op;

    charge = flow->data;
    op = &charge->op;

    op->kind = kind;
    op->timeout = timeout;
    op->pool = flow->pool;
    op->payment = &charge->payment;
    op->handler = handler;
    op->data = flow;

    if (ngx_carrierpay_ledger_submit(flow->core->ledger, op) != NGX_OK) {
        charge->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


ngx_uint_t
ngx_carrierpay_charge_word(ngx_str_t *word, const char *text)
{
    return word->len == ngx_strlen(text)
           && ngx_memcmp(word->data, text, word->len) == 0;
}
