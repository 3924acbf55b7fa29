
/*
 * The operators and MVNOs that the file of ported numbers names.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_PORTED_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_PORTED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * Reads the file of ported numbers, if the configuration names one, and finds
 * the operators and MVNOs of its lines in the registry, once the whole
 * configuration has been read.  An MCCMNC that no configured operator has is
 * kept: the number has left the configured operators.  NGX_ERROR: memory is
 * short, or an [emerg] line says what is wrong and where.
 */
ngx_int_t ngx_carrierpay_operator_ported_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);


#endif /* _NGX_CARRIERPAY_OPERATOR_PORTED_H_INCLUDED_ */
