
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_colour.h"
#include "ngx_http_carrierpay_contact.h"
#include "ngx_http_carrierpay_page_list.h"
#include "ngx_http_carrierpay_values_brand.h"


static ngx_uint_t ngx_http_carrierpay_values_begins(ngx_str_t *text,
    const char *begin);


ngx_int_t
ngx_http_carrierpay_values_brand(ngx_http_request_t *r,
    ngx_carrierpay_brand_t *brand, ngx_str_t *values)
{
    uint32_t  colour;

    if (ngx_carrierpay_colour_parse(brand->colour.data, brand->colour.len,
                                    &colour)
        == NGX_OK)
    {
        ngx_http_carrierpay_value(COLOUR) = brand->colour;
    }

    if (ngx_http_carrierpay_values_begins(&brand->logo, "data:image/")) {
        ngx_http_carrierpay_value(LOGO) = brand->logo;
    }

    if (ngx_http_carrierpay_values_begins(&brand->terms_url, "https://")
        || ngx_http_carrierpay_values_begins(&brand->terms_url, "http://"))
    {
        ngx_http_carrierpay_value(TERMS) = brand->terms_url;
    }

    if (brand->support.len == 0) {
        return NGX_OK;
    }

    ngx_http_carrierpay_value(SUPPORT) = brand->support;

    return ngx_http_carrierpay_contact_url(r->pool, &brand->support,
                                      &ngx_http_carrierpay_value(SUPPORT_URL));
}


static ngx_uint_t
ngx_http_carrierpay_values_begins(ngx_str_t *text, const char *begin)
{
    size_t  len;

    len = ngx_strlen(begin);

    return text->len > len && ngx_memcmp(text->data, begin, len) == 0;
}
