
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_time.h"
#include "ngx_http_carrierpay_checkout_state.h"


static ngx_http_carrierpay_page_e
    ngx_http_carrierpay_state_pages[NGX_CARRIERPAY_PAYMENT_STATES] =
{
    [NGX_CARRIERPAY_PAYMENT_PENDING] = NGX_HTTP_CARRIERPAY_PAGE_BY_STATE,
    [NGX_CARRIERPAY_PAYMENT_PROCESSING] = NGX_HTTP_CARRIERPAY_PAGE_PROCESSING,
    [NGX_CARRIERPAY_PAYMENT_AUTHORIZED] = NGX_HTTP_CARRIERPAY_PAGE_AUTHORIZED,
    [NGX_CARRIERPAY_PAYMENT_SUCCEEDED] = NGX_HTTP_CARRIERPAY_PAGE_RECEIPT,
    [NGX_CARRIERPAY_PAYMENT_FAILED] = NGX_HTTP_CARRIERPAY_PAGE_FAILED,
    [NGX_CARRIERPAY_PAYMENT_EXPIRED] = NGX_HTTP_CARRIERPAY_PAGE_EXPIRED,
    [NGX_CARRIERPAY_PAYMENT_CANCELED] = NGX_HTTP_CARRIERPAY_PAGE_CANCELED
};


ngx_uint_t
ngx_http_carrierpay_checkout_pending(ngx_carrierpay_payment_t *p)
{
    return ngx_http_carrierpay_checkout_state_page(p)
           == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE;
}


ngx_http_carrierpay_page_e
ngx_http_carrierpay_checkout_state_page(ngx_carrierpay_payment_t *p)
{
    ngx_http_carrierpay_page_e  page;

    page = ngx_http_carrierpay_state_pages[p->state];

    if (page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE
        && p->expires <= ngx_carrierpay_now())
    {
        return NGX_HTTP_CARRIERPAY_PAGE_EXPIRED;
    }

    if (page == NGX_HTTP_CARRIERPAY_PAGE_PROCESSING && p->approval) {
        return NGX_HTTP_CARRIERPAY_PAGE_APPROVE;
    }

    return page;
}
