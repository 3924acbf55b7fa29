
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_payment_json.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_payment_first_load(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_payment_get_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_payment_page_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_payment_read_t, field)


static const ngx_carrierpay_column_t  ngx_carrierpay_payment_get_columns[] = {
    column(INT4, merchant_id),
    column(BOOL, live),
    column(INT8, payment.id)
};

static const ngx_carrierpay_column_t  ngx_carrierpay_payment_page_columns[] = {
    column(INT8, payment.id)
};


ngx_carrierpay_statement_t  ngx_carrierpay_payment_get_statement = {
    "payment_get",
    ngx_carrierpay_columns(ngx_carrierpay_payment_get_columns),
    ngx_carrierpay_payment_get_row,
    .batched = 0
};

ngx_carrierpay_statement_t  ngx_carrierpay_payment_first_statement = {
    "payment_first",
    ngx_carrierpay_columns(ngx_carrierpay_payment_page_columns),
    ngx_carrierpay_payment_get_row,
    .batched = 0
};

ngx_carrierpay_statement_t  ngx_carrierpay_payment_page_statement = {
    "payment_page",
    ngx_carrierpay_columns(ngx_carrierpay_payment_page_columns),
    ngx_carrierpay_payment_page_row,
    .batched = 1
};


static ngx_carrierpay_step_t  ngx_carrierpay_payment_get_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load, ngx_carrierpay_payment_load_done, 0 },
    { "render",                                  /* as JSON */
      ngx_carrierpay_payment_render, NULL, 0 },
    { NULL, NULL, NULL, 0 }
};


static ngx_carrierpay_step_t  ngx_carrierpay_payment_first_steps[] = {
    { "load",                                    /* as it was then */
      ngx_carrierpay_payment_first_load, ngx_carrierpay_payment_load_done, 0 },
    { "render",                                  /* as JSON */
      ngx_carrierpay_payment_render, NULL, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_payment_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(&core->flows, "get",
                                      ngx_carrierpay_payment_get_steps,
                                      sizeof(ngx_carrierpay_payment_read_t));
    if (flow) {
        ngx_carrierpay_payment_read_init(flow, merchant, id);
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_payment_first(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_flow_create(&core->flows, "first",
                                      ngx_carrierpay_payment_first_steps,
                                      sizeof(ngx_carrierpay_payment_read_t));
    if (flow) {
        ngx_carrierpay_payment_read_init(flow, merchant, id);
    }

    return flow;
}


void
ngx_carrierpay_payment_read_init(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;
    read->payment.id = id;
    flow->cell = ngx_carrierpay_id_cell(id);

    if (merchant) {
        read->merchant_id = merchant->id;
        read->live = merchant->live;
    }
}


ngx_int_t
ngx_carrierpay_payment_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_statement_t     *statement;
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    statement = read->merchant_id ? &ngx_carrierpay_payment_get_statement
                                  : &ngx_carrierpay_payment_page_statement;

    return ngx_carrierpay_ledger_ask(flow, &read->call, statement, read, 0);
}


static ngx_int_t
ngx_carrierpay_payment_first_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &read->call,
                                     &ngx_carrierpay_payment_first_statement,
                                     read, 0);
}


static ngx_int_t
ngx_carrierpay_payment_get_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_payment_read_t  *read;

    read = call->args;

    return ngx_carrierpay_payment_row(&read->payment, res, row, 0, call->pool);
}


static ngx_int_t
ngx_carrierpay_payment_page_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_payment_read_t  *read;

    read = call->args;

    if (ngx_carrierpay_payment_row(&read->payment, res, row, 1, call->pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_payment_brand_row(&read->brand, res, row, 1,
                                            call->pool);
}


ngx_int_t
ngx_carrierpay_payment_load_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    return ngx_carrierpay_ledger_answered(flow, &read->call);
}


ngx_int_t
ngx_carrierpay_payment_render(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_payment_read_t  *read;

    read = flow->data;

    return ngx_carrierpay_payment_json(&read->payment, flow->core->conf,
                                       flow->pool, &read->body);
}
