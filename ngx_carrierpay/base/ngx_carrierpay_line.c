
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_line.h"


#define NGX_CARRIERPAY_LINE_ACR_LEN     (sizeof("acr:") - 1)

/* a shorter token says too much by its end */
#define NGX_CARRIERPAY_LINE_TOKEN_SHOWN  8


ngx_uint_t
ngx_carrierpay_line_acr(const ngx_str_t *line)
{
    return line->len >= NGX_CARRIERPAY_LINE_ACR_LEN
           && ngx_strncmp(line->data, "acr:", NGX_CARRIERPAY_LINE_ACR_LEN)
              == 0;
}


ngx_int_t
ngx_carrierpay_line_check(const ngx_str_t *line)
{
    size_t                   i;
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_line_acr(line)) {
        return ngx_carrierpay_msisdn_load(line, &msisdn);
    }

    if (line->len == NGX_CARRIERPAY_LINE_ACR_LEN
        || line->len > NGX_CARRIERPAY_LINE_MAX)
    {
        return NGX_DECLINED;
    }

    for (i = NGX_CARRIERPAY_LINE_ACR_LEN; i < line->len; i++) {
        if (line->data[i] <= ' ' || line->data[i] > '~') {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


u_char *
ngx_carrierpay_line_mask(u_char *buf, const ngx_str_t *line)
{
    ngx_carrierpay_msisdn_t  msisdn;

    if (!ngx_carrierpay_line_acr(line)) {
        return ngx_carrierpay_msisdn_load(line, &msisdn) == NGX_OK
               ? ngx_carrierpay_msisdn_mask(buf, &msisdn) : buf;
    }

    buf = ngx_cpymem(buf, "acr:******", sizeof("acr:******") - 1);

    if (line->len
        >= NGX_CARRIERPAY_LINE_ACR_LEN + NGX_CARRIERPAY_LINE_TOKEN_SHOWN)
    {
        buf = ngx_cpymem(buf, line->data + line->len - 2, 2);
    }

    return buf;
}


void
ngx_carrierpay_line_index(u_char index[NGX_CARRIERPAY_SHA256_LEN],
    const ngx_str_t *key, const ngx_str_t *operator, const ngx_str_t *line)
{
    ngx_str_t  pieces[3];

    pieces[0] = *line;
    ngx_str_set(&pieces[1], "\n");      /* in no line and in no name */
    pieces[2] = *operator;

    ngx_carrierpay_hmac_sha256_pieces(index, key, pieces,
                                      ngx_carrierpay_line_acr(line) ? 3 : 1);
}
