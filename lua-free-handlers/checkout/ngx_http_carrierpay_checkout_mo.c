
/*
 * The shopper will send an SMS: a page of its own waits for it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_flow_wait.h"


static ngx_int_t ngx_http_carrierpay_checkout_mo_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);


ngx_int_t
ngx_http_carrierpay_checkout_mo(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                                rc;
    ngx_str_t                                country, code;
    ngx_carrierpay_core_t                   *core;
    ngx_carrierpay_flow_t                   *flow;
    ngx_http_carrierpay_checkout_request_t  *cr;

    rc = ngx_http_carrierpay_checkout_form(r, &cr);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    ngx_http_carrierpay_checkout_field(r, body, "country", &cr->country);
    ngx_http_carrierpay_countries_guess(r, cr->lang, &cr->country, &country);

    if (ngx_http_carrierpay_countries_code(r, &country, &code) != NGX_OK) {
        cr->alert = "mo_unavailable";
        return ngx_http_carrierpay_checkout_look(r, cr);
    }

    cr->country = country;
    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_mo_page(core, cr->payment_id, &cr->visitor)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT,
                                    ngx_http_carrierpay_checkout_mo_end);
}


static ngx_int_t
ngx_http_carrierpay_checkout_mo_end(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    u_char                                  *query;
    ngx_str_t                                token;
    ngx_carrierpay_checkout_t               *checkout;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;
    checkout = flow->data;

    if (flow->late || flow->rc == NGX_ERROR
        || checkout->result != NGX_CARRIERPAY_CHARGE_OK)
    {
        return ngx_http_carrierpay_checkout_unavailable(r, cr);
    }

    if (!ngx_carrierpay_payment_is(&checkout->payment, "pending")) {
        return ngx_http_carrierpay_checkout_redirect(r, "");
    }

    token.data = checkout->session.token;
    token.len = NGX_CARRIERPAY_TOKEN_LEN;

    query = ngx_pnalloc(r->pool, sizeof("?m=&c=") + token.len
                                 + cr->country.len);
    if (query == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(query, "?m=%V&c=%V%Z", &token, &cr->country);

    return ngx_http_carrierpay_checkout_redirect(r, (char *) query);
}
