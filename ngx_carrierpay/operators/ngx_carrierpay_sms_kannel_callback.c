
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_kannel_callback.h"
#include "ngx_carrierpay_sms_query.h"


#define NGX_CARRIERPAY_SMS_KANNEL_CODE_MAX   64


/* The bits of the type of a report. */

#define NGX_CARRIERPAY_SMS_KANNEL_DELIVERED  0x01
#define NGX_CARRIERPAY_SMS_KANNEL_FAILED     0x02
#define NGX_CARRIERPAY_SMS_KANNEL_BUFFERED   0x04
#define NGX_CARRIERPAY_SMS_KANNEL_SMSC       0x08
#define NGX_CARRIERPAY_SMS_KANNEL_REJECTED   0x10
#define NGX_CARRIERPAY_SMS_KANNEL_EXPIRED    0x20
#define NGX_CARRIERPAY_SMS_KANNEL_UNKNOWN    0x40


static ngx_int_t ngx_carrierpay_sms_kannel_callback_report_read(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_report_t *report);
static ngx_int_t ngx_carrierpay_sms_kannel_callback_state(ngx_uint_t type,
    ngx_carrierpay_sms_state_e *state);
static void ngx_carrierpay_sms_kannel_callback_code(ngx_str_t *code);
static ngx_int_t ngx_carrierpay_sms_kannel_callback_mo_read(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_sms_kannel_callback_text(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_mo_t *mo);


ngx_int_t
ngx_carrierpay_sms_kannel_callback_report(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *reports)
{
    ngx_int_t                     rc;
    ngx_carrierpay_sms_report_t  *report;

    report = ngx_array_push(reports);
    if (report == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_carrierpay_sms_kannel_callback_report_read(call, report);

    if (rc != NGX_OK) {
        reports->nelts--;
    }

    return rc == NGX_DONE ? NGX_OK : rc;
}


/* NGX_DONE: the report says nothing that is new. */

static ngx_int_t
ngx_carrierpay_sms_kannel_callback_report_read(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_report_t *report)
{
    ngx_int_t  rc, type;
    ngx_str_t  text;

    static ngx_str_t  m = ngx_string("m");
    static ngx_str_t  d = ngx_string("d");
    static ngx_str_t  a = ngx_string("a");

    ngx_str_null(&report->code);

    rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, &m,
                                        &report->id);
    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_ERROR : NGX_DECLINED;
    }

    rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, &d, &text);
    if (rc != NGX_OK) {
        return rc == NGX_ERROR ? NGX_ERROR : NGX_DECLINED;
    }

    type = ngx_atoi(text.data, text.len);

    if (type == NGX_ERROR || report->id.len == 0) {
        return NGX_DECLINED;
    }

    rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, &a,
                                        &report->code);
    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc != NGX_OK) {
        ngx_str_null(&report->code);
    }

    ngx_carrierpay_sms_kannel_callback_code(&report->code);

    return ngx_carrierpay_sms_kannel_callback_state(type, &report->state);
}


/*
 * If several bits are set, the most certain one counts, and a failure before a
 * delivery: a message is not complete without the part that failed.
 */

static ngx_int_t
ngx_carrierpay_sms_kannel_callback_state(ngx_uint_t type,
    ngx_carrierpay_sms_state_e *state)
{
    ngx_uint_t  failed;

    failed = type & (NGX_CARRIERPAY_SMS_KANNEL_FAILED
                     |NGX_CARRIERPAY_SMS_KANNEL_REJECTED);

    if (type & NGX_CARRIERPAY_SMS_KANNEL_EXPIRED) {
        *state = NGX_CARRIERPAY_SMS_EXPIRED;
        return NGX_OK;
    }

    /* The SMSC does not know a message any more: it has not failed by that. */

    if (failed && !(type & NGX_CARRIERPAY_SMS_KANNEL_UNKNOWN)) {
        *state = NGX_CARRIERPAY_SMS_UNDELIVERED;
        return NGX_OK;
    }

    if (type & NGX_CARRIERPAY_SMS_KANNEL_DELIVERED) {
        *state = NGX_CARRIERPAY_SMS_DELIVERED;
        return NGX_OK;
    }

    if (type & NGX_CARRIERPAY_SMS_KANNEL_UNKNOWN) {
        return NGX_DONE;
    }

    if (type & (NGX_CARRIERPAY_SMS_KANNEL_BUFFERED
                |NGX_CARRIERPAY_SMS_KANNEL_SMSC))
    {
        *state = NGX_CARRIERPAY_SMS_BUFFERED;
        return NGX_OK;
    }

    return NGX_DECLINED;
}


/*
 * Copies the SMSC's words for people.  A receipt of SMPP quotes the beginning
 * of the message after "text:", which may be a PIN: that is left out, and so
 * are the ids and dates before "stat:".
 */

static void
ngx_carrierpay_sms_kannel_callback_code(ngx_str_t *code)
{
    u_char  *p, *last, *dst, *found;

    if (code->len >= sizeof("text:") - 1) {
        last = code->data + code->len;

        found = ngx_strlcasestrn(code->data, last, (u_char *) "text:",
                                 sizeof("text:") - 2);
        if (found) {
            code->len = found - code->data;
            last = found;
        }

        found = ngx_strlcasestrn(code->data, last, (u_char *) "stat:",
                                 sizeof("stat:") - 2);
        if (found) {
            code->len = last - found;
            code->data = found;
        }
    }

    dst = code->data;
    last = code->data + code->len;

    for (p = code->data; p < last; p++) {
        if (*p > ' ' && *p < 0x7f) {
            *dst++ = *p;

        } else if (dst > code->data && dst[-1] != ' ') {
            *dst++ = ' ';
        }
    }

    code->len = ngx_min(dst - code->data, NGX_CARRIERPAY_SMS_KANNEL_CODE_MAX);

    while (code->len && code->data[code->len - 1] == ' ') {
        code->len--;
    }
}


ngx_int_t
ngx_carrierpay_sms_kannel_callback_mo(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *mos)
{
    ngx_int_t                 rc;
    ngx_carrierpay_sms_mo_t  *mo;

    if (ngx_carrierpay_sms_query_is(&call->type, "application/octet-stream")) {
        return NGX_OK;
    }

    mo = ngx_array_push(mos);
    if (mo == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(mo, sizeof(ngx_carrierpay_sms_mo_t));

    rc = ngx_carrierpay_sms_kannel_callback_mo_read(call, mo);

    if (rc != NGX_OK) {
        mos->nelts--;
    }

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_kannel_callback_mo_read(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t  rc;

    static ngx_str_t  id = ngx_string("id");

    if (!ngx_carrierpay_sms_query_is(&call->type, "text/plain")
        || call->header(call, "x-kannel-from", &mo->from) != NGX_OK
        || call->header(call, "x-kannel-to", &mo->to) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, &id, &mo->id);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc != NGX_OK) {
        ngx_str_null(&mo->id);
    }

    return ngx_carrierpay_sms_kannel_callback_text(call, mo);
}


/* Without a charset, X-Kannel-Coding tells of UCS-2. */

static ngx_int_t
ngx_carrierpay_sms_kannel_callback_text(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t  rc;
    ngx_str_t  charset, coding;

    ngx_carrierpay_sms_query_charset(&call->type, &charset);

    if (charset.len == 0
        && call->header(call, "x-kannel-coding", &coding) == NGX_OK
        && coding.len == 1 && coding.data[0] == '2')
    {
        ngx_str_set(&charset, "UCS-2");
    }

    rc = ngx_carrierpay_sms_query_text(call->pool, &charset, &call->body,
                                       &mo->text);

    if (rc == NGX_DECLINED) {
        mo->text = call->body;
        mo->unreadable = 1;
        return NGX_OK;
    }

    return rc;
}
