
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialects.h"
#include "ngx_carrierpay_sms_http.h"
#include "ngx_carrierpay_sms_kannel.h"


static const ngx_carrierpay_sms_dialect_t  *ngx_carrierpay_sms_dialects[] = {
    &ngx_carrierpay_sms_kannel_dialect,
    &ngx_carrierpay_sms_http_dialect,
    NULL
};


const ngx_carrierpay_sms_dialect_t *
ngx_carrierpay_sms_dialect_find(ngx_str_t *name)
{
    const ngx_carrierpay_sms_dialect_t  **d;

    for (d = ngx_carrierpay_sms_dialects; *d; d++) {
        if ((*d)->name.len == name->len
            && ngx_memcmp((*d)->name.data, name->data, name->len) == 0)
        {
            break;
        }
    }

    return *d;
}
