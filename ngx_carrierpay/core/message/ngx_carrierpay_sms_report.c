
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_sms_report.h"
#include "ngx_carrierpay_token.h"


static ngx_int_t ngx_carrierpay_sms_report_add(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_sms_report_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_sms_report_added(ngx_carrierpay_flow_t *flow);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_sms_delivery_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_sms_report_columns[] = {
    column(INT8, id),
    column(TEXT, state),
    column(TEXT, code)
};

ngx_carrierpay_statement_t  ngx_carrierpay_sms_report_statement = {
    "message_report",
    ngx_carrierpay_columns(ngx_carrierpay_sms_report_columns),
    ngx_carrierpay_sms_report_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_sms_report_steps[] = {
    { "report",                                  /* durable; or NOT_FOUND */
      ngx_carrierpay_sms_report_add, ngx_carrierpay_sms_report_added, 0 },
    { NULL, NULL, NULL, 0 }
};


/* by ngx_carrierpay_sms_state_e */

static const ngx_str_t  ngx_carrierpay_sms_report_states[] = {
    ngx_string("buffered"),
    ngx_string("delivered"),
    ngx_string("undelivered"),
    ngx_string("expired")
};


ngx_carrierpay_flow_t *
ngx_carrierpay_sms_report(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_report_t *report)
{
    ngx_carrierpay_flow_t          *flow;
    ngx_carrierpay_sms_delivery_t  *delivery;

    flow = ngx_carrierpay_flow_create(&core->flows, "sms_report",
                                      ngx_carrierpay_sms_report_steps,
                                      sizeof(ngx_carrierpay_sms_delivery_t));
    if (flow == NULL) {
        return NULL;
    }

    delivery = flow->data;
    delivery->state = ngx_carrierpay_sms_report_states[report->state];

    if (report->code.len
        && ngx_carrierpay_flow_copy(flow, &delivery->code, &report->code)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    if (ngx_carrierpay_token_message_verify(&report->id,
                  ngx_carrierpay_keyring_key(&core->conf->keyring,
                                             NGX_CARRIERPAY_KEY_SESSION),
                  &delivery->id)
        != NGX_OK)
    {
        delivery->id = 0;
    }

    flow->cell = ngx_carrierpay_id_cell(delivery->id);

    return flow;
}


static ngx_int_t
ngx_carrierpay_sms_report_add(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_delivery_t  *delivery;

    delivery = flow->data;

    if (delivery->id == 0) {
        return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);
    }

    return ngx_carrierpay_ledger_ask(flow, &delivery->call,
                                     &ngx_carrierpay_sms_report_statement,
                                     delivery, 0);
}


static ngx_int_t
ngx_carrierpay_sms_report_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_str_t                       word;
    ngx_carrierpay_sms_delivery_t  *delivery;

    static const ngx_str_t  not_found = ngx_string("not_found");

    delivery = call->args;

    ngx_carrierpay_pq_bytes(res, row, 0, &word);

    delivery->known = word.len != not_found.len
                      || ngx_memcmp(word.data, not_found.data, word.len) != 0;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_report_added(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_sms_delivery_t  *delivery;

    delivery = flow->data;

    if (delivery->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return delivery->known
           ? NGX_OK
           : ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_NOT_FOUND);
}
