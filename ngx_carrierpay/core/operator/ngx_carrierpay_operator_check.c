
/*
 * The registry when the whole configuration has been read: is each operator
 * complete, do two contradict each other, and what lookups need.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/* ms from a payment's id to its call: what the ledger may take, and some */
#define NGX_CARRIERPAY_OPERATOR_LEAD  3000


static ngx_int_t ngx_carrierpay_operator_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static const char *ngx_carrierpay_operator_check(
    ngx_carrierpay_operator_t *op);
static ngx_uint_t ngx_carrierpay_operator_bills(ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_plan(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_plan_join(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *plan, ngx_carrierpay_numbering_t *n);
static ngx_int_t ngx_carrierpay_operator_append(ngx_conf_t *cf,
    ngx_str_t **list, ngx_uint_t *n, ngx_str_t *more, ngx_uint_t nmore);
static ngx_uint_t ngx_carrierpay_operator_same(ngx_str_t *a, ngx_str_t *b);
static ngx_int_t ngx_carrierpay_operator_numbers(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);
static ngx_int_t ngx_carrierpay_operator_number(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_str_t *digits, ngx_uint_t fixed);
static ngx_int_t ngx_carrierpay_operator_prefixes(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op,
    ngx_carrierpay_mvno_t *mvno, ngx_array_t *words);
static ngx_uint_t ngx_carrierpay_operator_prefix_fits(
    ngx_carrierpay_numbering_t *n, ngx_str_t *prefix);
static ngx_int_t ngx_carrierpay_operator_longest(ngx_str_t *list,
    ngx_uint_t n, ngx_str_t *digits);
static ngx_int_t ngx_carrierpay_operator_providers(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *list);
static ngx_int_t ngx_carrierpay_operators_mccmncs(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_carrierpay_operators_mccmnc(ngx_conf_t *cf,
    ngx_array_t *seen, ngx_array_t *words);
static ngx_int_t ngx_carrierpay_operators_ported(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_carrierpay_operators_ported_carrier(
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_ported_carrier_t *ported);


ngx_int_t
ngx_carrierpay_operators_init(ngx_conf_t *cf, ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_init(cf, ops, op[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_carrierpay_networks_init(cf, &ops->networks) != NGX_OK
        || ngx_carrierpay_operators_mccmncs(cf, ops) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_operators_ported(cf, ops);
}


ngx_int_t
ngx_carrierpay_operators_sms(ngx_conf_t *cf, ngx_carrierpay_operators_t *ops,
    ngx_array_t *list)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (ngx_carrierpay_operator_providers(cf, op[i], list) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operator_providers(ngx_conf_t *cf,
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


static ngx_int_t
ngx_carrierpay_operator_init(ngx_conf_t *cf, ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op)
{
    ngx_uint_t               i;
    const char              *what;
    ngx_carrierpay_mvno_t  **mvno;

    what = ngx_carrierpay_operator_check(op);

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "operator \"%V\": %s in %s:%ui", &op->name, what,
                      op->file, op->line);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_operator_numbers(cf, ops, op) != NGX_OK
        || ngx_carrierpay_operator_prefixes(cf, ops, op, NULL, &op->prefixes)
           != NGX_OK
        || ngx_carrierpay_operator_plan(cf, ops, op) != NGX_OK)
    {
        return NGX_ERROR;
    }

    mvno = op->mvnos.elts;

    for (i = 0; i < op->mvnos.nelts; i++) {
        if (ngx_carrierpay_operator_prefixes(cf, ops, op, mvno[i],
                                             &mvno[i]->prefixes)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static const char *
ngx_carrierpay_operator_check(ngx_carrierpay_operator_t *op)
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

    if (ngx_carrierpay_operator_bills(op)) {

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

    /* a call in flight could land after "not found" was believed */

    if (op->settle < op->timeout + NGX_CARRIERPAY_OPERATOR_LEAD) {
        return "\"settle\" is not 3 seconds longer than \"timeout\"";
    }

    return NULL;
}


/* is there anybody on its network whose line may be billed? */

static ngx_uint_t
ngx_carrierpay_operator_bills(ngx_carrierpay_operator_t *op)
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


/* what all operators of a country say of its numbers, for typed ones */

static ngx_int_t
ngx_carrierpay_operator_plan(ngx_conf_t *cf, ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op)
{
    ngx_uint_t                   i;
    const char                  *what;
    ngx_carrierpay_numbering_t  *n, *plan;

    n = &op->numbering;
    plan = ops->plans.elts;

    for (i = 0; i < ops->plans.nelts; i++) {
        if (ngx_carrierpay_operator_same(&plan[i].cc, &n->cc)) {
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

    if (!ngx_carrierpay_operator_same(&plan->trunk, &n->trunk)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "operator \"%V\": the \"trunk\" of country code %V is "
                      "not that of the operators before in %s:%ui",
                      &op->name, &n->cc, op->file, op->line);
        return NGX_ERROR;
    }

    if (ngx_carrierpay_operator_plan_join(cf, plan, n) != NGX_OK) {
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
ngx_carrierpay_operator_plan_join(ngx_conf_t *cf,
    ngx_carrierpay_numbering_t *plan, ngx_carrierpay_numbering_t *n)
{
    plan->len_min = ngx_min(plan->len_min, n->len_min);
    plan->len_max = ngx_max(plan->len_max, n->len_max);

    if (plan->nprefixes == 0 || n->nprefixes == 0) {
        plan->nprefixes = 0;

    } else if (ngx_carrierpay_operator_append(cf, &plan->prefixes,
                                              &plan->nprefixes, n->prefixes,
                                              n->nprefixes)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_operator_append(cf, &plan->fixed, &plan->nfixed,
                                          n->fixed, n->nfixed);
}


/* both in a new array: the old one belongs to an operator */

static ngx_int_t
ngx_carrierpay_operator_append(ngx_conf_t *cf, ngx_str_t **list,
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
            if (ngx_carrierpay_operator_same(&all[j], &more[i])) {
                break;
            }
        }

        if (j == *n) {
            all[(*n)++] = more[i];
        }
    }

    return NGX_OK;
}


/* empty ones may lie nowhere */

static ngx_uint_t
ngx_carrierpay_operator_same(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len
           && (a->len == 0 || ngx_memcmp(a->data, b->data, a->len) == 0);
}


/* the numbering's prefixes are the operator's own if it names no others */

static ngx_int_t
ngx_carrierpay_operator_numbers(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op)
{
    ngx_str_t                    none;
    ngx_uint_t                   i;
    ngx_carrierpay_numbering_t  *n;

    n = &op->numbering;

    for (i = 0; i < n->nfixed; i++) {
        if (ngx_carrierpay_operator_number(cf, ops, op, &n->fixed[i], 1)
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
        return ngx_carrierpay_operator_number(cf, ops, op, &none, 0);
    }

    for (i = 0; i < n->nprefixes; i++) {
        if (ngx_carrierpay_operator_number(cf, ops, op, &n->prefixes[i], 0)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* a prefix of national numbers */

static ngx_int_t
ngx_carrierpay_operator_number(ngx_conf_t *cf,
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

        /* fixed lines may be shorter or longer than mobile ones */

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
ngx_carrierpay_operator_prefixes(ngx_conf_t *cf,
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

        if (!ngx_carrierpay_operator_prefix_fits(n, &word[i].text)) {
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
 * Could a number of the prefix be a mobile one of the numbering?  As there,
 * all that is not fixed is, once the fixed lines are known.
 */

static ngx_uint_t
ngx_carrierpay_operator_prefix_fits(ngx_carrierpay_numbering_t *n,
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

    mobile = n->nprefixes ? ngx_carrierpay_operator_longest(n->prefixes,
                                                     n->nprefixes, &national)
                          : 0;
    fixed = ngx_carrierpay_operator_longest(n->fixed, n->nfixed, &national);

    if (fixed > mobile) {
        return 0;
    }

    return n->nfixed || mobile != NGX_DECLINED;
}


/* the length of the longest of them that the digits begin with */

static ngx_int_t
ngx_carrierpay_operator_longest(ngx_str_t *list, ngx_uint_t n,
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


static ngx_int_t
ngx_carrierpay_operators_mccmncs(ngx_conf_t *cf,
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

        if (ngx_carrierpay_operators_mccmnc(cf, &seen, &op[i]->mccmncs)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        mvno = op[i]->mvnos.elts;

        for (j = 0; j < op[i]->mvnos.nelts; j++) {
            if (ngx_carrierpay_operators_mccmnc(cf, &seen, &mvno[j]->mccmncs)
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_operators_mccmnc(ngx_conf_t *cf, ngx_array_t *seen,
    ngx_array_t *words)
{
    ngx_uint_t                    i, j;
    ngx_carrierpay_conf_value_t  *word, *other;

    word = words->elts;

    for (i = 0; i < words->nelts; i++) {

        other = seen->elts;

        for (j = 0; j < seen->nelts; j++) {

            if (!ngx_carrierpay_operator_same(&other[j].text, &word[i].text)) {
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
ngx_carrierpay_operators_ported(ngx_conf_t *cf,
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
        if (ngx_carrierpay_operators_ported_carrier(ops, &carrier[i])
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


/* 20810, orange_fr or orange_fr/nrj_mobile; an MCCMNC may be of a stranger */

static ngx_int_t
ngx_carrierpay_operators_ported_carrier(ngx_carrierpay_operators_t *ops,
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
