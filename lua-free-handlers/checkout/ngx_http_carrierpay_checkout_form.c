
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_checkout_form.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_guard.h"


ngx_int_t
ngx_http_carrierpay_checkout_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t **cr)
{
    *cr = ngx_http_carrierpay_checkout_request(r);

    if ((*cr)->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, *cr);
    }

    if (!ngx_http_carrierpay_guard_own(r)) {
        return ngx_http_carrierpay_checkout_message(r, *cr,
                                            NGX_HTTP_CARRIERPAY_PAGE_REFUSED);
    }

    return NGX_DECLINED;
}


/*
 * The link of a payment is known to more than its shopper, and a form that
 * comes without its page was sent by none of them.
 */

ngx_int_t
ngx_http_carrierpay_checkout_page_form(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_checkout_request_t **cr)
{
    ngx_int_t  rc;
    ngx_str_t  token;

    rc = ngx_http_carrierpay_checkout_form(r, cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "f", &token);

    if (!ngx_carrierpay_identity_form_valid(&(*cr)->visitor,
                                  &ngx_http_carrierpay_conf(r)->keyring,
                                  (*cr)->payment_id, &token))
    {
        return ngx_http_carrierpay_checkout_message(r, *cr,
                                            NGX_HTTP_CARRIERPAY_PAGE_REFUSED);
    }

    return NGX_DECLINED;
}


void
ngx_http_carrierpay_checkout_field(ngx_http_request_t *r, ngx_str_t *body,
    const char *name, ngx_str_t *value)
{
    if (ngx_http_carrierpay_body_field(r->pool, body, name, value) != NGX_OK) {
        ngx_str_null(value);
    }
}


ngx_int_t
ngx_http_carrierpay_checkout_token(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_http_carrierpay_checkout_field(r, body, "t", &cr->token);

    return ngx_carrierpay_token_valid(&cr->token) ? NGX_OK : NGX_DECLINED;
}
