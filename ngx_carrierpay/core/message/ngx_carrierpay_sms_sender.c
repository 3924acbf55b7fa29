
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_sender.h"


static void ngx_carrierpay_sms_sender_country(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_sms_provider_t *provider, ngx_str_t *country);
static ngx_uint_t ngx_carrierpay_sms_sender_serves(
    ngx_carrierpay_sms_provider_t *provider, ngx_carrierpay_operator_t *op);


ngx_int_t
ngx_carrierpay_sms_sender_parse(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_sms_provider_t *provider, ngx_str_t *from,
    ngx_carrierpay_msisdn_t *msisdn)
{
    u_char     buf[NGX_CARRIERPAY_NUMBER_TYPED_MAX];
    ngx_str_t  number, country;

    static const ngx_str_t  none = ngx_null_string;

    if (from->len == 0 || from->len > sizeof(buf)) {
        return NGX_DECLINED;
    }

    ngx_memcpy(buf, from->data, from->len);

    if (buf[0] == ' ') {
        buf[0] = '+';
    }

    number.data = buf;
    number.len = from->len;

    if (ngx_carrierpay_number_parse(ops, &none, &number, msisdn) == NGX_OK) {
        return NGX_OK;
    }

    ngx_carrierpay_sms_sender_country(ops, provider, &country);

    return country.len
           ? ngx_carrierpay_number_parse(ops, &country, &number, msisdn)
           : NGX_DECLINED;
}


/* The country that a gateway serves; "": there is none, or more than one. */

static void
ngx_carrierpay_sms_sender_country(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_sms_provider_t *provider, ngx_str_t *country)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    ngx_str_null(country);
    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {

        if (!ngx_carrierpay_sms_sender_serves(provider, op[i])) {
            continue;
        }

        if (country->len
            && (country->len != op[i]->country.len
                || ngx_memcmp(country->data, op[i]->country.data,
                              country->len)
                   != 0))
        {
            ngx_str_null(country);
            return;
        }

        *country = op[i]->country;
    }
}


static ngx_uint_t
ngx_carrierpay_sms_sender_serves(ngx_carrierpay_sms_provider_t *provider,
    ngx_carrierpay_operator_t *op)
{
    ngx_uint_t  i;

    for (i = 0; i < op->nproviders; i++) {
        if (op->providers[i] == provider) {
            return 1;
        }
    }

    return 0;
}
