
/*
 * The dialect of Kannel's smsbox.
 *
 * A message is a POST with X-Kannel-* headers and the text as its body, so
 * that neither the number, nor the text, nor the password is in a URL:
 *
 * 202 "0: Accepted for delivery"    accepted 202 "3: Queued for later ..."
 * accepted: stored, no SMSC is linked now 503
 * failed 4xx "Authorization failed ..."    failed: it is not the message's
 * fault any other 4xx                     refused any other
 * unknown
 *
 * Kannel does not recognise a message that it was given before: if a message
 * with an unknown outcome is sent again, the phone may get it twice.
 *
 * A delivery report is a GET of the URL that was sent with the message, with
 * the message's id as "m", Kannel's type as "d" (bits, of which several may be
 * set) and the SMSC's words as "a".  An MO is a POST by the post-url of an
 * sms-service, with the headers X-Kannel-From and X-Kannel-To, the text as its
 * body in the charset of its Content-Type, and Kannel's id as "id" of the
 * query.  A binary MO is ignored.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_sms_query.h"


#define NGX_CARRIERPAY_SMS_KANNEL_MASK      "31"    /* all reports */
#define NGX_CARRIERPAY_SMS_KANNEL_CODE_MAX  64


/* The bits of the type of a report. */

#define NGX_CARRIERPAY_SMS_KANNEL_DELIVERED  0x01
#define NGX_CARRIERPAY_SMS_KANNEL_FAILED     0x02
#define NGX_CARRIERPAY_SMS_KANNEL_BUFFERED   0x04
#define NGX_CARRIERPAY_SMS_KANNEL_SMSC       0x08
#define NGX_CARRIERPAY_SMS_KANNEL_REJECTED   0x10
#define NGX_CARRIERPAY_SMS_KANNEL_EXPIRED    0x20
#define NGX_CARRIERPAY_SMS_KANNEL_UNKNOWN    0x40


static const char *ngx_carrierpay_sms_kannel_check(
    ngx_carrierpay_sms_provider_t *p);
static ngx_int_t ngx_carrierpay_sms_kannel_send(
    ngx_carrierpay_sms_send_t *send);
static ngx_int_t ngx_carrierpay_sms_kannel_headers(
    ngx_carrierpay_sms_send_t *send, ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_sms_kannel_report_url(
    ngx_carrierpay_sms_send_t *send, ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_sms_kannel_validity(
    ngx_carrierpay_sms_send_t *send, ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_sms_kannel_header(
    ngx_carrierpay_egress_call_t *call, const char *name, ngx_str_t *value);
static void ngx_carrierpay_sms_kannel_sent(
    ngx_carrierpay_egress_call_t *call);
static ngx_uint_t ngx_carrierpay_sms_kannel_says(
    ngx_carrierpay_egress_call_t *call, const char *words);
static ngx_int_t ngx_carrierpay_sms_kannel_report(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *reports);
static ngx_int_t ngx_carrierpay_sms_kannel_report_read(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_report_t *report);
static ngx_int_t ngx_carrierpay_sms_kannel_state(ngx_uint_t type,
    ngx_carrierpay_sms_state_e *state);
static void ngx_carrierpay_sms_kannel_code(ngx_str_t *code);
static ngx_int_t ngx_carrierpay_sms_kannel_mo(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *mos);
static ngx_int_t ngx_carrierpay_sms_kannel_mo_read(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_sms_kannel_text(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_mo_t *mo);


const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_kannel_dialect = {
    ngx_string("sms_kannel"),
    ngx_carrierpay_sms_kannel_check,
    ngx_carrierpay_sms_kannel_send,
    ngx_carrierpay_sms_kannel_report,
    ngx_carrierpay_sms_kannel_mo
};


static const char *
ngx_carrierpay_sms_kannel_check(ngx_carrierpay_sms_provider_t *p)
{
    if (p->username.len == 0) {
        return "no \"username\"";
    }

    if (p->password.len == 0) {
        return "no \"password_file\"";
    }

    return NULL;
}


static ngx_int_t
ngx_carrierpay_sms_kannel_send(ngx_carrierpay_sms_send_t *send)
{
    ngx_carrierpay_egress_call_t  *call;

    call = ngx_carrierpay_egress_create(&send->core->conf->egress, send->log,
                                        send->trace);
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->method = NGX_HTTP_POST;
    call->location = send->provider->pass;
    call->timeout = send->provider->timeout;
    call->handler = ngx_carrierpay_sms_kannel_sent;
    call->data = send;
    call->body = send->text;

    if (ngx_carrierpay_sms_kannel_headers(send, call) != NGX_OK
        || ngx_carrierpay_sms_kannel_report_url(send, call) != NGX_OK
        || ngx_carrierpay_sms_kannel_validity(send, call) != NGX_OK)
    {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    return ngx_carrierpay_egress_send(call) == NGX_OK ? NGX_AGAIN : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_sms_kannel_headers(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call)
{
    ngx_str_t                       coding, type;
    ngx_carrierpay_sms_provider_t  *p;

    p = send->provider;

    /* Otherwise the charset of coding 2 would be taken for UTF-16BE. */

    ngx_str_set(&type, "text/plain; charset=UTF-8");

    if (send->measure.alphabet == NGX_CARRIERPAY_GSM_7BIT) {
        ngx_str_set(&coding, "0");

    } else {
        ngx_str_set(&coding, "2");
    }

    if (ngx_carrierpay_egress_header(call, "Content-Type", &type) != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-Username",
                                            &p->username)
           != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-Password",
                                            &p->password)
           != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-From", &send->from)
           != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-To", &send->to)
           != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-Coding", &coding)
           != NGX_OK
        || ngx_carrierpay_sms_kannel_header(call, "X-Kannel-SMSC", &p->smsc)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_sms_kannel_header(call, "X-Kannel-Account",
                                            &p->account);
}


/* Kannel fills in the escapes when it calls. */

static ngx_int_t
ngx_carrierpay_sms_kannel_report_url(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call)
{
    u_char     *p;
    ngx_str_t   url, mask;

    static ngx_str_t  escapes = ngx_string("d=%d&a=%A");

    if (send->report.len == 0) {
        return NGX_OK;
    }

    ngx_str_set(&mask, NGX_CARRIERPAY_SMS_KANNEL_MASK);

    url.len = send->report.len + 1 + escapes.len;
    url.data = ngx_pnalloc(call->pool, url.len);

    if (url.data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(url.data, send->report.data, send->report.len);

    *p++ = ngx_strlchr(send->report.data,
                       send->report.data + send->report.len, '?') ? '&' : '?';

    ngx_memcpy(p, escapes.data, escapes.len);

    if (ngx_carrierpay_sms_kannel_header(call, "X-Kannel-DLR-URL", &url)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_sms_kannel_header(call, "X-Kannel-DLR-Mask", &mask);
}


static ngx_int_t
ngx_carrierpay_sms_kannel_validity(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call)
{
    ngx_str_t  minutes;

    if (send->validity == 0) {
        return NGX_OK;
    }

    minutes.data = ngx_pnalloc(call->pool, NGX_INT_T_LEN);
    if (minutes.data == NULL) {
        return NGX_ERROR;
    }

    minutes.len = ngx_sprintf(minutes.data, "%ui", (send->validity + 59) / 60)
                  - minutes.data;

    return ngx_carrierpay_sms_kannel_header(call, "X-Kannel-Validity",
                                            &minutes);
}


/* An empty header is not sent. */

static ngx_int_t
ngx_carrierpay_sms_kannel_header(ngx_carrierpay_egress_call_t *call,
    const char *name, ngx_str_t *value)
{
    return value->len ? ngx_carrierpay_egress_header(call, name, value)
                      : NGX_OK;
}


static void
ngx_carrierpay_sms_kannel_sent(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_sms_send_t  *send;

    send = call->data;
    send->outcome = NGX_CARRIERPAY_SMS_UNKNOWN;

    if (call->outcome == NGX_CARRIERPAY_EGRESS_NOT_SENT) {
        send->outcome = NGX_CARRIERPAY_SMS_FAILED;

    } else if (call->outcome == NGX_CARRIERPAY_EGRESS_COMPLETE) {

        if (call->status == NGX_HTTP_ACCEPTED) {

            if (ngx_carrierpay_sms_kannel_says(call, "0:")
                || ngx_carrierpay_sms_kannel_says(call, "3:"))
            {
                send->outcome = NGX_CARRIERPAY_SMS_ACCEPTED;
            }

        } else if (call->status == NGX_HTTP_SERVICE_UNAVAILABLE) {
            send->outcome = NGX_CARRIERPAY_SMS_FAILED;

        } else if (call->status >= 400 && call->status < 500) {
            send->outcome =
                ngx_carrierpay_sms_kannel_says(call, "Authorization failed")
                ? NGX_CARRIERPAY_SMS_FAILED : NGX_CARRIERPAY_SMS_REFUSED;
        }
    }

    send->done(send->data);
}


static ngx_uint_t
ngx_carrierpay_sms_kannel_says(ngx_carrierpay_egress_call_t *call,
    const char *words)
{
    size_t  len;

    len = ngx_strlen(words);

    return call->answer.len >= len
           && ngx_memcmp(call->answer.data, words, len) == 0;
}


static ngx_int_t
ngx_carrierpay_sms_kannel_report(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *reports)
{
    ngx_int_t                     rc;
    ngx_carrierpay_sms_report_t  *report;

    report = ngx_array_push(reports);
    if (report == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_carrierpay_sms_kannel_report_read(call, report);

    if (rc != NGX_OK) {
        reports->nelts--;
    }

    return rc == NGX_DONE ? NGX_OK : rc;
}


/* NGX_DONE: the report says nothing that is new. */

static ngx_int_t
ngx_carrierpay_sms_kannel_report_read(ngx_carrierpay_sms_call_t *call,
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

    ngx_carrierpay_sms_kannel_code(&report->code);

    return ngx_carrierpay_sms_kannel_state(type, &report->state);
}


/*
 * If several bits are set, the most certain one counts, and a failure before a
 * delivery: a message is not complete without the part that failed.
 */

static ngx_int_t
ngx_carrierpay_sms_kannel_state(ngx_uint_t type,
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
ngx_carrierpay_sms_kannel_code(ngx_str_t *code)
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


static ngx_int_t
ngx_carrierpay_sms_kannel_mo(ngx_carrierpay_sms_call_t *call,
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

    rc = ngx_carrierpay_sms_kannel_mo_read(call, mo);

    if (rc != NGX_OK) {
        mos->nelts--;
    }

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_kannel_mo_read(ngx_carrierpay_sms_call_t *call,
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

    return ngx_carrierpay_sms_kannel_text(call, mo);
}


/* Without a charset, X-Kannel-Coding tells of UCS-2. */

static ngx_int_t
ngx_carrierpay_sms_kannel_text(ngx_carrierpay_sms_call_t *call,
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
