
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_time.h"


static ngx_int_t ngx_carrierpay_consent_text(ngx_pool_t *pool, ngx_str_t *dst,
    const ngx_str_t *src);
static size_t ngx_carrierpay_consent_size(const ngx_str_t *text);
static u_char *ngx_carrierpay_consent_member(u_char *p, const char *name,
    const ngx_str_t *text);


ngx_int_t
ngx_carrierpay_consent_copy(ngx_pool_t *pool, ngx_carrierpay_consent_t *dst,
    const ngx_carrierpay_consent_t *src)
{
    size_t     len;
    ngx_str_t  agent;

    agent = src->agent;

    if (!ngx_carrierpay_text_utf8_valid(agent.data, agent.len)) {
        ngx_str_set(&agent, "?");
    }

    len = ngx_min(agent.len, NGX_CARRIERPAY_CONSENT_AGENT_MAX);

    while (len < agent.len && (agent.data[len] & 0xc0) == 0x80) {
        len--;
    }

    agent.len = len;

    dst->shown_at = src->shown_at;
    dst->translate = src->translate;
    dst->pages = src->pages;
    dst->number = src->number;

    if (ngx_carrierpay_consent_text(pool, &dst->locale, &src->locale)
        != NGX_OK
        || ngx_carrierpay_consent_text(pool, &dst->page, &src->page) != NGX_OK
        || ngx_carrierpay_consent_text(pool, &dst->shown, &src->shown)
           != NGX_OK
        || ngx_carrierpay_consent_text(pool, &dst->address, &src->address)
           != NGX_OK
        || ngx_carrierpay_consent_text(pool, &dst->agent, &agent) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_consent_text(ngx_pool_t *pool, ngx_str_t *dst,
    const ngx_str_t *src)
{
    if (src->data == NULL) {
        ngx_str_null(dst);
        return NGX_OK;
    }

    dst->len = src->len;
    dst->data = ngx_pnalloc(pool, src->len + 1);

    if (dst->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(dst->data, src->data, src->len);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_consent_show(ngx_carrierpay_consent_t *consent,
    ngx_pool_t *pool, ngx_carrierpay_payment_t *p,
    ngx_carrierpay_carrier_t *carrier, ngx_str_t *end_user)
{
    u_char    *b, mask[NGX_CARRIERPAY_END_USER_MASK_LEN];
    ngx_str_t  bill, masked;

    bill = carrier->mvno ? carrier->mvno->title : carrier->operator->title;

    masked.data = mask;
    masked.len = ngx_carrierpay_end_user_mask(mask, end_user) - mask;

    b = ngx_pnalloc(pool, sizeof("{\"merchant\":,\"description\":,\"amount\":,"
                                 "\"currency\":,\"later_charges\":"
                                 "{\"max_per_month\":},\"bill\":,\"line\":}")
                          + 2 * NGX_INT64_LEN
                          + ngx_carrierpay_consent_size(&p->merchant_name)
                          + ngx_carrierpay_consent_size(&p->description)
                          + ngx_carrierpay_consent_size(&p->currency)
                          + ngx_carrierpay_consent_size(&bill)
                          + ngx_carrierpay_consent_size(&masked));
    if (b == NULL) {
        return NGX_ERROR;
    }

    consent->shown_at = ngx_carrierpay_now();
    consent->shown.data = b;

    b = ngx_carrierpay_consent_member(b, "{\"merchant\":", &p->merchant_name);
    b = ngx_carrierpay_consent_member(b, ",\"description\":",
                                      &p->description);
    b = ngx_sprintf(b, ",\"amount\":%L", p->amount);
    b = ngx_carrierpay_consent_member(b, ",\"currency\":", &p->currency);

    if (p->later_max) {
        b = ngx_sprintf(b, ",\"later_charges\":{\"max_per_month\":%L}",
                        (int64_t) p->later_max);
    }

    b = ngx_carrierpay_consent_member(b, ",\"bill\":", &bill);
    b = ngx_carrierpay_consent_member(b, ",\"line\":", &masked);
    *b++ = '}';

    consent->shown.len = b - consent->shown.data;

    return NGX_OK;
}


static size_t
ngx_carrierpay_consent_size(const ngx_str_t *text)
{
    return sizeof("\"\"")
           + ngx_carrierpay_text_json_size(text->data, text->len);
}


static u_char *
ngx_carrierpay_consent_member(u_char *p, const char *name,
    const ngx_str_t *text)
{
    p = ngx_cpymem(p, name, ngx_strlen(name));
    *p++ = '"';
    p = ngx_carrierpay_text_json(p, text->data, text->len);
    *p++ = '"';

    return p;
}
