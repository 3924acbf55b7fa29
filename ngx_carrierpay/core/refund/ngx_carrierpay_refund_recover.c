
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_refund_recover.h"
#include "ngx_carrierpay_refund_steps.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_refund_claimed(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);


ngx_carrierpay_statement_t  ngx_carrierpay_refund_claim_statement = {
    "refund_claim",
    ngx_carrierpay_work_queue_columns, NGX_CARRIERPAY_WORK_QUEUE_COLUMNS,
    ngx_carrierpay_work_queue_row,
    .batched = 0
};


static ngx_carrierpay_step_t  ngx_carrierpay_refund_recover_steps[] = {
    NGX_CARRIERPAY_REFUND_OPERATOR_ROWS
};


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_refund_recovery = {
    &ngx_carrierpay_refund_claim_statement,
    32,
    128,
    60000,           /* ms */
    ngx_carrierpay_refund_claimed
};


/* The lease's token is not needed: an outcome is idempotent. */

static ngx_carrierpay_flow_t *
ngx_carrierpay_refund_claimed(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_uint_t                     fresh;
    ngx_carrierpay_flow_t         *flow;
    ngx_carrierpay_refund_make_t  *make;

    fresh = ngx_carrierpay_pq_int(res, row, 0);

    flow = ngx_carrierpay_work_queue_flow(core,
                                      fresh ? "reverse" : "refund_recover",
                                      ngx_carrierpay_refund_recover_steps,
                                      sizeof(ngx_carrierpay_refund_make_t));
    if (flow == NULL) {
        return NULL;
    }

    make = flow->data;
    make->recovering = !fresh;
    make->age = ngx_carrierpay_pq_int(res, row, 1);

    if (ngx_carrierpay_refund_row(&make->refund, res, row, 2, flow->pool)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}
