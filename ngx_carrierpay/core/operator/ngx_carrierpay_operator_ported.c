
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator_ported.h"


static ngx_int_t ngx_carrierpay_operator_ported_carrier(
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_ported_carrier_t *ported);


ngx_int_t
ngx_carrierpay_operator_ported_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                        i;
    ngx_carrierpay_ported_carrier_t  *carrier;

    if (ops->ported.file.len == 0) {
        return NGX_OK;
    }

    if (ngx_carrierpay_ported_read(cf, &ops->ported) != NGX_OK) {
        return NGX_ERROR;
    }

    carrier = ops->ported.carriers.elts;

    for (i = 0; i < ops->ported.carriers.nelts; i++) {
        if (ngx_carrierpay_operator_ported_carrier(ops, &carrier[i])
            != NGX_OK)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "unknown operator \"%V\" in %V:%ui",
                          &carrier[i].name, &ops->ported.file,
                          carrier[i].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Finds "20810", "orange_fr" or "orange_fr/nrj_mobile".  An MCCMNC may be that
 * of an operator that is not configured.
 */

static ngx_int_t
ngx_carrierpay_operator_ported_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_ported_carrier_t *ported)
{
    u_char                   *slash, *last;
    ngx_str_t                 name;
    ngx_carrierpay_carrier_t  carrier;

    name = ported->name;
    last = name.data + name.len;

    if (ngx_carrierpay_mccmnc_valid(&name)) {
        (void) ngx_carrierpay_mccmnc_carrier(ops, &name, &carrier);

        ported->operator = carrier.operator;
        ported->mvno = carrier.mvno;

        return NGX_OK;
    }

    slash = ngx_strlchr(name.data, last, '/');

    name.len = (slash ? slash : last) - name.data;
    ported->operator = ngx_carrierpay_operator_find(ops, &name);

    if (ported->operator == NULL || slash == NULL) {
        return ported->operator ? NGX_OK : NGX_DECLINED;
    }

    name.data = slash + 1;
    name.len = last - name.data;
    ported->mvno = ngx_carrierpay_mvno_find(ported->operator, &name);

    return ported->mvno ? NGX_OK : NGX_DECLINED;
}
