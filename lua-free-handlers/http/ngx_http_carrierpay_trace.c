
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_trace.h"


static ngx_int_t ngx_http_carrierpay_trace_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


ngx_int_t
ngx_http_carrierpay_trace_add_variable(ngx_conf_t *cf)
{
    ngx_str_t             name = ngx_string("carrierpay_trace_id");
    ngx_http_variable_t  *var;

    var = ngx_http_add_variable(cf, &name, 0);
    if (var == NULL) {
        return NGX_ERROR;
    }

    var->get_handler = ngx_http_carrierpay_trace_variable;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_trace_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_carrierpay_trace_t  *trace;

    trace = ngx_http_carrierpay_trace(r);

    if (trace == NULL) {
        return NGX_ERROR;
    }

    if (!trace->started) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = trace->id;
    v->len = sizeof(trace->id);
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


ngx_carrierpay_trace_t *
ngx_http_carrierpay_trace(ngx_http_request_t *r)
{
    ngx_str_t                      text;
    ngx_carrierpay_trace_t        *trace;
    ngx_http_carrierpay_ctx_t     *ctx;
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_egress_of(r);

    if (call) {
        return &call->trace;
    }

    ctx = ngx_http_carrierpay_ctx_get(r->main);
    if (ctx == NULL) {
        return NULL;
    }

    trace = &ctx->trace;

    if (trace->started) {
        return trace;
    }

    if (ngx_http_carrierpay_request_header(r->main, "traceparent", &text)
        != NGX_OK
        || ngx_carrierpay_trace_parse(trace, &text) != NGX_OK)
    {
        (void) ngx_carrierpay_trace_start(trace);
    }

    return trace;
}
