
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialects.h"


/* A row is a dialect: sandbox is that of ngx_carrierpay_sandbox.c. */

#define NGX_CARRIERPAY_DIALECTS(dialect)                                      \
    dialect(sandbox)


#define ngx_carrierpay_dialect_extern(name)                                   \
    extern const ngx_carrierpay_dialect_t  ngx_carrierpay_##name##_dialect;

#define ngx_carrierpay_dialect_row(name)                                      \
    &ngx_carrierpay_##name##_dialect,


NGX_CARRIERPAY_DIALECTS(ngx_carrierpay_dialect_extern)


static const ngx_carrierpay_dialect_t *const  ngx_carrierpay_dialects[] = {
    NGX_CARRIERPAY_DIALECTS(ngx_carrierpay_dialect_row)
    NULL
};


const ngx_carrierpay_dialect_t *
ngx_carrierpay_dialects_find(const ngx_str_t *name)
{
    const ngx_carrierpay_dialect_t *const  *d;

    for (d = ngx_carrierpay_dialects; *d; d++) {
        if ((*d)->name.len == name->len
            && ngx_memcmp((*d)->name.data, name->data, name->len) == 0)
        {
            break;
        }
    }

    return *d;
}
