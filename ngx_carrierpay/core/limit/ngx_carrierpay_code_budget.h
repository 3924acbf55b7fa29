
/*
 * The budgets of codes that pages show for a shopper to send by SMS: of a
 * payment, of an address and of its block.  They are part of the service: no
 * directive sets or removes them.  A node counts for itself.
 */


#ifndef _NGX_CARRIERPAY_CODE_BUDGET_H_INCLUDED_
#define _NGX_CARRIERPAY_CODE_BUDGET_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_limit.h"


typedef enum {
    NGX_CARRIERPAY_CODE_BUDGET_PAYMENT = 0,
    NGX_CARRIERPAY_CODE_BUDGET_ADDRESS,
    NGX_CARRIERPAY_CODE_BUDGET_BLOCK,
    NGX_CARRIERPAY_CODE_BUDGETS
} ngx_carrierpay_code_budget_e;


/*
 * Makes the budgets, an array of ngx_carrierpay_limit_t by their kind, while
 * the configuration is read.  They have one zone, which the caller completes.
 * Returns NULL when memory is short, or after an [emerg] line.
 */
ngx_array_t *ngx_carrierpay_code_budget_create(ngx_conf_t *cf, void *tag);

/*
 * Takes a code for a payment in this mode from all three budgets, or from
 * none; a client without an address has that of the payment alone.  Returns 0,
 * or the seconds until there may be a code.
 */
ngx_uint_t ngx_carrierpay_code_budget(ngx_array_t *budgets,
    int64_t payment_id, ngx_uint_t live, ngx_carrierpay_addr_t *address);


#endif /* _NGX_CARRIERPAY_CODE_BUDGET_H_INCLUDED_ */
