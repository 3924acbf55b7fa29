
#ifndef _NGX_CARRIERPAY_PROOF_H_INCLUDED_
#define _NGX_CARRIERPAY_PROOF_H_INCLUDED_


/*
 * The proof, kept by a browser, that an end user was proved in it before, in
 * the same mode: a test may be made with any number.
 *
 * It is base64url of a random name of the browser, the time, and a MAC over
 * both and the end user's index, so it tells neither the end user nor whether
 * two proofs are of the same one.  It pays nothing and identifies no shopper:
 * a proof only sets its browser apart from strangers who guess at a PIN.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_base64.h>


#define NGX_CARRIERPAY_PROOF_NAME_LEN  16
#define NGX_CARRIERPAY_PROOF_LEN                                              \
    NGX_CARRIERPAY_BASE64URL_LEN(2 * NGX_CARRIERPAY_PROOF_NAME_LEN            \
                                 + sizeof(int64_t))

#define NGX_CARRIERPAY_PROOF_LIFETIME  (180 * 86400)    /* s */


/*
 * Writes a proof of the end user with this index in this mode, made at `now`
 * (Unix ms), NGX_CARRIERPAY_PROOF_LEN bytes.  The key is the one named
 * "session".  Returns NGX_OK, or NGX_ERROR if there is no entropy.
 */
ngx_int_t ngx_carrierpay_proof_write(u_char *p, const ngx_str_t *key,
    const u_char *index, ngx_uint_t live, int64_t now);

/*
 * Returns 1 if the text was made with this key for this end user in this mode
 * within the lifetime, and sets the browser's name; 0 otherwise.
 */
ngx_uint_t ngx_carrierpay_proof_verify(const ngx_str_t *text,
    const ngx_str_t *key, const u_char *index, ngx_uint_t live, int64_t now,
    u_char name[NGX_CARRIERPAY_PROOF_NAME_LEN]);


#endif /* _NGX_CARRIERPAY_PROOF_H_INCLUDED_ */
