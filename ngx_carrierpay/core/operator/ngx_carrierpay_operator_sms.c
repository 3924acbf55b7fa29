
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator_sms.h"


static ngx_int_t ngx_carrierpay_operator_sms_providers(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *list);


ngx_int_t
ngx_carrierpay_operator_sms_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_array_t *list)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_sms_providers(cf, op[i], list) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_sms_providers(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *list)
{
    ngx_msec_t                    timeout;
    ngx_uint_t                    i;
    ngx_carrierpay_conf_value_t  *word;

    op->providers = ngx_palloc(cf->pool, op->sms.nelts
                                  * sizeof(ngx_carrierpay_sms_provider_t *));
    if (op->providers == NULL) {
        return NGX_ERROR;
    }

    timeout = 0;
    word = op->sms.elts;

    for (i = 0; i < op->sms.nelts; i++) {
        op->providers[i] = ngx_carrierpay_sms_find(list, &word[i].text);

        if (op->providers[i] == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "operator \"%V\": unknown SMS provider \"%V\""
                          " in %s:%ui", &op->name, &word[i].text,
                          word[i].file, word[i].line);
            return NGX_ERROR;
        }

        timeout += op->providers[i]->timeout;

        if (timeout > NGX_CARRIERPAY_SMS_TIMEOUT_MAX) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "operator \"%V\": the timeouts of its SMS providers"
                          " are more than a minute together in %s:%ui",
                          &op->name, word[i].file, word[i].line);
            return NGX_ERROR;
        }
    }

    op->nproviders = op->sms.nelts;

    return NGX_OK;
}
