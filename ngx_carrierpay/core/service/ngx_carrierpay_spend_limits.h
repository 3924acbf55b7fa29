
/*
 * What the lines of the configuration's operators may spend, as a worker
 * shows it to the database, which counts (sql/deploy/spend_limit.sql).
 */


#ifndef _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_
#define _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * A JSON array in the pool, with two objects for each operator: the limits of
 * a line with all merchants, and those with each one.  There are both even
 * without limits, so that the database sees where configurations differ.
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_spend_limits(ngx_carrierpay_operators_t *ops,
    ngx_pool_t *pool, ngx_str_t *json);


#endif /* _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_ */
