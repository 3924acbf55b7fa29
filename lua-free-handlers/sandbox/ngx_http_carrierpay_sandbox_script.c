
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_http_carrierpay_sandbox_script.h"


/* the last row is for all other digits */

static ngx_http_carrierpay_sandbox_script_t
    ngx_http_carrierpay_sandbox_scripts[] =
{
    { 2, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_INSUFFICIENT_FUNDS },

    { 3, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED_BY_SUBSCRIBER },

    { 4, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_BLOCKED },

    { 5, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_SLOW,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 6, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 7, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_SILENT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 8, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_PENDING,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 9, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_PENDING,
      NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED_BY_SUBSCRIBER },

    { 21, NGX_HTTP_CARRIERPAY_SANDBOX_REFUND,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_REFUND_NOT_ALLOWED },

    { 22, NGX_HTTP_CARRIERPAY_SANDBOX_REFUND,
      NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 23, NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_RESERVATION_ENDED },

    { 24, NGX_HTTP_CARRIERPAY_SANDBOX_CAPTURE,
      NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 25, NGX_HTTP_CARRIERPAY_SANDBOX_VOID,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_RESERVATION_ENDED },

    { 26, NGX_HTTP_CARRIERPAY_SANDBOX_VOID,
      NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 27, NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_NOT_FOUND },

    { 28, NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 29, NGX_HTTP_CARRIERPAY_SANDBOX_PAYOUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_SLOW,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 0, NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE,
      NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED }
};


/* by ngx_http_carrierpay_sandbox_decline_e */

static ngx_str_t  ngx_http_carrierpay_sandbox_declines[] = {
    ngx_null_string,
    ngx_string("insufficient_funds"),
    ngx_string("declined_by_subscriber"),
    ngx_string("subscriber_blocked"),
    ngx_string("reservation_ended"),
    ngx_string("refund_not_allowed"),
    ngx_string("subscriber_not_found")
};


/* by ngx_http_carrierpay_sandbox_event_e */

static ngx_str_t  ngx_http_carrierpay_sandbox_events[] = {
    ngx_string("charged"),
    ngx_string("reserved"),
    ngx_string("captured"),
    ngx_string("voided"),
    ngx_string("refunded"),
    ngx_string("paid")
};


ngx_http_carrierpay_sandbox_script_t *
ngx_http_carrierpay_sandbox_script(ngx_str_t *end_user,
    ngx_http_carrierpay_sandbox_event_e event)
{
    ngx_int_t                              digits;
    ngx_http_carrierpay_sandbox_script_t  *row;

    digits = ngx_http_carrierpay_sandbox_digits(end_user);

    if (event == NGX_HTTP_CARRIERPAY_SANDBOX_RESERVE) {
        event = NGX_HTTP_CARRIERPAY_SANDBOX_CHARGE;
    }

    for (row = ngx_http_carrierpay_sandbox_scripts; row->digits; row++) {
        if (row->digits == digits && row->event == event) {
            break;
        }
    }

    return row;
}


const char *
ngx_http_carrierpay_sandbox_event_name(
    ngx_http_carrierpay_sandbox_event_e event)
{
    return (const char *) ngx_http_carrierpay_sandbox_events[event].data;
}


ngx_http_carrierpay_sandbox_event_e
ngx_http_carrierpay_sandbox_event_parse(ngx_str_t *name)
{
    ngx_str_t   *event;
    ngx_uint_t   i;

    for (i = 0; i < NGX_HTTP_CARRIERPAY_SANDBOX_EVENTS; i++) {
        event = &ngx_http_carrierpay_sandbox_events[i];

        if (event->len == name->len
            && ngx_memcmp(event->data, name->data, name->len) == 0)
        {
            break;
        }
    }

    return (ngx_http_carrierpay_sandbox_event_e) i;
}


ngx_int_t
ngx_http_carrierpay_sandbox_digits(ngx_str_t *end_user)
{
    return ngx_atoi(end_user->data + end_user->len - 4, 4);
}


const char *
ngx_http_carrierpay_sandbox_end_user(ngx_str_t *value)
{
    if (ngx_carrierpay_end_user_check(value) != NGX_OK) {
        return "must be a number's digits with its country code, or \"acr:\""
               " and a reference";
    }

    return NULL;
}


const char *
ngx_http_carrierpay_sandbox_decline_name(
    ngx_http_carrierpay_sandbox_decline_e decline)
{
    return (const char *) ngx_http_carrierpay_sandbox_declines[decline].data;
}


ngx_http_carrierpay_sandbox_decline_e
ngx_http_carrierpay_sandbox_decline_parse(ngx_str_t *code)
{
    ngx_str_t   *decline;
    ngx_uint_t   i;

    for (i = 1; i < NGX_HTTP_CARRIERPAY_SANDBOX_DECLINES; i++) {
        decline = &ngx_http_carrierpay_sandbox_declines[i];

        if (decline->len == code->len
            && ngx_memcmp(decline->data, code->data, code->len) == 0)
        {
            return (ngx_http_carrierpay_sandbox_decline_e) i;
        }
    }

    return NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED;
}
