
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ported_parse.h"


static ngx_uint_t ngx_carrierpay_ported_parse_name(u_char *p, u_char *last);


ngx_int_t
ngx_carrierpay_ported_parse(ngx_str_t *line, uint64_t *number,
    ngx_str_t *carrier)
{
    u_char     *p, *last, *comma, *slash;
    uint64_t    n;

    p = line->data;
    last = p + line->len;

    if (last > p && last[-1] == '\r') {
        last--;
    }

    if (p == last || *p == '#') {
        return NGX_DECLINED;
    }

    if (*p == '0') {
        return NGX_ERROR;
    }

    n = 0;

    for (comma = p; comma < last && *comma >= '0' && *comma <= '9'; comma++) {
        if (comma - p == NGX_CARRIERPAY_MSISDN_MAX) {
            return NGX_ERROR;
        }

        n = n * 10 + (*comma - '0');
    }

    if (comma - p < NGX_CARRIERPAY_MSISDN_MIN || comma == last
        || *comma != ',')
    {
        return NGX_ERROR;
    }

    *number = n;

    carrier->data = comma + 1;
    carrier->len = last - carrier->data;

    slash = ngx_strlchr(carrier->data, last, '/');

    if (!ngx_carrierpay_ported_parse_name(carrier->data, slash ? slash : last)
        || (slash && !ngx_carrierpay_ported_parse_name(slash + 1, last)))
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Tells whether the text has the form of an operator's or MVNO's name, or of
 * an MCCMNC.
 */

static ngx_uint_t
ngx_carrierpay_ported_parse_name(u_char *p, u_char *last)
{
    if (p == last || last - p > NGX_CARRIERPAY_NAME_MAX) {
        return 0;
    }

    for ( /* void */ ; p < last; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < '0' || *p > '9') && *p != '_') {
            return 0;
        }
    }

    return 1;
}
