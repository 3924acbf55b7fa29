
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/* ms from a payment's id to its call: what the ledger may take, and some */
#define NGX_CARRIERPAY_OPERATOR_LEAD  3000


static ngx_int_t ngx_carrierpay_operator_check(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_pair_check(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *a, ngx_carrierpay_operator_t *b);
static ngx_uint_t ngx_carrierpay_operator_numbers_overlap(
    ngx_carrierpay_numbering_t *a, ngx_carrierpay_numbering_t *b);
static ngx_uint_t ngx_carrierpay_operator_prefix_overlap(ngx_str_t *a,
    ngx_str_t *b);


ngx_carrierpay_operator_t *
ngx_carrierpay_operator_find(ngx_carrierpay_operators_t *ops, ngx_str_t *name)
{
    ngx_uint_t                  i;
    ngx_carrierpay_operator_t **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (op[i]->name.len == name->len
            && ngx_memcmp(op[i]->name.data, name->data, name->len) == 0)
        {
            return op[i];
        }
    }

    return NULL;
}


ngx_carrierpay_operator_t *
ngx_carrierpay_operator_by_address(ngx_carrierpay_operators_t *ops,
    struct sockaddr *sa)
{
    ngx_uint_t                   i, n;
    ngx_carrierpay_addr_t        addr;
    ngx_carrierpay_cidr_t       *net;
    ngx_carrierpay_operator_t  **op;

    if (ngx_carrierpay_addr_set(sa, &addr) != NGX_OK) {
        return NULL;
    }

    /* networks of two operators do not overlap, so the first is the one */

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        net = op[i]->networks.elts;

        for (n = 0; n < op[i]->networks.nelts; n++) {
            if (ngx_carrierpay_cidr_match(&net[n], &addr)) {
                return op[i];
            }
        }
    }

    return NULL;
}


ngx_carrierpay_operator_t *
ngx_carrierpay_operator_by_number(ngx_carrierpay_operators_t *ops,
    ngx_str_t *text, ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_msisdn_parse(text, &op[i]->numbering, msisdn)
            == NGX_OK)
        {
            return op[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_carrierpay_operators_check(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                   i, k;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_check(cf, op[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        for (k = 0; k < i; k++) {
            if (ngx_carrierpay_operator_pair_check(cf, op[k], op[i])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_check(ngx_conf_t *cf, ngx_carrierpay_operator_t *op)
{
    const char  *what;

    what = NULL;

    if (op->country.len == 0) {
        what = "no \"country\"";

    } else if (op->currency == NULL) {
        what = "no \"currency\"";

    } else if (op->numbering.cc.len == 0) {
        what = "no \"numbering\"";

    } else if (op->dialect == NULL) {
        what = "no \"dialect\"";

    } else if (op->pass.len == 0) {
        what = "no \"pass\"";

    } else if (op->header.len && op->networks.nelts == 0) {
        what = "a \"header\" but no \"network\" to believe it from";

    } else if (op->settle < op->timeout + NGX_CARRIERPAY_OPERATOR_LEAD) {

        /* a call in flight could land after "not found" was believed */

        what = "\"settle\" is not 3 seconds longer than \"timeout\"";

    } else {
        what = ngx_carrierpay_numbering_check(&op->numbering);
    }

    if (what == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "operator \"%V\": %s in %s:%ui", &op->name, what, op->file,
                  op->line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_operator_pair_check(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *a, ngx_carrierpay_operator_t *b)
{
    const char             *what;
    ngx_uint_t              i, k;
    ngx_carrierpay_cidr_t  *na, *nb;

    what = NULL;

    na = a->networks.elts;
    nb = b->networks.elts;

    for (i = 0; i < a->networks.nelts; i++) {
        for (k = 0; k < b->networks.nelts; k++) {
            if (ngx_carrierpay_cidr_overlap(&na[i], &nb[k])) {
                what = "networks overlap";
            }
        }
    }

    if (ngx_carrierpay_operator_numbers_overlap(&a->numbering, &b->numbering))
    {
        what = "numberings overlap";
    }

    if (what == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "%s: operator \"%V\" in %s:%ui and operator \"%V\" in "
                  "%s:%ui",
                  what, &a->name, a->file, a->line, &b->name, b->file,
                  b->line);

    return NGX_ERROR;
}


static ngx_uint_t
ngx_carrierpay_operator_numbers_overlap(ngx_carrierpay_numbering_t *a,
    ngx_carrierpay_numbering_t *b)
{
    ngx_uint_t  i, k;

    if (a->cc.len != b->cc.len
        || ngx_memcmp(a->cc.data, b->cc.data, a->cc.len) != 0
        || a->len_max < b->len_min || b->len_max < a->len_min)
    {
        return 0;
    }

    if (a->nprefixes == 0 || b->nprefixes == 0) {
        return 1;
    }

    for (i = 0; i < a->nprefixes; i++) {
        for (k = 0; k < b->nprefixes; k++) {
            if (ngx_carrierpay_operator_prefix_overlap(&a->prefixes[i],
                                                       &b->prefixes[k]))
            {
                return 1;
            }
        }
    }

    return 0;
}


static ngx_uint_t
ngx_carrierpay_operator_prefix_overlap(ngx_str_t *a, ngx_str_t *b)
{
    return ngx_memcmp(a->data, b->data, ngx_min(a->len, b->len)) == 0;
}
