
/*
 * The cookie with the proof that a line has paid in this browser before, see
 * base/ngx_carrierpay_proof.h.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_steps.h"


/* What the browser has brought becomes visitor->proof; or zeros. */
void ngx_http_carrierpay_checkout_proof_read(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *visitor);

/*
 * Adds the cookie to the answer to a charge that has begun, if a PIN or the
 * operator's network has proved the line.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_checkout_proof_send(ngx_http_request_t *r,
    ngx_carrierpay_charge_t *charge);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_PROOF_H_INCLUDED_ */
