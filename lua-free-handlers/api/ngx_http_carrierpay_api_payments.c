
/*
 * POST /v1/payments and GET /v1/payments/{id}.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_url.h"
#include "ngx_carrierpay_checkout.h"
#include "ngx_http_carrierpay_api.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_variables.h"
#include "ngx_http_carrierpay_flow_wait.h"


#define NGX_HTTP_CARRIERPAY_PAYMENTS_PATH           "/v1/payments/"

/* a slow operator is waited for; a look is answered soon or refused */
#define NGX_HTTP_CARRIERPAY_PAYMENT_CREATE_TIMEOUT  30000
#define NGX_HTTP_CARRIERPAY_PAYMENT_GET_TIMEOUT     1500

#define NGX_HTTP_CARRIERPAY_IDEMPOTENCY_MAX         255
#define NGX_HTTP_CARRIERPAY_METADATA_MEMBERS        20


/* the body, and what is made of it */

typedef struct {
    int64_t                    amount;
    ngx_str_t                  currency;
    ngx_str_t                  description;
    ngx_str_t                  reference;
    ngx_str_t                  return_url;
    json_t                    *metadata;
    ngx_uint_t                 confirm;
    ngx_str_t                  subscriber;
    ngx_str_t                  locale;
    ngx_str_t                  receipt_email;

    ngx_carrierpay_payment_t   payment;
} ngx_http_carrierpay_order_t;


typedef struct {
    ngx_str_t                  reason;
    const char                *param;
    const char                *detail;
} ngx_http_carrierpay_refusal_t;


static ngx_int_t ngx_http_carrierpay_payment_create(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_payment_key(ngx_http_request_t *r,
    ngx_str_t *key, ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_payment_order(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_payment_metadata(ngx_http_request_t *r,
    ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_payment_subscriber(
    ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_payment_start(ngx_http_request_t *r,
    ngx_str_t *body, ngx_str_t *key, ngx_carrierpay_merchant_t *merchant,
    ngx_carrierpay_payment_t *payment);
static ngx_int_t ngx_http_carrierpay_payment_created(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_payment_location(ngx_http_request_t *r,
    int64_t id);

static ngx_int_t ngx_http_carrierpay_payment_get(ngx_http_request_t *r,
    ngx_str_t *body, ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_payment_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);

static const char *ngx_http_carrierpay_payment_url(ngx_str_t *value);
static const char *ngx_http_carrierpay_payment_locale(ngx_str_t *value);
static const char *ngx_http_carrierpay_payment_email(ngx_str_t *value);


#define ngx_http_carrierpay_order(field)                                      \
    offsetof(ngx_http_carrierpay_order_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_order_fields[] = {

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_order(amount), "invalid_amount", NULL },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_order(currency), "invalid_currency",
      ngx_http_carrierpay_api_currency },

    { ngx_string("description"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_CARRIERPAY_DESCRIPTION_MAX,
      ngx_http_carrierpay_order(description), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("reference"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_REFERENCE_MAX,
      ngx_http_carrierpay_order(reference), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("return_url"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_RETURN_URL_MAX,
      ngx_http_carrierpay_order(return_url), "invalid_parameter",
      ngx_http_carrierpay_payment_url },

    { ngx_string("metadata"), NGX_HTTP_CARRIERPAY_JSON_OBJECT, 0,
      0, NGX_HTTP_CARRIERPAY_METADATA_MEMBERS,
      ngx_http_carrierpay_order(metadata), "invalid_parameter", NULL },

    { ngx_string("confirm"), NGX_HTTP_CARRIERPAY_JSON_BOOLEAN, 0,
      0, 0,
      ngx_http_carrierpay_order(confirm), "invalid_parameter", NULL },

    { ngx_string("subscriber"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      NGX_CARRIERPAY_ID_LEN, NGX_CARRIERPAY_ID_LEN,
      ngx_http_carrierpay_order(subscriber), "invalid_parameter", NULL },

    { ngx_string("locale"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      2, 2,
      ngx_http_carrierpay_order(locale), "invalid_parameter",
      ngx_http_carrierpay_payment_locale },

    { ngx_string("receipt_email"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      3, 254,
      ngx_http_carrierpay_order(receipt_email), "invalid_parameter",
      ngx_http_carrierpay_payment_email },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


/* why the ledger does not take a payment; the last row is for all others */

static ngx_http_carrierpay_refusal_t  ngx_http_carrierpay_refusals[] = {

    { ngx_string("subscriber_unknown"), "subscriber",
      "is nobody who has consented to pay you" },

    { ngx_string("amount_not_allowed"), "amount",
      "is not allowed by the contract" },

    { ngx_string("currency_mismatch"), "currency",
      "is not what the subscriber's operator charges in" },

    { ngx_string("no_contract"), "currency",
      "is not covered by a contract in force" },

    { ngx_null_string, "",
      "The payment cannot be taken" }
};


ngx_int_t
ngx_http_carrierpay_api_payment_create(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_payment_create);
}


static ngx_int_t
ngx_http_carrierpay_payment_create(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_int_t                       rc;
    ngx_str_t                       key;
    ngx_http_carrierpay_order_t     order;
    ngx_http_carrierpay_problem_t   problem;

    ngx_memzero(&order, sizeof(ngx_http_carrierpay_order_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_api_type(r, &problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_key(r, &key, &problem);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_order(r, body, &order, &problem);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_payment_start(r, body, &key, merchant,
                                             &order.payment);
}


/* bare or quoted, which is the same key */

static ngx_int_t
ngx_http_carrierpay_payment_key(ngx_http_request_t *r, ngx_str_t *key,
    ngx_http_carrierpay_problem_t *problem)
{
    size_t     i;
    ngx_int_t  rc;
    ngx_str_t  name = ngx_string("Idempotency-Key");

    rc = ngx_http_carrierpay_request_header(r, "idempotency-key", key);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_json_refuse(problem,
                                               "idempotency_key_missing",
                                               &name,
                                               "is required");
    }

    if (rc == NGX_OK && key->len >= 2 && key->data[0] == '"'
        && key->data[key->len - 1] == '"')
    {
        key->data++;
        key->len -= 2;
    }

    if (rc != NGX_OK || key->len == 0
        || key->len > NGX_HTTP_CARRIERPAY_IDEMPOTENCY_MAX)
    {
        goto invalid;
    }

    for (i = 0; i < key->len; i++) {
        if (key->data[i] < 0x20 || key->data[i] > 0x7e || key->data[i] == '"')
        {
            goto invalid;
        }
    }

    return NGX_OK;

invalid:

    return ngx_http_carrierpay_json_refuse(problem, "idempotency_key_invalid",
                                           &name, "must have 1 to 255"
                                           " printable ASCII characters and"
                                           " be given once");
}


static ngx_int_t
ngx_http_carrierpay_payment_order(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t                  rc;
    ngx_carrierpay_payment_t  *p;

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_order_fields,
                                       order, problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_metadata(r, order, problem);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_subscriber(order, problem);
    }

    p = &order->payment;

    p->amount = order->amount;
    p->currency = order->currency;
    p->description = order->description;
    p->reference = order->reference;
    p->return_url = order->return_url;
    p->locale = order->locale;
    p->email = order->receipt_email;

    return rc;
}


/* kept as the compact JSON of an object of strings */

static ngx_int_t
ngx_http_carrierpay_payment_metadata(ngx_http_request_t *r,
    ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem)
{
    size_t       len;
    json_t      *value;
    ngx_str_t    name = ngx_string("metadata");
    const char  *key;
    ngx_str_t   *text;

    if (order->metadata == NULL) {
        return NGX_OK;
    }

    json_object_foreach(order->metadata, key, value) {
        if (!json_is_string(value)
            || ngx_strlen(json_string_value(value))
               != json_string_length(value))
        {
            return ngx_http_carrierpay_json_refuse(problem,
                                                   "invalid_parameter", &name,
                                                   "must have strings"
                                                   " as values");
        }
    }

    len = json_dumpb(order->metadata, NULL, 0, JSON_COMPACT);

    if (len == 0 || len > NGX_CARRIERPAY_METADATA_MAX) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name, "must have at most"
                                               " 4096 bytes of JSON");
    }

    text = &order->payment.metadata;

    text->len = len;
    text->data = ngx_pnalloc(r->pool, len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    (void) json_dumpb(order->metadata, (char *) text->data, len, JSON_COMPACT);

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_payment_subscriber(ngx_http_carrierpay_order_t *order,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t  name = ngx_string("subscriber");

    if (order->confirm && order->subscriber.data == NULL) {
        return ngx_http_carrierpay_json_refuse(problem, "missing_parameter",
                                               &name, "is required with"
                                               " \"confirm\": true");
    }

    if (order->subscriber.data == NULL) {
        return NGX_OK;
    }

    if (!order->confirm) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name, "goes with"
                                               " \"confirm\": true only");
    }

    if (ngx_carrierpay_id_parse(&order->subscriber,
                                NGX_CARRIERPAY_ID_SUBSCRIBER,
                                &order->payment.pseudonym_id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name,
                                               "is not a subscriber's id");
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_payment_start(ngx_http_request_t *r, ngx_str_t *body,
    ngx_str_t *key, ngx_carrierpay_merchant_t *merchant,
    ngx_carrierpay_payment_t *payment)
{
    u_char                   hmac[NGX_CARRIERPAY_SHA256_LEN];
    u_char                   hash[NGX_CARRIERPAY_SHA256_LEN];
    u_char                   scope[NGX_INT32_LEN + sizeof(":1:") - 1];
    ngx_str_t                pieces[2];
    const ngx_str_t         *secret;
    ngx_carrierpay_core_t   *core;
    ngx_carrierpay_flow_t   *flow;

    core = ngx_http_carrierpay_core(r);

    /* of one key: another merchant's and another mode's are others */

    pieces[0].data = scope;
    pieces[0].len = ngx_sprintf(scope, "%D:%d:", merchant->id,
                                merchant->live ? 1 : 0)
                    - scope;
    pieces[1] = *key;

    secret = ngx_carrierpay_keyring_key(&core->conf->keyring,
                                        NGX_CARRIERPAY_KEY_SESSION);

    ngx_carrierpay_hmac_sha256_pieces(hmac, secret, pieces, 2);
    ngx_carrierpay_sha256(hash, body->data, body->len);

    flow = ngx_carrierpay_charge_create(core, merchant, payment, hmac, hash);

    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                  NGX_HTTP_CARRIERPAY_PAYMENT_CREATE_TIMEOUT,
                                  ngx_http_carrierpay_payment_created);
}


static ngx_int_t
ngx_http_carrierpay_payment_created(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                 replayed = ngx_string("true");
    ngx_carrierpay_charge_t  *charge;

    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    if (flow->late) {
        return ngx_http_carrierpay_api_payment_late(r, charge->payment.id);
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_REPLAYED:
        if (ngx_http_carrierpay_reply_header(r, "Idempotent-Replayed",
                                             &replayed)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        /* fall through */

    case NGX_CARRIERPAY_CHARGE_CREATED:
    case NGX_CARRIERPAY_CHARGE_COMPLETED:
        if (ngx_http_carrierpay_payment_location(r, charge->payment.id)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_CREATED,
                                              &charge->body);

    case NGX_CARRIERPAY_CHARGE_IN_FLIGHT:
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_CONFLICT,
                                               "idempotency_in_flight",
                                               "A request with this key is"
                                               " still being worked on");

    case NGX_CARRIERPAY_CHARGE_MISMATCH:
        return ngx_http_carrierpay_reply_error(r,
                                           NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
                                           "idempotency_mismatch",
                                           "The key was used with another"
                                           " body");

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_api_payment_refused(r, &charge->reason);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


ngx_int_t
ngx_http_carrierpay_api_payment_late(ngx_http_request_t *r, int64_t id)
{
    if (id && ngx_http_carrierpay_payment_location(r, id) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_GATEWAY_TIME_OUT,
                                           "still_processing",
                                           "The payment goes on; ask for it,"
                                           " or wait for the webhook");
}


ngx_int_t
ngx_http_carrierpay_api_payment_refused(ngx_http_request_t *r,
    ngx_str_t *reason)
{
    u_char                         *code;
    ngx_http_carrierpay_problem_t   problem;
    ngx_http_carrierpay_refusal_t  *refusal;

    for (refusal = ngx_http_carrierpay_refusals; refusal->reason.len;
         refusal++)
    {
        if (refusal->reason.len == reason->len
            && ngx_memcmp(refusal->reason.data, reason->data, reason->len)
               == 0)
        {
            break;
        }
    }

    code = ngx_pnalloc(r->pool, reason->len + 1);
    if (code == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(code, reason->data, reason->len + 1);

    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    problem.status = NGX_HTTP_CARRIERPAY_UNPROCESSABLE;
    problem.code = (char *) code;
    problem.detail.data = (u_char *) refusal->detail;
    problem.detail.len = ngx_strlen(refusal->detail);
    problem.param.data = (u_char *) refusal->param;
    problem.param.len = ngx_strlen(refusal->param);

    return ngx_http_carrierpay_reply_problem(r, &problem);
}


static ngx_int_t
ngx_http_carrierpay_payment_location(ngx_http_request_t *r, int64_t id)
{
    u_char     *p;
    ngx_str_t   path;

    path.len = sizeof(NGX_HTTP_CARRIERPAY_PAYMENTS_PATH) - 1
               + NGX_CARRIERPAY_ID_LEN;
    path.data = ngx_pnalloc(r->pool, path.len);
    if (path.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(path.data, NGX_HTTP_CARRIERPAY_PAYMENTS_PATH,
                   sizeof(NGX_HTTP_CARRIERPAY_PAYMENTS_PATH) - 1);
    (void) ngx_carrierpay_id_print(p, NGX_CARRIERPAY_ID_PAYMENT, id);

    return ngx_http_carrierpay_reply_header(r, "Location", &path);
}


ngx_int_t
ngx_http_carrierpay_api_payment_get(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_api_enter(r, body,
                                         ngx_http_carrierpay_payment_get);
}


static ngx_int_t
ngx_http_carrierpay_payment_get(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_merchant_t *merchant)
{
    int64_t                     id;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    if (ngx_carrierpay_id_parse(&ctx->id, NGX_CARRIERPAY_ID_PAYMENT, &id)
        != NGX_OK)
    {
        return ngx_http_carrierpay_api_not_found(r);
    }

    return ngx_http_carrierpay_api_payment_show(r, merchant, id);
}


ngx_int_t
ngx_http_carrierpay_api_payment_show(ngx_http_request_t *r,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    ngx_carrierpay_flow_t  *flow;

    flow = ngx_carrierpay_checkout_get(ngx_http_carrierpay_core(r), merchant,
                                       id);

    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                       NGX_HTTP_CARRIERPAY_PAYMENT_GET_TIMEOUT,
                                       ngx_http_carrierpay_payment_found);
}


static ngx_int_t
ngx_http_carrierpay_payment_found(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    switch (checkout->result) {

    case NGX_CARRIERPAY_CHARGE_OK:
        if (ngx_http_carrierpay_variables_payment(r, &checkout->payment)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &checkout->body);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_api_not_found(r);

    default:
        return ngx_http_carrierpay_api_unavailable(r);
    }
}


ngx_int_t
ngx_http_carrierpay_api_not_found(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "You have no payment with this"
                                           " id");
}


static const char *
ngx_http_carrierpay_payment_url(ngx_str_t *value)
{
    ngx_carrierpay_url_t  url;

    return ngx_carrierpay_url_parse(value, &url);
}


static const char *
ngx_http_carrierpay_payment_locale(ngx_str_t *value)
{
    return ngx_carrierpay_language_find(value) ? NULL
                                               : "is no language of our pages";
}


static const char *
ngx_http_carrierpay_payment_email(ngx_str_t *value)
{
    return ngx_carrierpay_email_valid(value) ? NULL
                                             : "must be an e-mail address";
}
