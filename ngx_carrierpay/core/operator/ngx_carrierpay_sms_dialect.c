
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"


ngx_carrierpay_sms_provider_t *
ngx_carrierpay_sms_find(ngx_array_t *list, ngx_str_t *name)
{
    ngx_uint_t                       i;
    ngx_carrierpay_sms_provider_t  **p;

    p = list->elts;

    for (i = 0; i < list->nelts; i++) {
        if (p[i]->name.len == name->len
            && ngx_memcmp(p[i]->name.data, name->data, name->len) == 0)
        {
            return p[i];
        }
    }

    return NULL;
}


ngx_uint_t
ngx_carrierpay_sms_free(ngx_array_t *list)
{
    ngx_uint_t                       i;
    ngx_carrierpay_sms_provider_t  **p;

    p = list->elts;

    for (i = 0; i < list->nelts; i++) {
        if (!p[i]->free) {
            return 0;
        }
    }

    return list->nelts != 0;
}
