
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator_numbers.h"


static ngx_int_t ngx_carrierpay_operator_numbers_numbering(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_numbers_add(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_str_t *digits, ngx_uint_t fixed);
static ngx_int_t ngx_carrierpay_operator_numbers_prefixes(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_carrierpay_mvno_t *mvno, ngx_array_t *words);
static ngx_uint_t ngx_carrierpay_operator_numbers_fits(
    ngx_carrierpay_numbering_t *n, ngx_str_t *prefix);
static ngx_int_t ngx_carrierpay_operator_numbers_longest(ngx_str_t *list,
    ngx_uint_t n, ngx_str_t *digits);
static ngx_int_t ngx_carrierpay_operator_numbers_plan(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_numbers_join(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *plan, ngx_carrierpay_numbering_t *n);
static ngx_int_t ngx_carrierpay_operator_numbers_append(ngx_conf_t *cf,
    ngx_str_t **list, ngx_uint_t *n, ngx_str_t *more, ngx_uint_t nmore);
static ngx_uint_t ngx_carrierpay_operator_numbers_same(ngx_str_t *a,
    ngx_str_t *b);


ngx_int_t
ngx_carrierpay_operator_numbers_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op)
{
    ngx_uint_t               i;
    ngx_carrierpay_mvno_t  **mvno;

    if (ngx_carrierpay_operator_numbers_numbering(cf, ops, op) != NGX_OK
        || ngx_carrierpay_operator_numbers_prefixes(cf, ops, op, NULL,
                                                    &op->prefixes)
           != NGX_OK
        || ngx_carrierpay_operator_numbers_plan(cf, ops, op) != NGX_OK)
    {
        return NGX_ERROR;
    }

    mvno = op->mvnos.elts;

    for (i = 0; i < op->mvnos.nelts; i++) {
        if (ngx_carrierpay_operator_numbers_prefixes(cf, ops, op, mvno[i],
                                                     &mvno[i]->prefixes)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Adds the prefixes of the numbering, which are the operator's own unless it
 * names others with "prefix".
 */

static ngx_int_t
ngx_carrierpay_operator_numbers_numbering(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op)
{
    ngx_str_t                    none;
    ngx_uint_t                   i;
    ngx_carrierpay_numbering_t  *n;

    n = &op->numbering;

    for (i = 0; i < n->nfixed; i++) {
        if (ngx_carrierpay_operator_numbers_add(cf, ops, op, &n->fixed[i], 1)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (op->prefixes.nelts) {
        return NGX_OK;
    }

    if (n->nprefixes == 0) {
        ngx_str_set(&none, "");
        return ngx_carrierpay_operator_numbers_add(cf, ops, op, &none, 0);
    }

    for (i = 0; i < n->nprefixes; i++) {
        if (ngx_carrierpay_operator_numbers_add(cf, ops, op, &n->prefixes[i],
                                                0)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Adds one prefix of national numbers. */

static ngx_int_t
ngx_carrierpay_operator_numbers_add(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_str_t *digits, ngx_uint_t fixed)
{
    u_char                      *p, buf[NGX_CARRIERPAY_MSISDN_MAX];
    ngx_str_t                    all;
    ngx_carrierpay_prefix_t      prefix;
    ngx_carrierpay_numbering_t  *n;

    n = &op->numbering;

    p = ngx_cpymem(buf, n->cc.data, n->cc.len);
    p = ngx_cpymem(p, digits->data, digits->len);

    all.data = buf;
    all.len = p - buf;

    ngx_memzero(&prefix, sizeof(ngx_carrierpay_prefix_t));

    prefix.file = op->numbering_file;
    prefix.line = op->numbering_line;

    if (fixed) {

        /*
         * The numbers of fixed lines may be shorter or longer than mobile
         * ones.
         */

        prefix.len_min = NGX_CARRIERPAY_MSISDN_MIN;
        prefix.len_max = NGX_CARRIERPAY_MSISDN_MAX;

    } else {
        prefix.operator = op;
        prefix.len_min = n->cc.len + n->len_min;
        prefix.len_max = n->cc.len + n->len_max;
    }

    return ngx_carrierpay_prefix_add(cf, &ops->prefixes, &all, &prefix);
}


static ngx_int_t
ngx_carrierpay_operator_numbers_prefixes(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_carrierpay_mvno_t *mvno, ngx_array_t *words)
{
    ngx_uint_t                    i;
    ngx_carrierpay_prefix_t       prefix;
    ngx_carrierpay_numbering_t   *n;
    ngx_carrierpay_conf_value_t  *word;

    n = &op->numbering;
    word = words->elts;

    prefix.operator = op;
    prefix.mvno = mvno;
    prefix.len_min = n->cc.len + n->len_min;
    prefix.len_max = n->cc.len + n->len_max;

    for (i = 0; i < words->nelts; i++) {

        if (!ngx_carrierpay_operator_numbers_fits(n, &word[i].text)) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "prefix \"%V\" is outside the numbering of operator "
                          "\"%V\" in %s:%ui", &word[i].text, &op->name,
                          word[i].file, word[i].line);
            return NGX_ERROR;
        }

        prefix.file = word[i].file;
        prefix.line = word[i].line;

        if (ngx_carrierpay_prefix_add(cf, &ops->prefixes, &word[i].text,
                                      &prefix)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/*
 * Tells whether numbers with the prefix can be mobile numbers of the
 * numbering.  As in base/msisdn, all numbers that are not of fixed lines are,
 * if the prefixes of fixed lines are known.
 */

static ngx_uint_t
ngx_carrierpay_operator_numbers_fits(ngx_carrierpay_numbering_t *n,
    ngx_str_t *prefix)
{
    ngx_int_t  mobile, fixed;
    ngx_str_t  national;

    if (prefix->len < n->cc.len || prefix->len > n->cc.len + n->len_max
        || ngx_memcmp(prefix->data, n->cc.data, n->cc.len) != 0)
    {
        return 0;
    }

    national.data = prefix->data + n->cc.len;
    national.len = prefix->len - n->cc.len;

    mobile = 0;

    if (n->nprefixes) {
        mobile = ngx_carrierpay_operator_numbers_longest(n->prefixes,
                                                         n->nprefixes,
                                                         &national);
    }

    fixed = ngx_carrierpay_operator_numbers_longest(n->fixed, n->nfixed,
                                                    &national);

    if (fixed > mobile) {
        return 0;
    }

    return n->nfixed || mobile != NGX_DECLINED;
}


/*
 * Returns the length of the longest prefix of the list that the digits begin
 * with, or NGX_DECLINED.
 */

static ngx_int_t
ngx_carrierpay_operator_numbers_longest(ngx_str_t *list, ngx_uint_t n,
    ngx_str_t *digits)
{
    ngx_int_t   longest;
    ngx_uint_t  i;

    longest = NGX_DECLINED;

    for (i = 0; i < n; i++) {
        if ((ngx_int_t) list[i].len > longest && list[i].len <= digits->len
            && ngx_memcmp(list[i].data, digits->data, list[i].len) == 0)
        {
            longest = list[i].len;
        }
    }

    return longest;
}


/*
 * Joins what all operators of a country say of its numbers to one plan, for
 * numbers that shoppers type.
 */

static ngx_int_t
ngx_carrierpay_operator_numbers_plan(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op)
{
    ngx_uint_t                   i;
    const char                  *what;
    ngx_carrierpay_numbering_t  *n, *plan;

    n = &op->numbering;
    plan = ops->plans.elts;

    for (i = 0; i < ops->plans.nelts; i++) {
        if (ngx_carrierpay_operator_numbers_same(&plan[i].cc, &n->cc)) {
            break;
        }
    }

    if (i == ops->plans.nelts) {
        plan = ngx_array_push(&ops->plans);
        if (plan == NULL) {
            return NGX_ERROR;
        }

        *plan = *n;

        return NGX_OK;
    }

    plan += i;

    if (!ngx_carrierpay_operator_numbers_same(&plan->trunk, &n->trunk)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "operator \"%V\": the \"trunk\" of country code %V is "
                      "not that of the operators before in %s:%ui",
                      &op->name, &n->cc, op->file, op->line);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_operator_numbers_join(cf, plan, n) != NGX_OK) {
        return NGX_ERROR;
    }

    what = ngx_carrierpay_numbering_check(plan);

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "operator \"%V\": impossible together with the "
                      "numberings before: %s in %s:%ui",
                      &op->name, what, op->file, op->line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_numbers_join(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *plan, ngx_carrierpay_numbering_t *n)
{
    plan->len_min = ngx_min(plan->len_min, n->len_min);
    plan->len_max = ngx_max(plan->len_max, n->len_max);

    if (plan->nprefixes == 0 || n->nprefixes == 0) {
        plan->nprefixes = 0;

    } else if (ngx_carrierpay_operator_numbers_append(cf, &plan->prefixes,
                                                      &plan->nprefixes,
                                                      n->prefixes,
                                                      n->nprefixes)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_operator_numbers_append(cf, &plan->fixed,
                                                  &plan->nfixed, n->fixed,
                                                  n->nfixed);
}


/*
 * Appends to a list, in a new array, since the old one belongs to an operator.
 */

static ngx_int_t
ngx_carrierpay_operator_numbers_append(ngx_conf_t *cf, ngx_str_t **list,
    ngx_uint_t *n, ngx_str_t *more, ngx_uint_t nmore)
{
    ngx_str_t   *all;
    ngx_uint_t   i, j;

    if (nmore == 0) {
        return NGX_OK;
    }

    all = ngx_palloc(cf->pool, (*n + nmore) * sizeof(ngx_str_t));
    if (all == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < *n; i++) {
        all[i] = (*list)[i];
    }

    *list = all;

    for (i = 0; i < nmore; i++) {

        for (j = 0; j < *n; j++) {
            if (ngx_carrierpay_operator_numbers_same(&all[j], &more[i])) {
                break;
            }
        }

        if (j == *n) {
            all[(*n)++] = more[i];
        }
    }

    return NGX_OK;
}


/* The data of an empty string may be NULL. */

static ngx_uint_t
ngx_carrierpay_operator_numbers_same(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}
