
#ifndef _NGX_CARRIERPAY_HEX_H_INCLUDED_
#define _NGX_CARRIERPAY_HEX_H_INCLUDED_


/*
 * Bytes as hexadecimal digits (base16 of RFC 4648), in small letters only, so
 * that a value has exactly one text.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* The exact length of the text of n bytes. */

#define NGX_CARRIERPAY_HEX_LEN(n)  ((n) * 2)


/*
 * Writes the text of len bytes, NGX_CARRIERPAY_HEX_LEN(len) characters, and
 * returns the position after it.
 */
u_char *ngx_carrierpay_hex_encode(u_char *out, const u_char *data, size_t len);

/*
 * Reads a text.  The caller provides data->data with room for half as many
 * bytes as the text has characters.  NGX_OK: the bytes are there and data->len
 * is set.  NGX_DECLINED: the text has an odd length or a character other than
 * 0-9 and a-f; data->len is not touched.
 */
ngx_int_t ngx_carrierpay_hex_decode(ngx_str_t *data, const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_HEX_H_INCLUDED_ */
