
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_reply.h"


ngx_int_t
ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    return ngx_http_carrierpay_checkout_message(r, cr,
                                            NGX_HTTP_CARRIERPAY_PAGE_MISSING);
}


ngx_int_t
ngx_http_carrierpay_checkout_unavailable(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    cr->retry = 2;

    return ngx_http_carrierpay_checkout_message(r, cr,
                                        NGX_HTTP_CARRIERPAY_PAGE_UNAVAILABLE);
}


ngx_int_t
ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r,
    const char *query)
{
    ngx_str_t  path;

    if (ngx_http_carrierpay_checkout_url_self(r, query, &path) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &path);
}
