
/*
 * Random bytes for tokens, traces and request ids.
 *
 * A draw of OpenSSL costs a microsecond, however few bytes it gives, and the
 * page of a shopper needs three.  So a process draws a kilobyte at a time, and
 * wipes here what it gives out.
 */


#ifndef _NGX_CARRIERPAY_RANDOM_H_INCLUDED_
#define _NGX_CARRIERPAY_RANDOM_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Writes random bytes that are fit for tokens.  NGX_OK, or NGX_ERROR: there is
 * no entropy, and the bytes must not be used.
 */
ngx_int_t ngx_carrierpay_random_bytes(u_char *out, size_t len);

/* Writes a new single-use token, NGX_CARRIERPAY_TOKEN_LEN bytes; likewise. */
ngx_int_t ngx_carrierpay_random_token(u_char *p);


#endif /* _NGX_CARRIERPAY_RANDOM_H_INCLUDED_ */
