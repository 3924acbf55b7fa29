
/*
 * The visitor that tries a PIN: a browser that has proved the line before, or
 * an address, and the block that the address is in.  The ledger counts wrong
 * attempts of each, by keyed hashes.
 */


#ifndef _NGX_CARRIERPAY_PIN_VISITOR_H_INCLUDED_
#define _NGX_CARRIERPAY_PIN_VISITOR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_identity.h"
#include "ngx_carrierpay_keyring.h"


#define NGX_CARRIERPAY_PIN_VISITOR_LEN  16


/* Zeroed: the visitor is not known, as on a merchant's own page. */

typedef struct {
    ngx_str_t    name;        /* both point to the hashes; data NULL: not */
    ngx_str_t    block;       /* known */
    ngx_uint_t   proved;      /* it is a browser that has proved the line */
    u_char       hashes[2][NGX_CARRIERPAY_PIN_VISITOR_LEN];
} ngx_carrierpay_pin_visitor_t;


/*
 * Sets the visitor of a PIN of the end user with this index, for a payment in
 * this mode; the structure must not be moved afterwards.
 */
void ngx_carrierpay_pin_visitor_set(ngx_carrierpay_pin_visitor_t *pv,
    ngx_carrierpay_identity_t *visitor, ngx_carrierpay_keyring_t *ring,
    const u_char *index, ngx_uint_t live);


#endif /* _NGX_CARRIERPAY_PIN_VISITOR_H_INCLUDED_ */
