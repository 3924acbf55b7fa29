
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_contact.h"


ngx_int_t
ngx_http_carrierpay_contact_url(ngx_pool_t *pool, ngx_str_t *contact,
    ngx_str_t *url)
{
    u_char      *p, c;
    size_t       i;
    ngx_uint_t   at, digits, other;

    if (contact->len > sizeof("https://") - 1
        && ngx_memcmp(contact->data, "https://", sizeof("https://") - 1) == 0)
    {
        *url = *contact;
        return NGX_OK;
    }

    at = 0;
    digits = 0;
    other = 0;

    for (i = 0; i < contact->len; i++) {
        c = contact->data[i];

        if (c >= '0' && c <= '9') {
            digits++;

        } else if (c == '@') {
            at++;

        } else if (c != ' ' && c != '.' && c != '-' && (c != '+' || i)) {
            other++;
        }
    }

    url->data = ngx_pnalloc(pool, sizeof("mailto:") - 1 + contact->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = url->data;

    if (at == 1 && ngx_strlchr(contact->data, contact->data + contact->len,
                               ' ')
                   == NULL)
    {
        p = ngx_sprintf(p, "mailto:%V", contact);

    } else if (at == 0 && other == 0 && digits >= 3) {
        p = ngx_cpymem(p, "tel:", sizeof("tel:") - 1);

        for (i = 0; i < contact->len; i++) {
            c = contact->data[i];

            if ((c >= '0' && c <= '9') || c == '+') {
                *p++ = c;
            }
        }
    }

    url->len = p - url->data;

    return NGX_OK;
}
