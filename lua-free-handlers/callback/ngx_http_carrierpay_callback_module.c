
/*
 * The calls of SMS gateways: a location with carrierpay_callback has, for each
 * provider,
 *
 *      {name}/dlr      a delivery report
 *      {name}/mo       a message that came from a phone
 *
 * by GET or POST, as the gateway has it.  The answer has an empty body, for a
 * gateway may send what it gets as an SMS: 200 when the call was accepted, or
 * would be of no use a second time; 503 when the gateway is to repeat it.
 *
 * Gateways may put number and text into the query, so no log and no variable
 * shows it (ngx_http_carrierpay_hide.h).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_carrierpay_sms_report.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_flow_wait.h"


#define NGX_HTTP_CARRIERPAY_CALLBACK_TIMEOUT   3000
#define NGX_HTTP_CARRIERPAY_CALLBACK_TEXT_MAX  255


/* It is ctx->data. */

typedef struct {
    ngx_uint_t                 stat;       /* of an accepted call */
} ngx_http_carrierpay_callback_t;


typedef ngx_carrierpay_flow_t *(*ngx_http_carrierpay_callback_pt)(
    ngx_http_request_t *r, ngx_carrierpay_sms_call_t *call, ngx_int_t *rc);


static ngx_int_t ngx_http_carrierpay_callback_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_error(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_callback_dlr(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_callback_mo(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_callback_call(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_callback_pt read,
    ngx_uint_t stat);
static ngx_carrierpay_sms_provider_t *ngx_http_carrierpay_callback_provider(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_header(
    ngx_carrierpay_sms_call_t *call, const char *name, ngx_str_t *value);
static ngx_carrierpay_flow_t *ngx_http_carrierpay_callback_report(
    ngx_http_request_t *r, ngx_carrierpay_sms_call_t *call, ngx_int_t *rc);
static ngx_carrierpay_flow_t *ngx_http_carrierpay_callback_inbound(
    ngx_http_request_t *r, ngx_carrierpay_sms_call_t *call, ngx_int_t *rc);
static ngx_uint_t ngx_http_carrierpay_callback_valid(ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_callback_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_callback_unreadable(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_reply(ngx_http_request_t *r,
    ngx_uint_t status);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_callback_routes[] = {

    { NGX_HTTP_GET, ngx_string("/{id}/dlr"),
      0, ngx_http_carrierpay_callback_dlr, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/dlr"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_callback_dlr, 0 },

    { NGX_HTTP_GET, ngx_string("/{id}/mo"),
      0, ngx_http_carrierpay_callback_mo, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/mo"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_callback_mo, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


static ngx_http_carrierpay_location_t
    ngx_http_carrierpay_callback_location =
{
    ngx_http_carrierpay_callback_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_FOLDER|NGX_HTTP_CARRIERPAY_LOCATION_CALLBACK
    |NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN,
    ngx_http_carrierpay_callback_error
};


static ngx_command_t  ngx_http_carrierpay_callback_commands[] = {

    { ngx_string("carrierpay_callback"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_callback_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_callback_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    NULL,                                          /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    NULL,                                          /* create location conf */
    NULL                                           /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_callback_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_callback_module_ctx,      /* module context */
    ngx_http_carrierpay_callback_commands,         /* module directives */
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
ngx_http_carrierpay_callback_handler(ngx_http_request_t *r)
{
    ngx_str_t                        path;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_t  *callback;

    ctx = ngx_http_carrierpay_ctx_get(r);
    callback = ngx_pcalloc(r->pool, sizeof(ngx_http_carrierpay_callback_t));

    if (ctx == NULL || callback == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->data = callback;

    if (r->method == NGX_HTTP_HEAD) {
        return ngx_http_carrierpay_callback_error(r, NGX_HTTP_NOT_ALLOWED);
    }

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_callback_routes,
                                     &path);
}


static ngx_int_t
ngx_http_carrierpay_callback_error(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_REFUSED);

    return ngx_http_carrierpay_error_problem(r, status);
}


static ngx_int_t
ngx_http_carrierpay_callback_dlr(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_callback_call(r, body,
                                         ngx_http_carrierpay_callback_report,
                                         NGX_CARRIERPAY_STAT_SMS_CALLBACK_DLR);
}


static ngx_int_t
ngx_http_carrierpay_callback_mo(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_callback_call(r, body,
                                          ngx_http_carrierpay_callback_inbound,
                                          NGX_CARRIERPAY_STAT_SMS_CALLBACK_MO);
}


/* `read` parses the call.  When it returns NULL, rc says why. */

static ngx_int_t
ngx_http_carrierpay_callback_call(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_callback_pt read, ngx_uint_t stat)
{
    ngx_int_t                        rc;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_carrierpay_sms_call_t        call;
    ngx_http_carrierpay_callback_t  *callback;

    ctx = ngx_http_carrierpay_ctx(r);

    callback = ctx->data;
    callback->stat = stat;

    ngx_memzero(&call, sizeof(ngx_carrierpay_sms_call_t));

    call.provider = ngx_http_carrierpay_callback_provider(r);

    if (call.provider == NULL) {
        return ngx_http_carrierpay_callback_error(r, NGX_HTTP_NOT_FOUND);
    }

    if (ngx_http_carrierpay_core(r) == NULL) {
        return ngx_http_carrierpay_callback_reply(r,
                                                NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    call.pool = r->pool;
    call.args = ctx->args;
    call.body = *body;
    call.header = ngx_http_carrierpay_callback_header;
    call.data = r;

    if (r->headers_in.content_type) {
        call.type = r->headers_in.content_type->value;
    }

    flow = read(r, &call, &rc);

    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_callback_unreadable(r);
    }

    if (rc == NGX_DONE) {
        ngx_carrierpay_count(stat);
        return ngx_http_carrierpay_callback_reply(r, NGX_HTTP_OK);
    }

    if (rc != NGX_OK || flow == NULL) {
        return ngx_http_carrierpay_callback_reply(r,
                                                NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                         NGX_HTTP_CARRIERPAY_CALLBACK_TIMEOUT,
                                         ngx_http_carrierpay_callback_end);
}


static ngx_carrierpay_sms_provider_t *
ngx_http_carrierpay_callback_provider(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    return ngx_carrierpay_sms_find(&ngx_http_carrierpay_conf(r)->sms,
                                   &ctx->id);
}


static ngx_int_t
ngx_http_carrierpay_callback_header(ngx_carrierpay_sms_call_t *call,
    const char *name, ngx_str_t *value)
{
    return ngx_http_carrierpay_request_header(call->data, name, value)
           == NGX_OK
           ? NGX_OK : NGX_DECLINED;
}


static ngx_carrierpay_flow_t *
ngx_http_carrierpay_callback_report(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call, ngx_int_t *rc)
{
    ngx_carrierpay_sms_report_t  report;

    ngx_memzero(&report, sizeof(ngx_carrierpay_sms_report_t));

    *rc = call->provider->dialect->report(call, &report);

    if (*rc != NGX_OK) {
        return NULL;
    }

    if (!ngx_http_carrierpay_callback_valid(&report.id)
        || !ngx_http_carrierpay_callback_valid(&report.code))
    {
        *rc = NGX_DECLINED;
        return NULL;
    }

    return ngx_carrierpay_sms_report(ngx_http_carrierpay_core(r), &report);
}


static ngx_carrierpay_flow_t *
ngx_http_carrierpay_callback_inbound(ngx_http_request_t *r,
    ngx_carrierpay_sms_call_t *call, ngx_int_t *rc)
{
    ngx_carrierpay_sms_mo_t  mo;

    ngx_memzero(&mo, sizeof(ngx_carrierpay_sms_mo_t));

    *rc = call->provider->dialect->mo(call, &mo);

    if (*rc != NGX_OK) {
        return NULL;
    }

    if (!ngx_http_carrierpay_callback_valid(&mo.id)
        || !ngx_http_carrierpay_callback_valid(&mo.from)
        || !ngx_http_carrierpay_callback_valid(&mo.to))
    {
        *rc = NGX_DECLINED;
        return NULL;
    }

    return ngx_carrierpay_sms_inbound(ngx_http_carrierpay_core(r),
                                      call->provider, &mo);
}


/* The text may be empty.  The database refuses what is not UTF-8. */

static ngx_uint_t
ngx_http_carrierpay_callback_valid(ngx_str_t *text)
{
    return text->len <= NGX_HTTP_CARRIERPAY_CALLBACK_TEXT_MAX
           && ngx_carrierpay_text_utf8_valid(text->data, text->len);
}


static ngx_int_t
ngx_http_carrierpay_callback_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_callback_t  *callback;

    ctx = ngx_http_carrierpay_ctx(r);
    callback = ctx->data;

    switch (flow->result) {

    case NGX_CARRIERPAY_FLOW_OK:
        ngx_carrierpay_count(callback->stat);
        break;

    case NGX_CARRIERPAY_FLOW_NOT_FOUND:
    case NGX_CARRIERPAY_FLOW_REFUSED:
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_REFUSED);
        break;

    default:
        return ngx_http_carrierpay_callback_reply(r,
                                                NGX_HTTP_SERVICE_UNAVAILABLE);
    }

    return ngx_http_carrierpay_callback_reply(r, NGX_HTTP_OK);
}


static ngx_int_t
ngx_http_carrierpay_callback_unreadable(ngx_http_request_t *r)
{
    ngx_carrierpay_count(NGX_CARRIERPAY_STAT_SMS_CALLBACK_REFUSED);

    return ngx_http_carrierpay_reply_error(r, NGX_HTTP_BAD_REQUEST,
                                           "invalid_callback",
                                           "The call is not of the form that"
                                           " is configured for this gateway");
}


static ngx_int_t
ngx_http_carrierpay_callback_reply(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_str_t  empty = ngx_null_string;

    return ngx_http_carrierpay_reply_text(r, status, "text/plain", NULL,
                                          &empty);
}
