
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_fields.h"
#include "ngx_carrierpay_sms_http_callback.h"
#include "ngx_carrierpay_sms_http_conf.h"
#include "ngx_carrierpay_sms_query.h"


#define NGX_CARRIERPAY_SMS_HTTP_CALLBACK_CODE_MAX  64


static ngx_int_t ngx_carrierpay_sms_http_callback_report_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_carrierpay_sms_report_t *report);
static ngx_int_t ngx_carrierpay_sms_http_callback_mo_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_carrierpay_sms_mo_t *mo);


ngx_int_t
ngx_carrierpay_sms_http_callback_report(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_report_t *report)
{
    ngx_int_t                    rc;
    ngx_carrierpay_sms_fields_t  fields;

    rc = ngx_carrierpay_sms_fields_open(call, &fields);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_callback_report_read(&fields, report);

    ngx_carrierpay_sms_fields_close(&fields);

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_http_callback_report_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_carrierpay_sms_report_t *report)
{
    ngx_int_t                         rc;
    ngx_str_t                         status;
    ngx_uint_t                        i;
    ngx_carrierpay_sms_http_conf_t   *conf;
    ngx_carrierpay_sms_http_state_t  *state;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->report_id,
                                            &report->id);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->report_status,
                                            &status);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->report_code,
                                            &report->code);
    if (rc != NGX_OK) {
        return rc;
    }

    report->code.len = ngx_min(report->code.len,
                               NGX_CARRIERPAY_SMS_HTTP_CALLBACK_CODE_MAX);

    for (i = 0; i < report->code.len; i++) {
        if (report->code.data[i] < ' ' || report->code.data[i] > 0x7e) {
            report->code.data[i] = ' ';
        }
    }

    state = conf->states.elts;

    for (i = 0; i < conf->states.nelts; i++) {
        if (state[i].word.len == status.len
            && ngx_strncasecmp(state[i].word.data, status.data, status.len)
               == 0)
        {
            report->state = state[i].state;
            return NGX_OK;
        }
    }

    return NGX_DONE;
}


ngx_int_t
ngx_carrierpay_sms_http_callback_mo(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t                    rc;
    ngx_carrierpay_sms_fields_t  fields;

    rc = ngx_carrierpay_sms_fields_open(call, &fields);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_callback_mo_read(&fields, mo);

    ngx_carrierpay_sms_fields_close(&fields);

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_http_callback_mo_read(ngx_carrierpay_sms_fields_t *fields,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t                        rc;
    ngx_str_t                        text;
    ngx_carrierpay_sms_http_conf_t  *conf;

    static ngx_str_t  utf8 = ngx_null_string;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->mo_from, &mo->from);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_text, &text);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_to, &mo->to);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_id, &mo->id);
    if (rc != NGX_OK) {
        return rc;
    }

    /* The text of a form or a query may be any bytes. */

    return ngx_carrierpay_sms_query_text(fields->call->pool, &utf8, &text,
                                         &mo->text);
}
