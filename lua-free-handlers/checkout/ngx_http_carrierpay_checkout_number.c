
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_load.h"
#include "ngx_http_carrierpay_checkout_number.h"
#include "ngx_http_carrierpay_checkout_pin_send.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_limit.h"


static ngx_int_t ngx_http_carrierpay_checkout_number_admitted(
    ngx_http_request_t *r);
static ngx_carrierpay_phrase_e ngx_http_carrierpay_checkout_number_parse(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr);


ngx_int_t
ngx_http_carrierpay_checkout_number(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_page_form(r, body, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "country", &cr->country);
    ngx_http_carrierpay_checkout_field(r, body, "number", &cr->number);

    cr->alert = ngx_http_carrierpay_checkout_number_parse(r, cr);

    if (cr->alert != NGX_CARRIERPAY_PHRASE_NONE) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                           ngx_http_carrierpay_checkout_show);
    }

    rc = ngx_http_carrierpay_limit_late(r,
                                NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
                                cr->msisdn.digits, cr->msisdn.len,
                                ngx_http_carrierpay_checkout_number_admitted);

    return rc == NGX_DECLINED
           ? ngx_http_carrierpay_checkout_number_admitted(r) : rc;
}


static ngx_int_t
ngx_http_carrierpay_checkout_number_admitted(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;

    /* the payment says whether its page may be in a frame */

    if (cr->framed) {
        return ngx_http_carrierpay_checkout_load(r, cr,
                                ngx_http_carrierpay_checkout_pin_send_number);
    }

    return ngx_http_carrierpay_checkout_pin_send_number(r, cr, NULL);
}


/* Parses the number into cr->msisdn; returns NONE, or what is wrong. */

static ngx_carrierpay_phrase_e
ngx_http_carrierpay_checkout_number_parse(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_carrierpay_typed_word(&cr->number);

    if (cr->number.len == 0) {
        return NGX_CARRIERPAY_PHRASE_NUMBER_MISSING;
    }

    if (ngx_carrierpay_number_parse(&ngx_http_carrierpay_conf(r)->operators,
                                    &cr->country, &cr->number, &cr->msisdn)
        != NGX_OK)
    {
        cr->msisdn.len = 0;
        return NGX_CARRIERPAY_PHRASE_NUMBER_FOREIGN;
    }

    return NGX_CARRIERPAY_PHRASE_NONE;
}
