
/*
 * The keyring as it is shown to the database, which remembers whose keyring
 * its rows were written with (sql/deploy/keyring.sql): a line "name id probe"
 * for each of the service's own keys.  A probe is the HMAC of one fixed text,
 * in hexadecimal digits, so it tells one key from another and nothing of the
 * key.  carrierpay-admin shows its keyring in the same form.
 */


#ifndef _NGX_CARRIERPAY_KEYRING_PROBE_H_INCLUDED_
#define _NGX_CARRIERPAY_KEYRING_PROBE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_keyring.h"


/* The lines, in the pool.  NGX_ERROR: memory is short. */
ngx_int_t ngx_carrierpay_keyring_probe(ngx_carrierpay_keyring_t *ring,
    ngx_pool_t *pool, ngx_str_t *lines);


#endif /* _NGX_CARRIERPAY_KEYRING_PROBE_H_INCLUDED_ */
