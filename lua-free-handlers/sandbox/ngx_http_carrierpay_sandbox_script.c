
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_http_carrierpay_sandbox_script.h"


/* the last row is for all other digits */

#define row(digits, what, how, decline)                                       \
    { digits, NGX_HTTP_CARRIERPAY_SANDBOX_##what,                             \
      NGX_HTTP_CARRIERPAY_SANDBOX_##how,                                      \
      NGX_HTTP_CARRIERPAY_SANDBOX_##decline }

static ngx_http_carrierpay_sandbox_script_t
    ngx_http_carrierpay_sandbox_scripts[] =
{
    row(2, CHARGE, AT_ONCE, INSUFFICIENT_FUNDS),
    row(3, CHARGE, AT_ONCE, DECLINED_BY_SUBSCRIBER),
    row(4, CHARGE, AT_ONCE, SUBSCRIBER_BLOCKED),
    row(5, CHARGE, SLOW, CHARGED),
    row(6, CHARGE, CUT, CHARGED),
    row(7, CHARGE, SILENT, CHARGED),
    row(8, CHARGE, PENDING, CHARGED),
    row(9, CHARGE, PENDING, DECLINED_BY_SUBSCRIBER),
    row(21, REFUND, AT_ONCE, REFUND_NOT_ALLOWED),
    row(22, REFUND, CUT, CHARGED),
    row(23, CAPTURE, AT_ONCE, RESERVATION_ENDED),
    row(24, CAPTURE, CUT, CHARGED),
    row(25, VOID, AT_ONCE, RESERVATION_ENDED),
    row(26, VOID, CUT, CHARGED),
    row(27, PAYOUT, AT_ONCE, SUBSCRIBER_NOT_FOUND),
    row(28, PAYOUT, CUT, CHARGED),
    row(29, PAYOUT, SLOW, CHARGED),
    row(0, CHARGE, AT_ONCE, CHARGED)
};

#undef row


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
