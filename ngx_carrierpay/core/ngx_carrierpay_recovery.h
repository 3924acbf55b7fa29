
/*
 * Recovery: payments that are due and that nobody works on.
 *
 * Each worker claims a few with a lease, a second at a time: a pending one
 * expires, of one in processing the operator is asked what became of it.
 *
 * Looks sideways at sql (the claim) and at charge (the flow).
 */


#ifndef _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_
#define _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core.h"


/* Starts the timer; NULL when memory is short. */
ngx_carrierpay_recovery_t *ngx_carrierpay_recovery_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle);
void ngx_carrierpay_recovery_destroy(ngx_carrierpay_recovery_t *recovery);


#endif /* _NGX_CARRIERPAY_RECOVERY_H_INCLUDED_ */
