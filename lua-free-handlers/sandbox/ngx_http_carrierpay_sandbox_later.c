
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_money.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_sandbox_charge.h"
#include "ngx_http_carrierpay_sandbox_later.h"
#include "ngx_http_carrierpay_sandbox_script.h"


typedef struct {
    ngx_str_t    reference;
    ngx_str_t    end_user;
    int64_t      amount;
    ngx_str_t    currency;
} ngx_http_carrierpay_sandbox_later_body_t;


static ngx_int_t ngx_http_carrierpay_sandbox_later_store(
    ngx_http_request_t *r, ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge);


#define ngx_http_carrierpay_sandbox_later_at(field)                           \
    offsetof(ngx_http_carrierpay_sandbox_later_body_t, field)

#define ngx_http_carrierpay_sandbox_later_line                                \
    { ngx_string("line"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,                 \
      NGX_CARRIERPAY_MSISDN_MIN, NGX_CARRIERPAY_END_USER_MAX,                 \
      ngx_http_carrierpay_sandbox_later_at(end_user), "invalid_parameter",    \
      ngx_http_carrierpay_sandbox_end_user }

#define ngx_http_carrierpay_sandbox_later_amount                              \
    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,              \
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,                   \
      ngx_http_carrierpay_sandbox_later_at(amount), "invalid_amount", NULL }


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_sandbox_void_fields[] =
{
    ngx_http_carrierpay_sandbox_later_line,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};

static ngx_http_carrierpay_field_t
    ngx_http_carrierpay_sandbox_capture_fields[] =
{
    ngx_http_carrierpay_sandbox_later_line,
    ngx_http_carrierpay_sandbox_later_amount,

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};

static ngx_http_carrierpay_field_t
    ngx_http_carrierpay_sandbox_refund_fields[] =
{
    ngx_http_carrierpay_sandbox_later_line,
    ngx_http_carrierpay_sandbox_later_amount,

    { ngx_string("reference"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX,
      ngx_http_carrierpay_sandbox_later_at(reference), "invalid_parameter",
      ngx_http_carrierpay_sandbox_reference },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_sandbox_later_at(currency), "invalid_currency",
      ngx_http_carrierpay_sandbox_currency },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


/* by ngx_http_carrierpay_sandbox_event_e, from CAPTURE on */

static ngx_http_carrierpay_field_t  *ngx_http_carrierpay_sandbox_laters[] = {
    [NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE] =
                                   ngx_http_carrierpay_sandbox_capture_fields,
    [NGX_HTTP_CARRIERPAY_SANDBOX_VOID] =
                                      ngx_http_carrierpay_sandbox_void_fields,
    [NGX_HTTP_CARRIERPAY_SANDBOX_REFUND] =
                                    ngx_http_carrierpay_sandbox_refund_fields,
    [NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT] =
                                    ngx_http_carrierpay_sandbox_refund_fields
};


ngx_int_t
ngx_http_carrierpay_sandbox_later(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store, ngx_msec_t delay,
    ngx_str_t *body, ngx_http_carrierpay_sandbox_event_e event)
{
    ngx_int_t                                  rc;
    ngx_http_carrierpay_ctx_t                 *ctx;
    ngx_http_carrierpay_problem_t              problem;
    ngx_http_carrierpay_sandbox_charge_t       charge;
    ngx_http_carrierpay_sandbox_script_t      *script;
    ngx_http_carrierpay_sandbox_later_body_t   read;

    ctx = ngx_http_carrierpay_ctx(r);

    ngx_memzero(&read, sizeof(ngx_http_carrierpay_sandbox_later_body_t));
    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_sandbox_charge_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                    ngx_http_carrierpay_sandbox_laters[event],
                                       &read, &problem);
    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    script = ngx_http_carrierpay_sandbox_script(&read.end_user, event);

    charge.event = event;
    charge.decline = script->decline;
    charge.amount = read.amount;
    charge.reference = read.reference.len ? read.reference : ctx->id;
    charge.charge = ctx->id;

    if (read.currency.len) {
        ngx_memcpy(charge.currency, read.currency.data,
                   sizeof(charge.currency));
    }

    rc = ngx_http_carrierpay_sandbox_later_store(r, store, &charge);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (script->behaviour == NGX_HTTP_CARRIERPAY_SANDBOX_CUT && rc == NGX_OK) {
        return NGX_HTTP_CLOSE;
    }

    return ngx_http_carrierpay_sandbox_charge_reply(r,
                                      rc == NGX_DECLINED ? NGX_HTTP_CONFLICT
                                                         : NGX_HTTP_CREATED,
                                      &charge,
                                      script->behaviour
                                      == NGX_HTTP_CARRIERPAY_SANDBOX_SLOW
                                      && rc == NGX_OK ? delay : 0);
}


/* NGX_OK; NGX_DECLINED, it was done before; or NGX_ERROR. */

static ngx_int_t
ngx_http_carrierpay_sandbox_later_store(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store,
    ngx_http_carrierpay_sandbox_charge_t *charge)
{
    ngx_int_t                              rc;
    ngx_http_carrierpay_sandbox_charge_t   stored;

    if (charge->event == NGX_HTTP_CARRIERPAY_SANDBOX_REFUND
        || charge->event == NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT)
    {
        return ngx_http_carrierpay_sandbox_store_put(store, charge,
                                                     r->connection->log);
    }

    if (charge->decline) {
        return NGX_OK;
    }

    stored = *charge;

    if (ngx_http_carrierpay_sandbox_store_get(store, &stored) == NGX_OK
        && stored.event == charge->event)
    {
        return NGX_DECLINED;
    }

    rc = ngx_http_carrierpay_sandbox_store_change(store, charge,
                                                  r->connection->log);

    if (rc == NGX_DECLINED) {
        charge->decline = NGX_HTTP_CARRIERPAY_SANDBOX_RESERVATION_ENDED;
        return NGX_OK;
    }

    return rc;
}
