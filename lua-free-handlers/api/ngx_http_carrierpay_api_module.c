
/*
 * The merchants' API: directive, routes, authentication.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_money.h"
#include "ngx_http_carrierpay_api.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_flow_wait.h"


/* with a charge's own wait it stays below what a client is promised */
#define NGX_HTTP_CARRIERPAY_API_AUTH_TIMEOUT  800

/* "sk_test_" or "sk_live_" and 43 characters of base64url */
#define NGX_HTTP_CARRIERPAY_API_KEY_PREFIX    (sizeof("sk_test_") - 1)
#define NGX_HTTP_CARRIERPAY_API_KEY_LEN                                       \
    (NGX_HTTP_CARRIERPAY_API_KEY_PREFIX + 43)


typedef struct {
    ngx_str_t                         body;
    ngx_http_carrierpay_endpoint_pt   endpoint;
    ngx_carrierpay_merchant_t         merchant;   /* when it is known */
} ngx_http_carrierpay_api_ctx_t;


static ngx_int_t ngx_http_carrierpay_api_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_api_key(ngx_http_request_t *r,
    ngx_str_t *key);
static ngx_int_t ngx_http_carrierpay_api_authenticate(ngx_http_request_t *r,
    ngx_str_t *key, ngx_str_t *body,
    ngx_http_carrierpay_endpoint_pt endpoint);
static ngx_int_t ngx_http_carrierpay_api_authenticated(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_api_admit(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_endpoint_pt endpoint,
    ngx_carrierpay_merchant_t *merchant);
static ngx_int_t ngx_http_carrierpay_api_admitted(ngx_http_request_t *r,
    ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_api_unauthorized(ngx_http_request_t *r);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_api_routes[] = {

    { NGX_HTTP_POST, ngx_string("/v1/payments"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_payment_create },

    { NGX_HTTP_GET, ngx_string("/v1/payments/{id}"),
      0, ngx_http_carrierpay_api_payment_get },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/pin"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_pin },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/resend"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_resend },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/confirm"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_confirm },

    { NGX_HTTP_POST, ngx_string("/v1/subscribers/{id}/stop"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_stop },

    { NGX_HTTP_POST, ngx_string("/v1/eligibility"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_eligibility },

    { 0, ngx_null_string, 0, NULL }
};


static ngx_http_carrierpay_location_t  ngx_http_carrierpay_api_location = {
    ngx_http_carrierpay_api_handler, 0
};


static ngx_command_t  ngx_http_carrierpay_api_commands[] = {

    { ngx_string("carrierpay_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_api_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_api_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    NULL,                                          /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_location_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_location_merge_loc_conf    /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_api_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_api_module_ctx,           /* module context */
    ngx_http_carrierpay_api_commands,              /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    NULL,                                          /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_api_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_api_routes,
                                     &r->uri,
                                     ngx_http_carrierpay_route_problem);
}


ngx_int_t
ngx_http_carrierpay_api_enter(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_endpoint_pt endpoint)
{
    ngx_int_t                   rc;
    ngx_str_t                   key;
    ngx_carrierpay_core_t      *core;
    ngx_carrierpay_merchant_t   merchant;

    if (ngx_http_carrierpay_api_key(r, &key) != NGX_OK) {
        return ngx_http_carrierpay_api_unauthorized(r);
    }

    core = ngx_http_carrierpay_core(r);

    if (core == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    rc = ngx_carrierpay_merchant_cached(core, &key, &merchant);

    if (rc == NGX_OK) {
        return ngx_http_carrierpay_api_admit(r, body, endpoint, &merchant);
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_api_unauthorized(r);
    }

    return ngx_http_carrierpay_api_authenticate(r, &key, body, endpoint);
}


/* what cannot be a key is not worth a look at the database */

static ngx_int_t
ngx_http_carrierpay_api_key(ngx_http_request_t *r, ngx_str_t *key)
{
    u_char   c;
    size_t   i;

    if (ngx_http_carrierpay_request_header(r, "authorization", key) != NGX_OK
        || key->len <= sizeof("Bearer ") - 1
        || ngx_strncasecmp(key->data, (u_char *) "Bearer ",
                           sizeof("Bearer ") - 1)
           != 0)
    {
        return NGX_DECLINED;
    }

    key->data += sizeof("Bearer ") - 1;
    key->len -= sizeof("Bearer ") - 1;

    if (key->len != NGX_HTTP_CARRIERPAY_API_KEY_LEN
        || (ngx_strncmp(key->data, "sk_test_",
                        NGX_HTTP_CARRIERPAY_API_KEY_PREFIX) != 0
            && ngx_strncmp(key->data, "sk_live_",
                           NGX_HTTP_CARRIERPAY_API_KEY_PREFIX) != 0))
    {
        return NGX_DECLINED;
    }

    for (i = NGX_HTTP_CARRIERPAY_API_KEY_PREFIX; i < key->len; i++) {
        c = key->data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '-' || c == '_'))
        {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_api_authenticate(ngx_http_request_t *r, ngx_str_t *key,
    ngx_str_t *body, ngx_http_carrierpay_endpoint_pt endpoint)
{
    ngx_carrierpay_flow_t          *flow;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_api_ctx_t  *actx;

    ctx = ngx_http_carrierpay_ctx(r);

    actx = ngx_palloc(r->pool, sizeof(ngx_http_carrierpay_api_ctx_t));
    if (actx == NULL) {
        return NGX_ERROR;
    }

    actx->body = *body;
    actx->endpoint = endpoint;
    ctx->data = actx;

    flow = ngx_carrierpay_merchant_authenticate(ngx_http_carrierpay_core(r),
                                                key);
    if (flow == NULL) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                        NGX_HTTP_CARRIERPAY_API_AUTH_TIMEOUT,
                                        ngx_http_carrierpay_api_authenticated);
}


static ngx_int_t
ngx_http_carrierpay_api_authenticated(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_merchant_t         merchant;
    ngx_http_carrierpay_ctx_t        *ctx;
    ngx_http_carrierpay_api_ctx_t    *actx;
    ngx_carrierpay_authentication_t  *auth;

    auth = flow->data;

    if (flow->late || flow->rc == NGX_ERROR || auth->rc == NGX_ERROR) {
        return ngx_http_carrierpay_api_unavailable(r);
    }

    if (auth->rc != NGX_OK) {
        return ngx_http_carrierpay_api_unauthorized(r);
    }

    merchant = auth->merchant;

    ctx = ngx_http_carrierpay_ctx(r);
    actx = ctx->data;

    return ngx_http_carrierpay_api_admit(r, &actx->body, actx->endpoint,
                                         &merchant);
}


/* the merchant is known: his limits, then the endpoint */

static ngx_int_t
ngx_http_carrierpay_api_admit(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_endpoint_pt endpoint,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_int_t                       rc;
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_api_ctx_t  *actx;

    if (!ngx_http_carrierpay_limit_wants(r,
                                         NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT))
    {
        return endpoint(r, body, merchant);
    }

    actx = ngx_palloc(r->pool, sizeof(ngx_http_carrierpay_api_ctx_t));
    if (actx == NULL) {
        return NGX_ERROR;
    }

    actx->body = *body;
    actx->endpoint = endpoint;
    actx->merchant = *merchant;

    ctx = ngx_http_carrierpay_ctx(r);
    ctx->data = actx;

    rc = ngx_http_carrierpay_limit_late(r, NGX_HTTP_CARRIERPAY_LIMIT_MERCHANT,
                                        (u_char *) &merchant->id,
                                        sizeof(merchant->id),
                                        ngx_http_carrierpay_api_admitted);
    if (rc != NGX_DECLINED) {
        return rc;
    }

    return endpoint(r, body, merchant);
}


static ngx_int_t
ngx_http_carrierpay_api_admitted(ngx_http_request_t *r, ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t      *ctx;
    ngx_http_carrierpay_api_ctx_t  *actx;

    ctx = ngx_http_carrierpay_ctx(r);
    actx = ctx->data;

    return actx->endpoint(r, &actx->body, &actx->merchant);
}


/* one answer for no key and for a wrong one */

static ngx_int_t
ngx_http_carrierpay_api_unauthorized(ngx_http_request_t *r)
{
    ngx_str_t  challenge = ngx_string("Bearer realm=\"carrierpay\"");

    if (ngx_http_carrierpay_reply_header(r, "WWW-Authenticate", &challenge)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_UNAUTHORIZED,
                                           "unauthorized",
                                           "A valid API key is required"
                                           " (Authorization: Bearer)");
}


ngx_int_t
ngx_http_carrierpay_api_unavailable(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                           "service_unavailable",
                                           "The service cannot answer now;"
                                           " try again with the same"
                                           " Idempotency-Key");
}


ngx_int_t
ngx_http_carrierpay_api_type(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem)
{
    size_t     len;
    ngx_str_t  type;

    len = sizeof("application/json") - 1;

    if (ngx_http_carrierpay_request_header(r, "content-type", &type) == NGX_OK
        && type.len >= len
        && ngx_strncasecmp(type.data, (u_char *) "application/json", len) == 0
        && (type.len == len || type.data[len] == ';' || type.data[len] == ' '))
    {
        return NGX_OK;
    }

    (void) ngx_http_carrierpay_json_refuse(problem, "unsupported_media_type",
                                           NULL, "The body must be"
                                           " application/json");
    problem->status = NGX_HTTP_UNSUPPORTED_MEDIA_TYPE;

    return NGX_DECLINED;
}


const char *
ngx_http_carrierpay_api_currency(ngx_str_t *value)
{
    if (ngx_carrierpay_currency_find(value->data, value->len) == NULL) {
        return "must be an ISO 4217 code in capital letters";
    }

    return NULL;
}
