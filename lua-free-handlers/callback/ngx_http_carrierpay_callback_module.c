
/*
 * The calls of SMS gateways: a location with carrierpay_callback has, for each
 * provider,
 *
 *      {name}/dlr      delivery reports
 *      {name}/mo       messages that came from phones
 *
 * by GET or POST, as the gateway has it.
 *
 * Gateways may put number and text into the query, so no log and no variable
 * shows it (ngx_http_carrierpay_hide.h).
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_callback_events.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_route.h"


typedef ngx_int_t (*ngx_http_carrierpay_callback_events_pt)(
    ngx_http_request_t *r, ngx_carrierpay_sms_call_t *call);


static ngx_int_t ngx_http_carrierpay_callback_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_callback_error(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_callback_dlr(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_callback_mo(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_callback_call(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_callback_events_pt events);
static ngx_int_t ngx_http_carrierpay_callback_header(
    ngx_carrierpay_sms_call_t *call, const char *name, ngx_str_t *value);


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
    ngx_str_t  path;

    if (ngx_http_carrierpay_ctx_get(r) == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

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
                                     ngx_http_carrierpay_callback_events_dlr);
}


static ngx_int_t
ngx_http_carrierpay_callback_mo(ngx_http_request_t *r, ngx_str_t *body)
{
    return ngx_http_carrierpay_callback_call(r, body,
                                      ngx_http_carrierpay_callback_events_mo);
}


static ngx_int_t
ngx_http_carrierpay_callback_call(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_callback_events_pt events)
{
    ngx_carrierpay_sms_call_t   call;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    ngx_memzero(&call, sizeof(ngx_carrierpay_sms_call_t));

    call.provider = ngx_carrierpay_sms_find(&ngx_http_carrierpay_conf(r)->sms,
                                            &ctx->id);

    if (call.provider == NULL) {
        return ngx_http_carrierpay_callback_error(r, NGX_HTTP_NOT_FOUND);
    }

    call.pool = r->pool;
    call.args = ctx->args;
    call.body = *body;
    call.header = ngx_http_carrierpay_callback_header;
    call.data = r;

    if (r->headers_in.content_type) {
        call.type = r->headers_in.content_type->value;
    }

    return events(r, &call);
}


static ngx_int_t
ngx_http_carrierpay_callback_header(ngx_carrierpay_sms_call_t *call,
    const char *name, ngx_str_t *value)
{
    return ngx_http_carrierpay_request_header(call->data, name, value)
           == NGX_OK
           ? NGX_OK : NGX_DECLINED;
}
