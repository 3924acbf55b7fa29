
/*
 * What the lines of the configuration's operators may spend, each and all
 * together, as a worker shows it to the database, which counts
 * (sql/deploy/spend_limit.sql, total.sql).
 */


#ifndef _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_
#define _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * A JSON array in the pool, with two objects for each operator: the limits of
 * a line with all merchants, with those of all lines together, and those of a
 * line with each merchant.  There are both even
 * without limits, so that the database sees where configurations differ.
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_spend_limits(ngx_carrierpay_operators_t *ops,
    ngx_pool_t *pool, ngx_str_t *json);


#endif /* _NGX_CARRIERPAY_SPEND_LIMITS_H_INCLUDED_ */
