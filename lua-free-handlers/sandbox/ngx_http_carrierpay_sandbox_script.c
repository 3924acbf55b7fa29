
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_http_carrierpay_sandbox_script.h"


/* the last row is for all other digits */

static ngx_http_carrierpay_sandbox_script_t
    ngx_http_carrierpay_sandbox_scripts[] =
{
    { 2, NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_INSUFFICIENT_FUNDS },

    { 3, NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED_BY_SUBSCRIBER },

    { 4, NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_BLOCKED },

    { 5, NGX_HTTP_CARRIERPAY_SANDBOX_SLOW,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 6, NGX_HTTP_CARRIERPAY_SANDBOX_CUT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 7, NGX_HTTP_CARRIERPAY_SANDBOX_SILENT,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 8, NGX_HTTP_CARRIERPAY_SANDBOX_PENDING,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },

    { 9, NGX_HTTP_CARRIERPAY_SANDBOX_PENDING,
      NGX_HTTP_CARRIERPAY_SANDBOX_DECLINED_BY_SUBSCRIBER },

    { 0, NGX_HTTP_CARRIERPAY_SANDBOX_AT_ONCE,
      NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED },
};


/* by ngx_http_carrierpay_sandbox_decline_e */

static ngx_str_t  ngx_http_carrierpay_sandbox_declines[] = {
    ngx_null_string,
    ngx_string("insufficient_funds"),
    ngx_string("declined_by_subscriber"),
    ngx_string("subscriber_blocked")
};


ngx_http_carrierpay_sandbox_script_t *
ngx_http_carrierpay_sandbox_script(ngx_str_t *end_user)
{
    ngx_int_t                              digits;
    ngx_http_carrierpay_sandbox_script_t  *row;

    digits = ngx_http_carrierpay_sandbox_digits(end_user);

    for (row = ngx_http_carrierpay_sandbox_scripts; row->digits; row++) {
        if (row->digits == digits) {
            break;
        }
    }

    return row;
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

    for (i = 1;
         i <= NGX_HTTP_CARRIERPAY_SANDBOX_SUBSCRIBER_BLOCKED;
         i++)
    {
        decline = &ngx_http_carrierpay_sandbox_declines[i];

        if (decline->len == code->len
            && ngx_memcmp(decline->data, code->data, code->len) == 0)
        {
            return (ngx_http_carrierpay_sandbox_decline_e) i;
        }
    }

    return NGX_HTTP_CARRIERPAY_SANDBOX_CHARGED;
}
