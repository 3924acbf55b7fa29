
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_receipt.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_work_queue.h"


static ngx_int_t ngx_carrierpay_receipt_mail_add(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_mail_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_receipt_stop_add(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_stopped(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_receipt_added(ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_receipt_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_receipt_mail_columns[] = {
    column(INT8, read.payment.id),
    column(INT8, message_id),
    column(BYTEA, email),
    column(TEXT, locale)
};

ngx_carrierpay_statement_t  ngx_carrierpay_receipt_mail_statement = {
    "mail_add",
    ngx_carrierpay_columns(ngx_carrierpay_receipt_mail_columns),
    ngx_carrierpay_receipt_mail_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_receipt_mail_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load, ngx_carrierpay_payment_load_done, 0 },
    { "mail",                                    /* durable, if it is done */
      ngx_carrierpay_receipt_mail_add, ngx_carrierpay_receipt_added, 0 },
    { NULL, NULL, NULL, 0 }
};

static ngx_carrierpay_step_t  ngx_carrierpay_receipt_stop_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load, ngx_carrierpay_payment_load_done, 0 },
    { "stop",                                    /* durable, if it is done */
      ngx_carrierpay_receipt_stop_add, ngx_carrierpay_receipt_stopped, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_receipt_mail(ngx_carrierpay_core_t *core, int64_t payment_id,
    ngx_str_t *email, const ngx_str_t *locale)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_receipt_t  *receipt;

    flow = ngx_carrierpay_flow_create(&core->flows, "mail",
                                      ngx_carrierpay_receipt_mail_steps,
                                      sizeof(ngx_carrierpay_receipt_t));
    if (flow == NULL) {
        return NULL;
    }

    receipt = flow->data;
    ngx_carrierpay_payment_read_init(flow, NULL, payment_id);

    if (ngx_carrierpay_keyring_seal(&core->conf->keyring, flow->pool,
                                    &ngx_carrierpay_aad_email, email,
                                    &receipt->email)
        != NGX_OK
        || ngx_carrierpay_flow_copy(flow, &receipt->locale, locale) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_receipt_stop(ngx_carrierpay_core_t *core, int64_t payment_id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(&core->flows, "stop",
                                      ngx_carrierpay_receipt_stop_steps,
                                      sizeof(ngx_carrierpay_receipt_t));
    if (flow) {
        ngx_carrierpay_payment_read_init(flow, NULL, payment_id);
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_receipt_mail_add(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_receipt_t  *receipt;

    receipt = flow->data;

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    receipt->message_id = ngx_carrierpay_ledger_id(flow);

    if (receipt->read.payment.locale.len) {
        receipt->locale = receipt->read.payment.locale;
    }

    return ngx_carrierpay_ledger_ask(flow, &receipt->call,
                                     &ngx_carrierpay_receipt_mail_statement,
                                     receipt, 0);
}


static ngx_int_t
ngx_carrierpay_receipt_mail_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                  word;
    ngx_carrierpay_receipt_t  *receipt;

    static const ngx_str_t  queued = ngx_string("queued");

    receipt = call->args;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    receipt->done = word.len == queued.len
                    && ngx_memcmp(word.data, queued.data, word.len) == 0;

    return NGX_OK;
}


/* The id of the payer as a subscriber names the cell of the line. */

static ngx_int_t
ngx_carrierpay_receipt_stop_add(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_t           *p;
    ngx_carrierpay_receipt_t           *receipt;
    ngx_carrierpay_subscriber_block_t  *block;

    receipt = flow->data;
    block = &receipt->block;
    p = &receipt->read.payment;

    if (p->pseudonym_id == 0) {
        return NGX_DONE;
    }

    block->merchant_id = p->merchant_id;
    block->live = p->live;
    block->pseudonym_id = p->pseudonym_id;
    ngx_str_set(&block->source, "receipt");

    return ngx_carrierpay_ledger_ask_cell(flow,
                                   ngx_carrierpay_id_cell(p->pseudonym_id),
                                   &block->call,
                                   &ngx_carrierpay_subscriber_block_statement,
                                   block, 0);
}


static ngx_int_t
ngx_carrierpay_receipt_stopped(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_receipt_t  *receipt;

    receipt = flow->data;

    if (receipt->block.call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    receipt->done = receipt->block.done;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_receipt_added(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_receipt_t  *receipt;

    receipt = flow->data;

    if (receipt->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    ngx_carrierpay_work_queue_wake(flow->core->cells[flow->cell].messages);

    return NGX_OK;
}
