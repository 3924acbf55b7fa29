
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_payment_json.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_webhook_event.h"


/* Where the columns of outbox_claim begin that are about each of these. */

#define NGX_CARRIERPAY_WEBHOOK_EVENT_PAYMENT  9
#define NGX_CARRIERPAY_WEBHOOK_EVENT_REFUND                                   \
    (NGX_CARRIERPAY_WEBHOOK_EVENT_PAYMENT + NGX_CARRIERPAY_PAYMENT_COLUMNS)
#define NGX_CARRIERPAY_WEBHOOK_EVENT_CHARGEBACK                               \
    (NGX_CARRIERPAY_WEBHOOK_EVENT_REFUND + 6)
#define NGX_CARRIERPAY_WEBHOOK_EVENT_PAYOUT                                   \
    (NGX_CARRIERPAY_WEBHOOK_EVENT_CHARGEBACK + 6)


static ngx_int_t ngx_carrierpay_webhook_event_refund(
    ngx_carrierpay_webhook_event_t *e, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column, ngx_pool_t *pool);
static ngx_int_t ngx_carrierpay_webhook_event_data(
    ngx_carrierpay_webhook_event_t *e, ngx_carrierpay_conf_t *conf,
    ngx_pool_t *pool, ngx_str_t *data);


ngx_int_t
ngx_carrierpay_webhook_event_row(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_pool_t *pool)
{
    e->payment_id = ngx_carrierpay_pq_int(res, row, 0);
    e->seq = ngx_carrierpay_pq_int(res, row, 1);
    e->at = ngx_carrierpay_pq_int(res, row, 6);

    if (ngx_carrierpay_pq_copy(res, row, 5, pool, &e->type) != NGX_OK) {
        return NGX_ERROR;
    }

    if (!ngx_carrierpay_pq_null(res, row,
                                NGX_CARRIERPAY_WEBHOOK_EVENT_PAYOUT))
    {
        return ngx_carrierpay_payout_row(&e->payout, res, row,
                                 NGX_CARRIERPAY_WEBHOOK_EVENT_PAYOUT, pool);
    }

    if (ngx_carrierpay_payment_row(&e->payment, res, row,
                                   NGX_CARRIERPAY_WEBHOOK_EVENT_PAYMENT, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_webhook_event_refund(e, res, row,
                                 NGX_CARRIERPAY_WEBHOOK_EVENT_REFUND, pool)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    e->chargeback.payment_id = e->payment_id;
    e->chargeback.currency = e->payment.currency;

    return ngx_carrierpay_chargeback_row(&e->chargeback, res, row,
                                 NGX_CARRIERPAY_WEBHOOK_EVENT_CHARGEBACK,
                                 pool);
}


/* An event about a refund has the refund as it was then, too. */

static ngx_int_t
ngx_carrierpay_webhook_event_refund(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row, ngx_uint_t column,
    ngx_pool_t *pool)
{
    ngx_carrierpay_refund_t  *refund;

    refund = &e->refund;

    if (ngx_carrierpay_pq_null(res, row, column)) {
        return NGX_OK;
    }

    refund->id = ngx_carrierpay_pq_int(res, row, column);
    refund->payment_id = e->payment_id;
    refund->live = e->payment.live;
    refund->currency = e->payment.currency;
    refund->amount = ngx_carrierpay_pq_int(res, row, column + 1);

    if (ngx_carrierpay_pq_copy(res, row, column + 2, pool, &refund->kind)
        != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, column + 3, pool, &refund->state)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, column + 4, pool,
                                  &refund->failure_code)
           != NGX_OK
        || ngx_carrierpay_pq_copy(res, row, column + 5, pool, &refund->reason)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_carrierpay_webhook_event_about(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_flow_t *flow)
{
    u_char     text[NGX_CARRIERPAY_EVENT_ID_LEN];
    ngx_str_t  event;

    event.data = text;
    event.len = ngx_carrierpay_id_print_event(text, e->payment_id, e->seq)
                - text;

    ngx_carrierpay_flow_about(flow, "event", &event);

    if (e->payout.id) {
        ngx_carrierpay_flow_about_id(flow, "payout", NGX_CARRIERPAY_ID_PAYOUT,
                                     e->payout.id);
        return;
    }

    ngx_carrierpay_flow_about_id(flow, "payment", NGX_CARRIERPAY_ID_PAYMENT,
                                 e->payment_id);
}


ngx_int_t
ngx_carrierpay_webhook_event_body(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_conf_t *conf, ngx_carrierpay_egress_call_t *call)
{
    u_char     *p;
    ngx_str_t   data;

    if (ngx_carrierpay_webhook_event_data(e, conf, call->pool, &data)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(call->pool, e->type.len + data.len
                                + NGX_CARRIERPAY_TIME_LEN
                                + NGX_INT32_LEN
                                + ngx_carrierpay_refund_json_size(&e->refund)
                                + ngx_carrierpay_chargeback_json_size(
                                      &e->chargeback)
                                + sizeof("{\"type\":\"\",\"timestamp\":\"\","
                                         "\"sequence\":,\"data\":,"
                                         "\"refund\":,"
                                         "\"chargeback\":}"));
    if (p == NULL) {
        return NGX_ERROR;
    }

    call->body.data = p;

    p = ngx_sprintf(p, "{\"type\":\"%V\",\"timestamp\":\"", &e->type);
    p = ngx_carrierpay_time_print(p, e->at);
    p = ngx_sprintf(p, "\",\"sequence\":%D,\"data\":%V", e->seq, &data);

    if (e->refund.id) {
        p = ngx_cpymem(p, ",\"refund\":", sizeof(",\"refund\":") - 1);
        p = ngx_carrierpay_refund_json(p, &e->refund);
    }

    if (e->chargeback.number) {
        p = ngx_cpymem(p, ",\"chargeback\":",
                       sizeof(",\"chargeback\":") - 1);
        p = ngx_carrierpay_chargeback_json(p, &e->chargeback);
    }

    *p++ = '}';

    call->body.len = p - call->body.data;

    return NGX_OK;
}


/* What the event is of, as it was then. */

static ngx_int_t
ngx_carrierpay_webhook_event_data(ngx_carrierpay_webhook_event_t *e,
    ngx_carrierpay_conf_t *conf, ngx_pool_t *pool, ngx_str_t *data)
{
    if (e->payout.id == 0) {
        return ngx_carrierpay_payment_json(&e->payment, conf, pool, data);
    }

    data->data = ngx_pnalloc(pool,
                             ngx_carrierpay_payout_json_size(&e->payout));
    if (data->data == NULL) {
        return NGX_ERROR;
    }

    data->len = ngx_carrierpay_payout_json(data->data, &e->payout)
                - data->data;

    return NGX_OK;
}


/* Standard Webhooks 1.0.0: HMAC-SHA256 of "id.timestamp.body" */

ngx_int_t
ngx_carrierpay_webhook_event_sign(ngx_carrierpay_webhook_event_t *e,
    ngx_str_t *secret, ngx_carrierpay_egress_call_t *call)
{
    u_char      mac[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t   id, time, signature, type, pieces[5];

    id.data = ngx_pnalloc(call->pool, NGX_CARRIERPAY_EVENT_ID_LEN);
    time.data = ngx_pnalloc(call->pool, NGX_TIME_T_LEN);
    signature.data = ngx_pnalloc(call->pool, 3
                                + NGX_CARRIERPAY_BASE64_LEN(sizeof(mac)));

    if (id.data == NULL || time.data == NULL || signature.data == NULL) {
        return NGX_ERROR;
    }

    id.len = ngx_carrierpay_id_print_event(id.data, e->payment_id,
                                           e->seq)
             - id.data;
    time.len = ngx_sprintf(time.data, "%T", ngx_time()) - time.data;

    pieces[0] = id;
    ngx_str_set(&pieces[1], ".");
    pieces[2] = time;
    ngx_str_set(&pieces[3], ".");
    pieces[4] = call->body;

    ngx_carrierpay_hmac_sha256_pieces(mac, secret, pieces, 5);

    signature.len = ngx_carrierpay_base64_encode(
                        ngx_cpymem(signature.data, "v1,", 3), mac,
                        sizeof(mac))
                    - signature.data;

    ngx_str_set(&type, "application/json");

    if (ngx_carrierpay_egress_header(call, "Content-Type", &type) != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-id", &id) != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-timestamp", &time)
           != NGX_OK
        || ngx_carrierpay_egress_header(call, "webhook-signature", &signature)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
