
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator_check.h"
#include "ngx_carrierpay_operator_numbers.h"
#include "ngx_carrierpay_operator_ported.h"


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

    return ngx_carrierpay_operator_ported_init(cf, ops);
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
