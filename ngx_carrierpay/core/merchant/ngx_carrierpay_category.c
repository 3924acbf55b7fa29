
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_category.h"


static const ngx_str_t  ngx_carrierpay_categories[NGX_CARRIERPAY_CATEGORIES] =
{
    [NGX_CARRIERPAY_CATEGORY_DIGITAL_CONTENT] = ngx_string("digital_content"),
    [NGX_CARRIERPAY_CATEGORY_VOICE] = ngx_string("voice"),
    [NGX_CARRIERPAY_CATEGORY_CHARITY] = ngx_string("charity"),
    [NGX_CARRIERPAY_CATEGORY_TICKETS] = ngx_string("tickets"),
    [NGX_CARRIERPAY_CATEGORY_PHYSICAL_GOODS] = ngx_string("physical_goods")
};


const ngx_str_t *
ngx_carrierpay_category_name(ngx_carrierpay_category_e category)
{
    return &ngx_carrierpay_categories[category];
}


ngx_int_t
ngx_carrierpay_category_parse(const ngx_str_t *word,
    ngx_carrierpay_category_e *category)
{
    ngx_uint_t        i;
    const ngx_str_t  *known;

    for (i = 0; i < NGX_CARRIERPAY_CATEGORIES; i++) {
        known = &ngx_carrierpay_categories[i];

        if (known->len == word->len
            && ngx_memcmp(known->data, word->data, word->len) == 0)
        {
            *category = i;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}
