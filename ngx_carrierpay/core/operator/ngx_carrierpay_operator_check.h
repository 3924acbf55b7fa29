
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


#endif /* _NGX_CARRIERPAY_OPERATOR_CHECK_H_INCLUDED_ */
