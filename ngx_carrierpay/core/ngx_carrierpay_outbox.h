
/*
 * The outbox: webhooks that are still owed.
 *
 * Each worker claims a few due rows with a lease and delivers them; nobody is
 * leader.  What a worker does not finish falls due again when its lease ends.
 * Signed as Standard Webhooks 1.0.0 says.
 *
 * Looks sideways at sql (the claim) and at webhook (a delivery).
 */


#ifndef _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_
#define _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core.h"


/* Starts the timer; NULL when memory is short. */
ngx_carrierpay_outbox_t *ngx_carrierpay_outbox_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle);
void ngx_carrierpay_outbox_destroy(ngx_carrierpay_outbox_t *outbox);

/* Something was written: look soon rather than at the next tick. */
void ngx_carrierpay_outbox_kick(ngx_carrierpay_outbox_t *outbox);


#endif /* _NGX_CARRIERPAY_OUTBOX_H_INCLUDED_ */
