
/*
 * The identity of a shopper: the end user that pays, how it was found, and the
 * browser that it was found for.
 */


#ifndef _NGX_CARRIERPAY_IDENTITY_H_INCLUDED_
#define _NGX_CARRIERPAY_IDENTITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_carrierpay_proof.h"


/* How it was proved that the shopper holds the number. */

typedef enum {
    NGX_CARRIERPAY_METHOD_HE = 0,       /* header enrichment */
    NGX_CARRIERPAY_METHOD_MO,           /* an SMS from the phone */
    NGX_CARRIERPAY_METHOD_PIN           /* a PIN in an SMS to the phone */
} ngx_carrierpay_method_e;


/*
 * The end user is a number, or the operator's reference in its place (then
 * msisdn.len is 0).  The bytes of the reference are not the identity's own:
 * a constructor of a flow copies them, and its caller keeps them until it has
 * returned.
 */
typedef struct {
    int64_t                      payment_id;
    ngx_carrierpay_carrier_t     carrier;
    ngx_carrierpay_msisdn_t      msisdn;
    ngx_str_t                    acr;          /* "acr:…", or empty */

    /* the browser: a page and its form must agree in all of these */

    ngx_uint_t                   family;       /* AF_INET, AF_INET6 */
    u_char                       agent[16];    /* of SHA-256(User-Agent) */
    u_char                       client_network[16];  /* of SHA-256(operator,
                                                  or block of addresses) */
    u_char                       browser[16];    /* of the cookie; zeros: the
                                                  browser has brought none */

    /* of this request alone; a session does not keep them */

    ngx_carrierpay_addr_t        address;
    u_char                       proof[NGX_CARRIERPAY_PROOF_LEN];
                                              /* that the browser has brought;
                                                 or zeros */

    ngx_carrierpay_method_e      method;
    ngx_uint_t                   unproven;     /* a PIN must prove it first */
    ngx_uint_t                   typed;        /* by this browser's shopper */
} ngx_carrierpay_identity_t;


/*
 * The end user as text, in the form of ngx_carrierpay_end_user.h; it points
 * into the identity.
 */
void ngx_carrierpay_identity_end_user(ngx_carrierpay_identity_t *identity,
    ngx_str_t *end_user);

/*
 * The blind index under which the ledger knows the end user of an identity
 * that has an operator.
 */
void ngx_carrierpay_identity_index(ngx_carrierpay_identity_t *identity,
    ngx_carrierpay_keyring_t *ring, u_char index[NGX_CARRIERPAY_SHA256_LEN]);

/*
 * Is the visitor the browser that the identity was found for, by address
 * family, agent, and the cookie, if the browser had one then?
 */
ngx_uint_t ngx_carrierpay_identity_same_visitor(
    ngx_carrierpay_identity_t *identity, ngx_carrierpay_identity_t *visitor);

/* Is it in the same place, an operator's network or a block of addresses? */
ngx_uint_t ngx_carrierpay_identity_same_place(ngx_carrierpay_identity_t *a,
    ngx_carrierpay_identity_t *b);

/*
 * The token of the forms of a payment's page that have no other one: writes
 * NGX_CARRIERPAY_TOKEN_LEN bytes for a visitor, by all that is known of the
 * browser, and tells whether a text is one.
 */
void ngx_carrierpay_identity_form(ngx_carrierpay_identity_t *visitor,
    ngx_carrierpay_keyring_t *ring, int64_t payment_id, u_char *p);
ngx_uint_t ngx_carrierpay_identity_form_valid(
    ngx_carrierpay_identity_t *visitor, ngx_carrierpay_keyring_t *ring,
    int64_t payment_id, const ngx_str_t *text);

/* "header_enrichment", "mo_sms" or "pin_sms", as the ledger keeps it. */
ngx_str_t *ngx_carrierpay_method_name(ngx_carrierpay_method_e method);


#endif /* _NGX_CARRIERPAY_IDENTITY_H_INCLUDED_ */
