
/*
 * The number of this worker, and the identifiers that it makes under it.
 *
 * The database leases a number to one process for a minute, and the process
 * renews the lease every ten seconds.  Without an answer the worker makes no
 * identifiers any more, some time before the minute is over: clocks differ,
 * and identifiers may be ahead of theirs by NGX_CARRIERPAY_ID_AHEAD.  Then it
 * takes another number, as it does when the clock was set back.
 *
 * With the number a worker shows its keyring, and says which cell it takes the
 * database for.  With another keyring than that of the database it would read
 * no number, find no API key, and write what the others cannot read; in
 * another cell it would look for rows where they are not.  So it gets no
 * number, and does nothing at all.
 */


#ifndef _NGX_CARRIERPAY_LEASE_H_INCLUDED_
#define _NGX_CARRIERPAY_LEASE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_pq.h"
#include "ngx_carrierpay_statement.h"


typedef struct ngx_carrierpay_lease_s  ngx_carrierpay_lease_t;

typedef void (*ngx_carrierpay_lease_pt)(void *data, ngx_uint_t number);


extern ngx_carrierpay_statement_t  ngx_carrierpay_lease_start_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_lease_renew_statement;


/*
 * Of a worker, which asks over pq, takes the database for this cell of conf,
 * and shows the keyring of conf; `process` is its name, which is not copied.
 * Whenever it has got a number, got() is called.  NULL: memory.
 */
ngx_carrierpay_lease_t *ngx_carrierpay_lease_create(ngx_cycle_t *cycle,
    ngx_carrierpay_pq_t *pq, ngx_carrierpay_conf_t *conf, ngx_uint_t cell,
    const ngx_str_t *process, ngx_carrierpay_lease_pt got, void *data);

/* For exit_process. */
void ngx_carrierpay_lease_destroy(ngx_carrierpay_lease_t *lease);

/* A connection has come up: takes a number, unless there is one. */
void ngx_carrierpay_lease_connected(ngx_carrierpay_lease_t *lease);

/*
 * May identifiers be made?  Not before the first number, and not while a
 * worker that has lost its lease, or has seen the clock step back, waits for
 * another one.
 */
ngx_uint_t ngx_carrierpay_lease_held(ngx_carrierpay_lease_t *lease);

/*
 * NULL, or what is known to be another one than that of the database:
 * "keyring" or "cell".
 */
const char *ngx_carrierpay_lease_foreign(ngx_carrierpay_lease_t *lease);

/* A fresh identifier; only when the number is held. */
int64_t ngx_carrierpay_lease_id(ngx_carrierpay_lease_t *lease);


#endif /* _NGX_CARRIERPAY_LEASE_H_INCLUDED_ */
