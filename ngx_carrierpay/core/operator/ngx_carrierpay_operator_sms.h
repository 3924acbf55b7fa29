
/*
 * The SMS providers of operators.  An operator names them in the order in
 * which they are tried.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * Finds the providers that all operators name in the list of providers, an
 * array of ngx_carrierpay_sms_provider_t *, once the whole configuration has
 * been read.  The timeouts of an operator's providers together must not be
 * more than NGX_CARRIERPAY_SMS_TIMEOUT_MAX.  NGX_ERROR: memory is short, or an
 * [emerg] line says what is wrong and where.
 */
ngx_int_t ngx_carrierpay_operator_sms_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops, ngx_array_t *list);


#endif /* _NGX_CARRIERPAY_OPERATOR_SMS_H_INCLUDED_ */
