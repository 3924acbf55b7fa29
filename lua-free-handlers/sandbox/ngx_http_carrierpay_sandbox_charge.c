
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_sandbox_charge.h"
#include "ngx_http_carrierpay_sandbox_late.h"
#include "ngx_http_carrierpay_sandbox_script.h"


/* nginx has no name for 402 */
#define NGX_HTTP_CARRIERPAY_SANDBOX_PAYMENT_REQUIRED  402


typedef struct {
    ngx_str_t    reference;
    ngx_str_t    end_user;
    int64_t      amount;
    ngx_str_t    currency;
    ngx_str_t    description;
    ngx_uint_t   reserve;
} ngx_http_carrierpay_sandbox_charge_body_t;


static ngx_int_t ngx_http_carrierpay_sandbox_charge_store(
    ngx_http_request_t *r, ngx_http_carrierpay_sandbox_store_t *store,
    ngx_msec_t delay, ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_http_carrierpay_sandbox_behaviour_e behaviour);


#define ngx_http_carrierpay_sandbox_charge_at(field)                          \
    offsetof(ngx_http_carrierpay_sandbox_charge_body_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_sandbox_fields[] = {

    { ngx_string("reference"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX,
      ngx_http_carrierpay_sandbox_charge_at(reference), "invalid_parameter",
      ngx_http_carrierpay_sandbox_reference },

    { ngx_string("line"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      NGX_CARRIERPAY_MSISDN_MIN, NGX_CARRIERPAY_END_USER_MAX,
      ngx_http_carrierpay_sandbox_charge_at(end_user), "invalid_parameter",
      ngx_http_carrierpay_sandbox_end_user },

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_sandbox_charge_at(amount), "invalid_amount", NULL },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_sandbox_charge_at(currency), "invalid_currency",
      ngx_http_carrierpay_sandbox_currency },

    { ngx_string("description"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      0, 1024,
      ngx_http_carrierpay_sandbox_charge_at(description), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("reserve"), NGX_HTTP_CARRIERPAY_JSON_BOOLEAN, 0,
      0, 0,
      ngx_http_carrierpay_sandbox_charge_at(reserve), "invalid_parameter",
      NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_sandbox_charge(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store, ngx_msec_t delay,
    ngx_str_t *body)
{
    ngx_int_t                                   rc;
    ngx_http_carrierpay_problem_t               problem;
    ngx_http_carrierpay_sandbox_charge_t        charge;
    ngx_http_carrierpay_sandbox_script_t       *script;
    ngx_http_carrierpay_sandbox_charge_body_t   read;

    ngx_memzero(&read, sizeof(ngx_http_carrierpay_sandbox_charge_body_t));
    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_sandbox_charge_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_sandbox_fields,
                                       &read, &problem);
    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    charge.event = read.reserve ? NGX_HTTP_CARRIERPAY_SANDBOX_RESERVE
                                : NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE;

    script = ngx_http_carrierpay_sandbox_script(&read.end_user, charge.event);

    charge.reference = read.reference;
    charge.amount = read.amount;
    charge.decline = script->decline;
    ngx_memcpy(charge.currency, read.currency.data, sizeof(charge.currency));

    return ngx_http_carrierpay_sandbox_charge_store(r, store, delay, &charge,
                                                    script->behaviour);
}


/*
 * The answer of a subscriber follows from the script, so it is logged at once;
 * until the delay is over, the charge is pending.
 */

static ngx_int_t
ngx_http_carrierpay_sandbox_charge_store(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store, ngx_msec_t delay,
    ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_http_carrierpay_sandbox_behaviour_e behaviour)
{
    ngx_int_t  rc;

    if (behaviour == NGX_HTTP_CARRIERPAY_SANDBOX_SILENT) {
        return NGX_HTTP_CLOSE;
    }

    if (behaviour == NGX_HTTP_CARRIERPAY_SANDBOX_PENDING) {
        charge->answered = ngx_carrierpay_now() + delay;
    }

    rc = ngx_http_carrierpay_sandbox_store_put(store, charge,
                                               r->connection->log);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_sandbox_charge_reply(r, NGX_HTTP_CONFLICT,
                                                        charge, 0);
    }

    if (behaviour == NGX_HTTP_CARRIERPAY_SANDBOX_CUT) {
        return NGX_HTTP_CLOSE;
    }

    return ngx_http_carrierpay_sandbox_charge_reply(r, NGX_HTTP_CREATED,
                            charge,
                            behaviour == NGX_HTTP_CARRIERPAY_SANDBOX_SLOW
                            ? delay : 0);
}


ngx_int_t
ngx_http_carrierpay_sandbox_status(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_store_t *store)
{
    ngx_http_carrierpay_ctx_t             *ctx;
    ngx_http_carrierpay_sandbox_charge_t   charge;

    ctx = ngx_http_carrierpay_ctx(r);

    ngx_memzero(&charge, sizeof(ngx_http_carrierpay_sandbox_charge_t));
    charge.reference = ctx->id;

    if (ngx_http_carrierpay_sandbox_store_get(store, &charge) != NGX_OK) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND,
                                               "not_found", "There is no"
                                               " charge with this"
                                               " reference");
    }

    return ngx_http_carrierpay_sandbox_charge_reply(r, NGX_HTTP_OK, &charge,
                                                    0);
}


/*
 * The operator's own reference follows from ours, so that all answers have the
 * same.  A status of 201 becomes 202 for a pending charge and 402 for a
 * decline.
 */

ngx_int_t
ngx_http_carrierpay_sandbox_charge_reply(ngx_http_request_t *r,
    ngx_uint_t status, ngx_http_carrierpay_sandbox_charge_t *charge,
    ngx_msec_t delay)
{
    u_char     *p, *last;
    size_t      len;
    ngx_str_t   json;

    len = sizeof("{\"reference\":\"\",\"status\":\"declined\",\"code\":\"\","
                 "\"operator_reference\":\"sbx_\"}")
          + 2 * NGX_HTTP_CARRIERPAY_SANDBOX_REFERENCE_MAX;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    json.data = p;
    last = p + len;

    if (charge->answered > ngx_carrierpay_now()) {
        if (status == NGX_HTTP_CREATED) {
            status = NGX_HTTP_ACCEPTED;
        }

        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"pending\"}", &charge->reference);

    } else if (charge->decline) {
        if (status == NGX_HTTP_CREATED) {
            status = NGX_HTTP_CARRIERPAY_SANDBOX_PAYMENT_REQUIRED;
        }

        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"declined\",\"code\":\"%s\"}", &charge->reference,
                   ngx_http_carrierpay_sandbox_decline_name(charge->decline));

    } else {
        p = ngx_slprintf(p, last, "{\"reference\":\"%V\",\"status\":"
                         "\"%s\",\"operator_reference\":"
                         "\"sbx_%08xD%08xD\"}", &charge->reference,
                       ngx_http_carrierpay_sandbox_event_name(charge->event),
                         ngx_murmur_hash2(charge->reference.data,
                                          charge->reference.len),
                         ngx_crc32_long(charge->reference.data,
                                        charge->reference.len));
    }

    json.len = p - json.data;

    return delay ? ngx_http_carrierpay_sandbox_late(r, status, &json, delay)
                 : ngx_http_carrierpay_reply_json(r, status, &json);
}


/* A reference becomes a word of the log. */

const char *
ngx_http_carrierpay_sandbox_reference(ngx_str_t *value)
{
    u_char  c;
    size_t  i;

    for (i = 0; i < value->len; i++) {
        c = value->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
        {
            return "must have letters, digits, \"-\", \"_\" and \".\" only";
        }
    }

    return NULL;
}


const char *
ngx_http_carrierpay_sandbox_currency(ngx_str_t *value)
{
    if (ngx_carrierpay_currency_find(value->data, value->len) == NULL) {
        return "must be an ISO 4217 code in capital letters";
    }

    return NULL;
}
