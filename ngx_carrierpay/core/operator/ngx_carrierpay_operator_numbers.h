
/*
 * The numbers of an operator: its numbering and its prefixes, and those of
 * its MVNOs, are checked and put into the registry's trie of prefixes and
 * into its numbering plan of the country.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_NUMBERS_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_NUMBERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * Checks and adds the numbers of one operator, once its block has been read.
 * NGX_ERROR: memory is short, or an [emerg] line says what is wrong and where.
 */
ngx_int_t ngx_carrierpay_operator_numbers_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_carrierpay_operator_t *op);


#endif /* _NGX_CARRIERPAY_OPERATOR_NUMBERS_H_INCLUDED_ */
