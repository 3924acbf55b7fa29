
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_outbox.h"
#include "ngx_carrierpay_webhook.h"


static ngx_carrierpay_flow_t *ngx_carrierpay_outbox_flow(
    ngx_carrierpay_core_t *core, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, int64_t token);


const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_outbox = {
    NGX_CARRIERPAY_SQL_OUTBOX_CLAIM,
    32,
    128,
    120000,          /* ms; a delivery waits */
    ngx_carrierpay_outbox_flow
};


static ngx_carrierpay_flow_t *
ngx_carrierpay_outbox_flow(ngx_carrierpay_core_t *core,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, int64_t token)
{
    ngx_carrierpay_webhook_t  hook;

    hook.payment_id = ngx_carrierpay_pq_int(res, row, 0);
    hook.seq = ngx_carrierpay_pq_int(res, row, 1);
    hook.endpoint_id = ngx_carrierpay_pq_int(res, row, 2);
    ngx_carrierpay_pq_bytes(res, row, 3, &hook.url);
    ngx_carrierpay_pq_bytes(res, row, 4, &hook.secret);
    hook.live = ngx_carrierpay_pq_int(res, row, 5);
    ngx_carrierpay_pq_bytes(res, row, 6, &hook.type);
    ngx_carrierpay_pq_bytes(res, row, 7, &hook.body);
    hook.at = ngx_carrierpay_pq_int(res, row, 8);
    hook.attempts = ngx_carrierpay_pq_int(res, row, 9);
    hook.token = token;

    return ngx_carrierpay_webhook_deliver(core, &hook);
}
