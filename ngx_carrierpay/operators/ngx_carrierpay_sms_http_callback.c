
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_character.h>
#include "ngx_carrierpay_sms_fields.h"
#include "ngx_carrierpay_sms_http_callback.h"
#include "ngx_carrierpay_sms_http_conf.h"
#include "ngx_carrierpay_sms_query.h"


#define NGX_CARRIERPAY_SMS_HTTP_CALLBACK_CODE_MAX  64


static ngx_int_t ngx_carrierpay_sms_http_callback_report_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_array_t *reports);
static ngx_int_t ngx_carrierpay_sms_http_callback_code(
    ngx_carrierpay_sms_fields_t *fields, ngx_str_t *code);
static ngx_int_t ngx_carrierpay_sms_http_callback_state(
    ngx_carrierpay_sms_http_conf_t *conf, ngx_str_t *status,
    ngx_carrierpay_sms_state_e *state);
static ngx_int_t ngx_carrierpay_sms_http_callback_mo_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_array_t *mos);
static ngx_int_t ngx_carrierpay_sms_http_callback_text(
    ngx_carrierpay_sms_fields_t *fields, ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_sms_http_callback_charset(
    ngx_carrierpay_sms_fields_t *fields, ngx_str_t *charset);


ngx_int_t
ngx_carrierpay_sms_http_callback_report(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *reports)
{
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = call->provider->dialect_conf;

    return ngx_carrierpay_sms_fields_each(call, &conf->report_each, reports,
                                 ngx_carrierpay_sms_http_callback_report_read);
}


static ngx_int_t
ngx_carrierpay_sms_http_callback_report_read(
    ngx_carrierpay_sms_fields_t *fields, ngx_array_t *reports)
{
    ngx_int_t                        rc;
    ngx_str_t                        status;
    ngx_carrierpay_sms_report_t      report, *added;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->report_id,
                                            &report.id);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->report_status,
                                            &status);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_callback_code(fields, &report.code);
    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_carrierpay_sms_http_callback_state(conf, &status, &report.state)
        != NGX_OK)
    {
        return NGX_OK;
    }

    added = ngx_array_push(reports);
    if (added == NULL) {
        return NGX_ERROR;
    }

    *added = report;

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_http_callback_code(ngx_carrierpay_sms_fields_t *fields,
    ngx_str_t *code)
{
    ngx_int_t                        rc;
    ngx_uint_t                       i;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->report_code, code);
    if (rc != NGX_OK) {
        return rc;
    }

    code->len = ngx_min(code->len, NGX_CARRIERPAY_SMS_HTTP_CALLBACK_CODE_MAX);

    for (i = 0; i < code->len; i++) {
        if (code->data[i] < ' ' || code->data[i] > 0x7e) {
            code->data[i] = ' ';
        }
    }

    return NGX_OK;
}


/* NGX_DECLINED: a word of no list is that of a state between. */

static ngx_int_t
ngx_carrierpay_sms_http_callback_state(ngx_carrierpay_sms_http_conf_t *conf,
    ngx_str_t *status, ngx_carrierpay_sms_state_e *state)
{
    ngx_uint_t                        i;
    ngx_carrierpay_sms_http_state_t  *known;

    known = conf->states.elts;

    for (i = 0; i < conf->states.nelts; i++) {
        if (known[i].word.len == status->len
            && ngx_strncasecmp(known[i].word.data, status->data, status->len)
               == 0)
        {
            *state = known[i].state;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_carrierpay_sms_http_callback_mo(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *mos)
{
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = call->provider->dialect_conf;

    return ngx_carrierpay_sms_fields_each(call, &conf->mo_each, mos,
                                     ngx_carrierpay_sms_http_callback_mo_read);
}


static ngx_int_t
ngx_carrierpay_sms_http_callback_mo_read(ngx_carrierpay_sms_fields_t *fields,
    ngx_array_t *mos)
{
    ngx_int_t                        rc;
    ngx_carrierpay_sms_mo_t          mo, *added;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = fields->call->provider->dialect_conf;

    ngx_memzero(&mo, sizeof(ngx_carrierpay_sms_mo_t));

    rc = ngx_carrierpay_sms_fields_required(fields, &conf->mo_from, &mo.from);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_callback_text(fields, &mo);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_to, &mo.to);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_id, &mo.id);
    if (rc != NGX_OK) {
        return rc;
    }

    /* two ids are not the same because what they differ in is lost */

    if (ngx_carrierpay_character_lost(&mo.id)) {
        mo.id.len = 0;
    }

    added = ngx_array_push(mos);
    if (added == NULL) {
        return NGX_ERROR;
    }

    *added = mo;

    return NGX_OK;
}


/* JSON is UTF-8; the text of a form or a query may be any bytes. */

static ngx_int_t
ngx_carrierpay_sms_http_callback_text(ngx_carrierpay_sms_fields_t *fields,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t                        rc;
    ngx_str_t                        text, charset;
    ngx_uint_t                       bytes;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_bytes(fields, &conf->mo_text, &text,
                                         &bytes);
    if (rc != NGX_OK) {
        return rc;
    }

    mo->text = text;

    if (!bytes) {
        return NGX_OK;
    }

    rc = ngx_carrierpay_sms_http_callback_charset(fields, &charset);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_query_text(fields->call->pool, &charset, &text,
                                       &mo->text);

    if (rc == NGX_DECLINED) {
        mo->text = text;
        mo->unreadable = 1;
        return NGX_OK;
    }

    return rc;
}


/*
 * A gateway names the charset, or has the coding of SMPP (data_coding 8) or of
 * Kannel (2) for text in UCS-2.
 */

static ngx_int_t
ngx_carrierpay_sms_http_callback_charset(ngx_carrierpay_sms_fields_t *fields,
    ngx_str_t *charset)
{
    ngx_int_t                        rc;
    ngx_str_t                        coding;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_charset,
                                            charset);

    if (rc != NGX_OK || charset->len) {
        return rc;
    }

    rc = ngx_carrierpay_sms_fields_optional(fields, &conf->mo_coding, &coding);

    if (rc == NGX_OK && coding.len == 1
        && (coding.data[0] == '2' || coding.data[0] == '8'))
    {
        ngx_str_set(charset, "UCS-2");
    }

    return rc;
}
