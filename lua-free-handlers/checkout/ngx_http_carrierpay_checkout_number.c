
/*
 * A typed number: whose is it, and may a PIN go there?
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_limit.h"


#define NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX  32


static const char *ngx_http_carrierpay_checkout_typed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co);


ngx_int_t
ngx_http_carrierpay_checkout_number(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_checkout_t  *co;

    rc = ngx_http_carrierpay_checkout_form(r, &co);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "country", &co->country);
    ngx_http_carrierpay_checkout_field(r, body, "number", &co->number);

    co->alert = ngx_http_carrierpay_checkout_typed(r, co);

    if (co->alert) {
        return ngx_http_carrierpay_checkout_look(r, co);
    }

    co->step = NGX_HTTP_CARRIERPAY_STEP_NUMBER;

    rc = ngx_http_carrierpay_limit_late(r,
                                        NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
                                        co->msisdn.digits, co->msisdn.len,
                                        ngx_http_carrierpay_checkout_go_on);

    return rc == NGX_DECLINED ? ngx_http_carrierpay_checkout_look(r, co) : rc;
}


/* people write blanks, dots, hyphens and brackets into numbers */

static const char *
ngx_http_carrierpay_checkout_typed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    u_char      c;
    u_char      digits[NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX];
    size_t      i;
    ngx_str_t   text;

    text.data = digits;
    text.len = 0;

    for (i = 0; i < co->number.len && text.len < sizeof(digits); i++) {
        c = co->number.data[i];

        if (c != ' ' && c != '.' && c != '-' && c != '/' && c != '('
            && c != ')')
        {
            digits[text.len++] = c;
        }
    }

    if (text.len == 0) {
        return "number_missing";
    }

    if (ngx_http_carrierpay_countries_number(r, &co->country, &text,
                                             &co->msisdn)
        != NGX_OK)
    {
        co->msisdn.len = 0;
        return "number_foreign";
    }

    return NULL;
}
