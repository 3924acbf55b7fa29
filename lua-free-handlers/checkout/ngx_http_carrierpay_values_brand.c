
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_colour.h"
#include "ngx_http_carrierpay_page_list.h"
#include "ngx_http_carrierpay_values_brand.h"


static ngx_int_t ngx_http_carrierpay_values_support(ngx_http_request_t *r,
    ngx_str_t *support, ngx_str_t *url);
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

    return ngx_http_carrierpay_values_support(r, &brand->support,
                                      &ngx_http_carrierpay_value(SUPPORT_URL));
}


/* An e-mail address, a number or an HTTPS page becomes a link. */

static ngx_int_t
ngx_http_carrierpay_values_support(ngx_http_request_t *r, ngx_str_t *support,
    ngx_str_t *url)
{
    u_char      *p, c;
    size_t       i;
    ngx_uint_t   at, digits, other;

    if (ngx_http_carrierpay_values_begins(support, "https://")) {
        *url = *support;
        return NGX_OK;
    }

    at = 0;
    digits = 0;
    other = 0;

    for (i = 0; i < support->len; i++) {
        c = support->data[i];

        if (c >= '0' && c <= '9') {
            digits++;

        } else if (c == '@') {
            at++;

        } else if (c != ' ' && c != '.' && c != '-' && (c != '+' || i)) {
            other++;
        }
    }

    url->data = ngx_pnalloc(r->pool, sizeof("mailto:") - 1 + support->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = url->data;

    if (at == 1 && ngx_strlchr(support->data, support->data + support->len,
                               ' ')
                   == NULL)
    {
        p = ngx_sprintf(p, "mailto:%V", support);

    } else if (at == 0 && other == 0 && digits >= 3) {
        p = ngx_cpymem(p, "tel:", sizeof("tel:") - 1);

        for (i = 0; i < support->len; i++) {
            c = support->data[i];

            if ((c >= '0' && c <= '9') || c == '+') {
                *p++ = c;
            }
        }
    }

    url->len = p - url->data;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_carrierpay_values_begins(ngx_str_t *text, const char *begin)
{
    size_t  len;

    len = ngx_strlen(begin);

    return text->len > len && ngx_memcmp(text->data, begin, len) == 0;
}
