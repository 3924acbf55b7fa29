
/*
 * What one worker of the service, the first, asks a cell from time to time,
 * as a transaction of its own.  The statement takes no parameters, and
 * its row() does with the answer what is to be done; while there is none, all
 * stays as it is.
 */


#ifndef _NGX_CARRIERPAY_ROUND_H_INCLUDED_
#define _NGX_CARRIERPAY_ROUND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_statement.h"


typedef struct ngx_carrierpay_round_s  ngx_carrierpay_round_t;


/*
 * Starts to ask, if this worker does: as soon as the cell is ready, and then
 * every period ms.  NULL: memory.
 */
ngx_carrierpay_round_t *ngx_carrierpay_round_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle,
    ngx_uint_t cell, ngx_carrierpay_statement_t *statement,
    ngx_msec_t period);

/*
 * For the row() of its statement, whose args are the round: the number of its
 * cell, and how many there are.
 */
ngx_uint_t ngx_carrierpay_round_cell(ngx_carrierpay_round_t *round,
    ngx_uint_t *cells);

/* For exit_process. */
void ngx_carrierpay_round_destroy(ngx_carrierpay_round_t *round);


#endif /* _NGX_CARRIERPAY_ROUND_H_INCLUDED_ */
