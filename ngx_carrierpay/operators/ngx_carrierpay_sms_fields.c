
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_fields.h"
#include "ngx_carrierpay_sms_json.h"
#include "ngx_carrierpay_sms_query.h"


static ngx_int_t ngx_carrierpay_sms_fields_open(
    ngx_carrierpay_sms_fields_t *fields);
static ngx_int_t ngx_carrierpay_sms_fields_list(
    ngx_carrierpay_sms_fields_t *fields, const ngx_str_t *each,
    ngx_array_t *events, ngx_carrierpay_sms_fields_pt read);
static ngx_int_t ngx_carrierpay_sms_fields_find(
    ngx_carrierpay_sms_fields_t *fields, const ngx_str_t *name,
    ngx_str_t *value, ngx_uint_t *bytes);


ngx_int_t
ngx_carrierpay_sms_fields_each(ngx_carrierpay_sms_call_t *call,
    const ngx_str_t *each, ngx_array_t *events,
    ngx_carrierpay_sms_fields_pt read)
{
    ngx_int_t                    rc;
    ngx_carrierpay_sms_fields_t  fields;

    ngx_memzero(&fields, sizeof(ngx_carrierpay_sms_fields_t));

    fields.call = call;

    rc = ngx_carrierpay_sms_fields_open(&fields);

    if (rc == NGX_OK) {
        rc = (fields.json && each->len)
             ? ngx_carrierpay_sms_fields_list(&fields, each, events, read)
             : read(&fields, events);
    }

    json_decref(fields.json);

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_fields_open(ngx_carrierpay_sms_fields_t *fields)
{
    ngx_int_t                   rc;
    ngx_carrierpay_sms_call_t  *call;

    call = fields->call;

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

    rc = ngx_carrierpay_sms_json_read(call->pool, &call->body, &fields->json);

    fields->event = fields->json;

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_fields_list(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *each, ngx_array_t *events,
    ngx_carrierpay_sms_fields_pt read)
{
    size_t      i;
    json_t     *list;
    ngx_int_t   rc, result;

    list = fields->json;

    if (each->len != 1 || each->data[0] != '.') {
        list = ngx_carrierpay_sms_json_path(list, each);
    }

    if (json_is_object(list)) {
        fields->event = list;
        return read(fields, events);
    }

    if (!json_is_array(list)) {
        return NGX_DECLINED;
    }

    result = NGX_OK;

    for (i = 0; i < json_array_size(list); i++) {
        fields->event = json_array_get(list, i);
        rc = read(fields, events);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc != NGX_OK) {
            result = rc;
        }
    }

    return result;
}


ngx_int_t
ngx_carrierpay_sms_fields_optional(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t   rc;
    ngx_uint_t  bytes;

    rc = ngx_carrierpay_sms_fields_bytes(fields, name, value, &bytes);

    if (rc == NGX_OK && bytes) {
        ngx_carrierpay_sms_query_blank(value);
    }

    return rc;
}


ngx_int_t
ngx_carrierpay_sms_fields_required(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = ngx_carrierpay_sms_fields_optional(fields, name, value);

    return (rc == NGX_OK && value->len == 0) ? NGX_DECLINED : rc;
}


ngx_int_t
ngx_carrierpay_sms_fields_bytes(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value, ngx_uint_t *bytes)
{
    ngx_int_t  rc;

    *bytes = 0;

    rc = name->len ? ngx_carrierpay_sms_fields_find(fields, name, value, bytes)
                   : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        ngx_str_set(value, "");
        return NGX_OK;
    }

    return rc == NGX_ABORT ? NGX_DECLINED : rc;
}


/*
 * NGX_DECLINED: the field is not there; NGX_ABORT: it is there and cannot be
 * read.
 */

static ngx_int_t
ngx_carrierpay_sms_fields_find(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value, ngx_uint_t *bytes)
{
    json_t                     *json;
    ngx_int_t                   rc;
    ngx_carrierpay_sms_call_t  *call;

    call = fields->call;
    rc = NGX_DECLINED;

    if (fields->event) {
        json = ngx_carrierpay_sms_json_path(fields->event, name);

        if (json && !json_is_null(json)) {
            rc = ngx_carrierpay_sms_json_text(call->pool, json, value);
            return rc == NGX_DECLINED ? NGX_ABORT : rc;
        }

    } else if (fields->form) {
        rc = ngx_carrierpay_sms_query_bytes(call->pool, &call->body, name,
                                            value);
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_carrierpay_sms_query_bytes(call->pool, &call->args, name,
                                            value);
    }

    *bytes = 1;

    return rc;
}
