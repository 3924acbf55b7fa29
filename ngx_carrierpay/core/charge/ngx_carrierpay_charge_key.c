
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge_key.h"
#include "ngx_carrierpay_core_counters.h"


static ngx_int_t ngx_carrierpay_charge_key_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_charge_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_charge_key_columns[] = {
    column(INT8, payment.id),
    column(UUID, idempotency),
    column(UUID, request)
};

ngx_carrierpay_statement_t  ngx_carrierpay_charge_key_statement = {
    "payment_key",
    ngx_carrierpay_columns(ngx_carrierpay_charge_key_columns),
    ngx_carrierpay_charge_key_row,
    .batched = 0
};


ngx_int_t
ngx_carrierpay_charge_key(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->merchant.former == -1) {
        return NGX_OK;
    }

    if (ngx_carrierpay_ledger_require(flow) != NGX_OK) {
        return NGX_DONE;
    }

    charge->payment.id = ngx_carrierpay_ledger_id(flow);

    return ngx_carrierpay_ledger_ask_cell(flow, charge->merchant.former,
                                         &charge->call,
                                         &ngx_carrierpay_charge_key_statement,
                                         charge, 0);
}


static ngx_int_t
ngx_carrierpay_charge_key_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_charge_t  *charge;

    charge = call->args;
    charge->stored_id = ngx_carrierpay_pq_int(res, row, 1);

    return ngx_carrierpay_charge_ledger_row(charge, res, row, 0, call->pool);
}


ngx_int_t
ngx_carrierpay_charge_key_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (charge->call.rc != NGX_OK) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return charge->ledger_result == NGX_CARRIERPAY_LEDGER_NOT_FOUND
           ? NGX_OK : ngx_carrierpay_charge_repeated(flow);
}


ngx_int_t
ngx_carrierpay_charge_repeated(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_PAYMENT_REPLAYED);

    if (charge->ledger_result == NGX_CARRIERPAY_LEDGER_REPLAY) {
        charge->answer = NGX_CARRIERPAY_CHARGE_REPLAYED;
        charge->payment.id = charge->stored_id;
        return NGX_DONE;
    }

    charge->answer = (charge->ledger_result == NGX_CARRIERPAY_LEDGER_MISMATCH)
                     ? NGX_CARRIERPAY_CHARGE_MISMATCH
                     : NGX_CARRIERPAY_CHARGE_IN_FLIGHT;

    return ngx_carrierpay_flow_leave(flow, NGX_CARRIERPAY_FLOW_CONFLICT);
}
