
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_recovery.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_recovery_flow(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_recovery = {
    NGX_CARRIERPAY_SQL_PAYMENT_CLAIM,
    32,
    512,
    60000,           /* ms */
    ngx_carrierpay_recovery_flow
};


/* the lease's token is not asked for: an outcome is idempotent */

static ngx_carrierpay_flow_t *
ngx_carrierpay_recovery_flow(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    return ngx_carrierpay_charge_recover(core, res, row);
}
