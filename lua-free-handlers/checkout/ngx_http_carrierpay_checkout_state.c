
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_checkout_state.h"


typedef struct {
    const char                   *state;
    ngx_http_carrierpay_page_e    page;
} ngx_http_carrierpay_state_page_t;


static ngx_http_carrierpay_state_page_t
    ngx_http_carrierpay_state_pages[] =
{
    { "pending",     NGX_HTTP_CARRIERPAY_PAGE_BY_STATE },
    { "processing",  NGX_HTTP_CARRIERPAY_PAGE_PROCESSING },
    { "succeeded",   NGX_HTTP_CARRIERPAY_PAGE_RECEIPT },
    { "failed",      NGX_HTTP_CARRIERPAY_PAGE_FAILED },
    { "expired",     NGX_HTTP_CARRIERPAY_PAGE_EXPIRED },
    { "canceled",    NGX_HTTP_CARRIERPAY_PAGE_CANCELED },
    { NULL,          NGX_HTTP_CARRIERPAY_PAGE_MAX }
};


static ngx_str_t  ngx_http_carrierpay_pin_wrong = ngx_string("wrong");
static ngx_str_t  ngx_http_carrierpay_pin_exhausted = ngx_string("exhausted");


ngx_uint_t
ngx_http_carrierpay_checkout_pending(ngx_carrierpay_payment_t *p)
{
    return ngx_http_carrierpay_checkout_state_page(p)
           == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE;
}


ngx_http_carrierpay_page_e
ngx_http_carrierpay_checkout_state_page(ngx_carrierpay_payment_t *p)
{
    ngx_http_carrierpay_state_page_t  *sp;

    for (sp = ngx_http_carrierpay_state_pages; sp->state; sp++) {
        if (ngx_carrierpay_payment_is(p, sp->state)) {
            break;
        }
    }

    if (sp->page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE
        && p->expires <= ngx_carrierpay_now())
    {
        return NGX_HTTP_CARRIERPAY_PAGE_EXPIRED;
    }

    if (sp->page == NGX_HTTP_CARRIERPAY_PAGE_PROCESSING && p->approval) {
        return NGX_HTTP_CARRIERPAY_PAGE_APPROVE;
    }

    return sp->page;
}


ngx_str_t *
ngx_http_carrierpay_checkout_pin_reason(ngx_carrierpay_charge_t *charge)
{
    ngx_str_t  *reason, *wrong;

    reason = &charge->reason;
    wrong = &ngx_http_carrierpay_pin_wrong;

    if (charge->guess.left == 0 && reason->len == wrong->len
        && ngx_memcmp(reason->data, wrong->data, wrong->len) == 0)
    {
        return &ngx_http_carrierpay_pin_exhausted;
    }

    return reason;
}
