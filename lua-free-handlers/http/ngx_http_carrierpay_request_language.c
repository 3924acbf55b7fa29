
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_request_header.h"
#include "ngx_http_carrierpay_request_language.h"


const ngx_carrierpay_language_t *
ngx_http_carrierpay_request_language(ngx_http_request_t *r)
{
    ngx_str_t  value;

    if (ngx_http_carrierpay_request_header(r, "accept-language", &value)
        != NGX_OK)
    {
        return ngx_carrierpay_language_default();
    }

    return ngx_carrierpay_language_accept(&value);
}
