
/*
 * The check of the registry of operators, when the whole configuration has
 * been read: each operator must be complete, and no two may contradict each
 * other.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_CHECK_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_CHECK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * Checks all operators, and builds what it takes to tell whose customer an end
 * user is: the trees of networks, the trie of prefixes, the numbering plans of
 * the countries and the table of ported numbers.  NGX_ERROR: memory is short,
 * or an [emerg] line says what is wrong and where.
 */
ngx_int_t ngx_carrierpay_operator_check(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);

/*
 * Finds the providers that all operators name in the list of providers, an
 * array of ngx_carrierpay_sms_provider_t *, once the whole configuration has
 * been read.  The timeouts of an operator's providers together must not be
 * more than NGX_CARRIERPAY_SMS_TIMEOUT_MAX.  NGX_ERROR: memory is short, or an
 * [emerg] line says what is wrong and where.
 */
ngx_int_t ngx_carrierpay_operator_check_sms(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_array_t *list);


#endif /* _NGX_CARRIERPAY_OPERATOR_CHECK_H_INCLUDED_ */
