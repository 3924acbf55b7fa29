
/*
 * SipHash-2-4 with 128 bits of output: a keyed hash for short texts that
 * costs some tens of nanoseconds.  Who does not know the key can neither
 * choose texts that meet nor find the text of a value by trying all.
 *
 * It names things in shared memory and in Redis.  It is not what signs or
 * seals: that is crypto's.
 */


#ifndef _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_
#define _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_SIPHASH_KEY_LEN  16
#define NGX_CARRIERPAY_SIPHASH_LEN      16


/*
 * The first and the second half of the value, as numbers; their bytes in
 * little-endian order are the value that the reference prints.
 */
void ngx_carrierpay_siphash(uint64_t out[2], const u_char *key,
    const u_char *data, size_t len);


#endif /* _NGX_CARRIERPAY_SIPHASH_H_INCLUDED_ */
