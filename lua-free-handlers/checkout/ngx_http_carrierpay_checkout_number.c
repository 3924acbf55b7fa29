
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_number.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_limit.h"


#define NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX  32


static ngx_int_t ngx_http_carrierpay_checkout_number_admitted(
    ngx_http_request_t *r, ngx_uint_t retry);
static ngx_int_t ngx_http_carrierpay_checkout_number_loaded(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static const char *ngx_http_carrierpay_checkout_number_parse(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr);


ngx_int_t
ngx_http_carrierpay_checkout_number(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "country", &cr->country);
    ngx_http_carrierpay_checkout_field(r, body, "number", &cr->number);

    cr->alert = ngx_http_carrierpay_checkout_number_parse(r, cr);

    if (cr->alert) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    rc = ngx_http_carrierpay_limit_late(r,
                                NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
                                cr->msisdn.digits, cr->msisdn.len,
                                ngx_http_carrierpay_checkout_number_admitted);

    return rc == NGX_DECLINED
           ? ngx_http_carrierpay_checkout_number_admitted(r, 0) : rc;
}


static ngx_int_t
ngx_http_carrierpay_checkout_number_admitted(ngx_http_request_t *r,
    ngx_uint_t retry)
{
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    return ngx_http_carrierpay_checkout_load_number(r, ctx->data,
                                  ngx_http_carrierpay_checkout_number_loaded);
}


static ngx_int_t
ngx_http_carrierpay_checkout_number_loaded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    if (checkout->barred) {
        return ngx_http_carrierpay_checkout_show(r, cr, checkout);
    }

    ngx_http_carrierpay_checkout_end_user(cr, &checkout->session.identity);

    return ngx_http_carrierpay_checkout_pin_send(r, cr, checkout);
}


/*
 * Parses the number into cr->msisdn; returns NULL, or the phrase of what is
 * wrong.  Blanks, dots, hyphens, slashes and brackets are ignored.
 */

static const char *
ngx_http_carrierpay_checkout_number_parse(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    u_char      c;
    u_char      digits[NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX];
    size_t      i;
    ngx_str_t   text;

    text.data = digits;
    text.len = 0;

    for (i = 0; i < cr->number.len && text.len < sizeof(digits); i++) {
        c = cr->number.data[i];

        if (c != ' ' && c != '.' && c != '-' && c != '/' && c != '('
            && c != ')')
        {
            digits[text.len++] = c;
        }
    }

    if (text.len == 0) {
        return "number_missing";
    }

    if (ngx_http_carrierpay_countries_number(r, &cr->country, &text,
                                             &cr->msisdn)
        != NGX_OK)
    {
        cr->msisdn.len = 0;
        return "number_foreign";
    }

    return NULL;
}
