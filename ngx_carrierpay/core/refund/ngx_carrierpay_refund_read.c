
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_refund_read.h"
#include "ngx_carrierpay_service.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_refund_read(
    ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, ngx_carrierpay_merchant_t *merchant,
    int64_t id);
static ngx_int_t ngx_carrierpay_refund_get_load(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_refund_get_done(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_refund_list_load(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_refund_list_done(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_refund_read_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static ngx_int_t ngx_carrierpay_refund_read_render(
    ngx_carrierpay_flow_t *flow, const char *before, const char *after);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_refund_read_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_refund_read_columns[] = {
    column(INT4, merchant_id),
    column(BOOL, live),
    column(INT8, id)
};

ngx_carrierpay_statement_t  ngx_carrierpay_refund_get_statement = {
    "refund_get",
    ngx_carrierpay_columns(ngx_carrierpay_refund_read_columns),
    ngx_carrierpay_refund_read_row,
    .batched = 0
};

ngx_carrierpay_statement_t  ngx_carrierpay_refund_list_statement = {
    "refund_list",
    ngx_carrierpay_columns(ngx_carrierpay_refund_read_columns),
    ngx_carrierpay_refund_read_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_refund_get_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_refund_get_load, ngx_carrierpay_refund_get_done, 0 },
    { NULL, NULL, NULL, 0 }
};

static ngx_carrierpay_step_t  ngx_carrierpay_refund_list_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_refund_list_load, ngx_carrierpay_refund_list_done, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_refund_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    return ngx_carrierpay_refund_read(core, "refund_get",
                                      ngx_carrierpay_refund_get_steps,
                                      merchant, id);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_refund_list(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id)
{
    return ngx_carrierpay_refund_read(core, "refund_list",
                                      ngx_carrierpay_refund_list_steps,
                                      merchant, payment_id);
}


static ngx_carrierpay_flow_t *
ngx_carrierpay_refund_read(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, ngx_carrierpay_merchant_t *merchant,
    int64_t id)
{
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_refund_read_t  *read;

    flow = ngx_carrierpay_flow_create(&core->flows, name, steps,
                                      sizeof(ngx_carrierpay_refund_read_t));
    if (flow == NULL) {
        return NULL;
    }

    read = flow->data;
    read->merchant_id = merchant->id;
    read->live = merchant->live;
    read->id = id;
    flow->cell = ngx_carrierpay_id_cell(id);

    if (ngx_array_init(&read->refunds, flow->pool, 1,
                       sizeof(ngx_carrierpay_refund_t))
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_refund_get_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &read->call,
                                     &ngx_carrierpay_refund_get_statement,
                                     read, 0);
}


static ngx_int_t
ngx_carrierpay_refund_get_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;

    rc = ngx_carrierpay_ledger_answered(flow, &read->call);

    return rc == NGX_OK ? ngx_carrierpay_refund_read_render(flow, "", "") : rc;
}


static ngx_int_t
ngx_carrierpay_refund_list_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;

    return ngx_carrierpay_ledger_ask(flow, &read->call,
                                     &ngx_carrierpay_refund_list_statement,
                                     read, 0);
}


static ngx_int_t
ngx_carrierpay_refund_list_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;

    rc = ngx_carrierpay_ledger_answered(flow, &read->call);

    return rc == NGX_OK
           ? ngx_carrierpay_refund_read_render(flow,
                                     "{\"object\":\"list\",\"data\":[",
                                     "],\"has_more\":false}")
           : rc;
}


static ngx_int_t
ngx_carrierpay_refund_read_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_refund_t       *refund;
    ngx_carrierpay_refund_read_t  *read;

    read = call->args;

    if (ngx_carrierpay_pq_null(res, row, 0)) {
        return NGX_OK;                           /* a payment without any */
    }

    refund = ngx_array_push(&read->refunds);
    if (refund == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(refund, sizeof(ngx_carrierpay_refund_t));

    return ngx_carrierpay_refund_row(refund, res, row, 0, call->pool);
}


static ngx_int_t
ngx_carrierpay_refund_read_render(ngx_carrierpay_flow_t *flow,
    const char *before, const char *after)
{
    size_t                         len;
    u_char                        *p;
    ngx_uint_t                     i;
    ngx_carrierpay_refund_t       *refunds;
    ngx_carrierpay_refund_read_t  *read;

    read = flow->data;
    refunds = read->refunds.elts;

    len = ngx_strlen(before) + ngx_strlen(after);

    for (i = 0; i < read->refunds.nelts; i++) {
        len += 1 + ngx_carrierpay_refund_json_size(&refunds[i]);
    }

    p = ngx_pnalloc(flow->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    read->body.data = p;
    p = ngx_cpymem(p, before, ngx_strlen(before));

    for (i = 0; i < read->refunds.nelts; i++) {
        if (i) {
            *p++ = ',';
        }

        p = ngx_carrierpay_refund_json(p, &refunds[i]);
    }

    p = ngx_cpymem(p, after, ngx_strlen(after));
    read->body.len = p - read->body.data;

    return NGX_OK;
}
