
/*
 * SipHash-2-4 with 128 bits of output: a keyed hash for short texts that costs
 * some tens of nanoseconds.  Without the key, texts with the same hash cannot
 * be chosen, and the text of a hash cannot be found by trying all texts.
 *
 * It names things in shared memory and in Redis.  Signing and sealing are for
 * base/crypto.  The function is pure.
 */


#ifndef _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_
#define _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_SIPHASH_KEY_LEN  16
#define NGX_CARRIERPAY_SIPHASH_LEN      16


/*
 * Sets value to the first and the second half of the hash, as numbers.  Their
 * bytes in little-endian order are the hash that the reference code prints.
 */
void ngx_carrierpay_siphash(uint64_t out[2], const u_char *key,
    const u_char *data, size_t len);


#endif /* _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_ */
