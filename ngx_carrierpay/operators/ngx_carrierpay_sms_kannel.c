
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
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_sms_kannel_callback.h"


#define NGX_CARRIERPAY_SMS_KANNEL_MASK      "31"    /* all reports */


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


const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_kannel_dialect = {
    ngx_string("sms_kannel"),
    ngx_carrierpay_sms_kannel_check,
    ngx_carrierpay_sms_kannel_send,
    ngx_carrierpay_sms_kannel_callback_report,
    ngx_carrierpay_sms_kannel_callback_mo
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
