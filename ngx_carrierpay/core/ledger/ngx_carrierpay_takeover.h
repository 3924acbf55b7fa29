
/*
 * What workers leave behind when they are killed: leases of payments,
 * deliveries and messages, which would have to run out.
 *
 * A worker that has got its number asks which other ones there are.  Those
 * that have ended for certain lose their leases, so that the next claim takes
 * what they held.  A worker of another machine is never known to have ended,
 * and keeps its leases until they run out, as does one whose connection was
 * lost while it waits for an operator: no claim ever races a worker that is
 * alive.
 */


#ifndef _NGX_CARRIERPAY_TAKEOVER_H_INCLUDED_
#define _NGX_CARRIERPAY_TAKEOVER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_statement.h"


typedef struct ngx_carrierpay_takeover_s  ngx_carrierpay_takeover_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_takeover_others_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_takeover_release_statement;


/*
 * Of a worker, which asks over pq; `process` is its name, which is not copied.
 * NULL: memory.
 */
ngx_carrierpay_takeover_t *ngx_carrierpay_takeover_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_t *pq, const ngx_str_t *process);

/* For exit_process. */
void ngx_carrierpay_takeover_destroy(ngx_carrierpay_takeover_t *takeover);

/*
 * This worker has got a number: looks for workers that have ended, until their
 * leases are released.
 */
void ngx_carrierpay_takeover_start(ngx_carrierpay_takeover_t *takeover,
    ngx_uint_t number);


#endif /* _NGX_CARRIERPAY_TAKEOVER_H_INCLUDED_ */
