
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator_check.h"
#include "ngx_carrierpay_operator_numbers.h"


/*
 * ms from the time in a payment's id to its call to the operator: what the
 * ledger may take, with a reserve
 */
#define NGX_CARRIERPAY_OPERATOR_LEAD  3000


static ngx_int_t ngx_carrierpay_operator_check_one(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static const char *ngx_carrierpay_operator_check_block(
    ngx_carrierpay_operator_t *op);
static ngx_uint_t ngx_carrierpay_operator_check_bills(
    ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_check_mccmncs(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_carrierpay_operator_check_mccmnc(ngx_conf_t *cf,
    ngx_array_t *seen, ngx_array_t *words);
static ngx_int_t ngx_carrierpay_operator_check_ported(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_carrierpay_operator_check_ported_carrier(
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_ported_carrier_t *ported);
static ngx_int_t ngx_carrierpay_operator_check_providers(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *list);


ngx_int_t
ngx_carrierpay_operator_check(ngx_conf_t *cf, ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_check_one(cf, ops, op[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_carrierpay_networks_init(cf, &ops->networks) != NGX_OK
        || ngx_carrierpay_operator_check_mccmncs(cf, ops) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_operator_check_ported(cf, ops);
}


ngx_int_t
ngx_carrierpay_operator_check_sms(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_array_t *list)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_check_providers(cf, op[i], list)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_check_one(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op)
{
    const char  *what;

    what = ngx_carrierpay_operator_check_block(op);

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "operator \"%V\": %s in %s:%ui", &op->name, what,
                      op->file, op->line);
        return NGX_ERROR;
    }

    return ngx_carrierpay_operator_numbers_init(cf, ops, op);
}


static const char *
ngx_carrierpay_operator_check_block(ngx_carrierpay_operator_t *op)
{
    if (op->country.len == 0) {
        return "no \"country\"";
    }

    if (op->numbering.cc.len == 0) {
        return "no \"numbering\"";
    }

    if ((op->headers.nelts || op->mccmnc_header.len) && op->nmobile == 0) {
        return "a \"header\" but no \"network\" to believe it from";
    }

    if (op->mccmnc_header.len && op->mccmncs.nelts == 0) {
        return "a \"mccmnc_header\" but no \"mccmnc\"";
    }

    if (ngx_carrierpay_operator_check_bills(op)) {

        if (op->currency == NULL) {
            return "no \"currency\"";
        }

        if (op->dialect == NULL) {
            return "no \"dialect\"";
        }

        if (!ngx_carrierpay_dialect_offers(op->dialect,
                                           NGX_CARRIERPAY_OPERATION_CHARGE))
        {
            return "billing is on but its \"dialect\" cannot charge";
        }

        if (op->pass.len == 0) {
            return "no \"pass\"";
        }
    }

    if (op->lookup_pass.len
        && (op->dialect == NULL || op->dialect->lookup == NULL))
    {
        return "a \"lookup_pass\" but no \"dialect\" to speak there";
    }

    /*
     * Otherwise a call in flight could arrive after "not found" was believed.
     */

    if (op->settle < op->timeout + NGX_CARRIERPAY_OPERATOR_LEAD) {
        return "\"settle\" is not 3 seconds longer than \"timeout\"";
    }

    return NULL;
}


/* Tells whether any customer on the operator's network may be billed. */

static ngx_uint_t
ngx_carrierpay_operator_check_bills(ngx_carrierpay_operator_t *op)
{
    ngx_uint_t               i;
    ngx_carrierpay_mvno_t  **mvno;

    if (op->billing.on) {
        return 1;
    }

    mvno = op->mvnos.elts;

    for (i = 0; i < op->mvnos.nelts; i++) {
        if (mvno[i]->billing.on) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_carrierpay_operator_check_mccmncs(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                   i, j;
    ngx_array_t                  seen;
    ngx_carrierpay_mvno_t      **mvno;
    ngx_carrierpay_operator_t  **op;

    if (ngx_array_init(&seen, cf->temp_pool, 64,
                       sizeof(ngx_carrierpay_conf_value_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {

        if (ngx_carrierpay_operator_check_mccmnc(cf, &seen, &op[i]->mccmncs)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        mvno = op[i]->mvnos.elts;

        for (j = 0; j < op[i]->mvnos.nelts; j++) {
            if (ngx_carrierpay_operator_check_mccmnc(cf, &seen,
                                                     &mvno[j]->mccmncs)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_check_mccmnc(ngx_conf_t *cf, ngx_array_t *seen,
    ngx_array_t *words)
{
    ngx_uint_t                    i, j;
    ngx_carrierpay_conf_value_t  *word, *other;

    word = words->elts;

    for (i = 0; i < words->nelts; i++) {

        other = seen->elts;

        for (j = 0; j < seen->nelts; j++) {

            if (other[j].text.len != word[i].text.len
                || ngx_memcmp(other[j].text.data, word[i].text.data,
                              word[i].text.len)
                   != 0)
            {
                continue;
            }

            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "mccmnc \"%V\" is given twice: in %s:%ui and in "
                          "%s:%ui", &word[i].text, other[j].file,
                          other[j].line, word[i].file, word[i].line);
            return NGX_ERROR;
        }

        other = ngx_array_push(seen);
        if (other == NULL) {
            return NGX_ERROR;
        }

        *other = word[i];
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_check_ported(ngx_conf_t *cf,
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
        if (ngx_carrierpay_operator_check_ported_carrier(ops, &carrier[i])
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
ngx_carrierpay_operator_check_ported_carrier(ngx_carrierpay_operators_t *ops,
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


static ngx_int_t
ngx_carrierpay_operator_check_providers(ngx_conf_t *cf,
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
