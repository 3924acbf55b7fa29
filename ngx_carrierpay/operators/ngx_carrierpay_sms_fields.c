
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_fields.h"
#include "ngx_carrierpay_sms_json.h"
#include "ngx_carrierpay_sms_query.h"


static ngx_int_t ngx_carrierpay_sms_fields_find(
    ngx_carrierpay_sms_fields_t *fields, const ngx_str_t *name,
    ngx_str_t *value);


ngx_int_t
ngx_carrierpay_sms_fields_open(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_fields_t *fields)
{
    fields->call = call;
    fields->json = NULL;
    fields->form = 0;

    if (call->body.len == 0) {
        return NGX_OK;
    }

    if (ngx_carrierpay_sms_query_is(&call->type,
                                    "application/x-www-form-urlencoded"))
    {
        fields->form = 1;
        return NGX_OK;
    }

    if (!ngx_carrierpay_sms_query_is(&call->type, "application/json")) {
        return NGX_DECLINED;
    }

    fields->json = json_loadb((char *) call->body.data, call->body.len,
                              JSON_REJECT_DUPLICATES, NULL);

    return fields->json ? NGX_OK : NGX_DECLINED;
}


void
ngx_carrierpay_sms_fields_close(ngx_carrierpay_sms_fields_t *fields)
{
    json_decref(fields->json);
}


ngx_int_t
ngx_carrierpay_sms_fields_optional(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = name->len ? ngx_carrierpay_sms_fields_find(fields, name, value)
                   : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        ngx_str_null(value);
        return NGX_OK;
    }

    return rc == NGX_ABORT ? NGX_DECLINED : rc;
}


ngx_int_t
ngx_carrierpay_sms_fields_required(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = ngx_carrierpay_sms_fields_optional(fields, name, value);

    return (rc == NGX_OK && value->len == 0) ? NGX_DECLINED : rc;
}


/*
 * NGX_DECLINED: the field is not there; NGX_ABORT: it is there and cannot be
 * read.
 */

static ngx_int_t
ngx_carrierpay_sms_fields_find(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value)
{
    json_t                     *json;
    ngx_int_t                   rc;
    ngx_carrierpay_sms_call_t  *call;

    call = fields->call;
    rc = NGX_DECLINED;

    if (fields->json) {
        json = ngx_carrierpay_sms_json_path(fields->json, name);

        if (json && !json_is_null(json)) {
            rc = ngx_carrierpay_sms_json_text(call->pool, json, value);
            return rc == NGX_DECLINED ? NGX_ABORT : rc;
        }

    } else if (fields->form) {
        rc = ngx_carrierpay_sms_query_field(call->pool, &call->body, name,
                                            value);
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, name,
                                            value);
    }

    return rc;
}
