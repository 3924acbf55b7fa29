
#ifndef _NGX_CARRIERPAY_BASE64_H_INCLUDED_
#define _NGX_CARRIERPAY_BASE64_H_INCLUDED_


/*
 * base64 and base64url, as RFC 4648 defines them.
 *
 * base64 is written with its padding and base64url without any.  Reading is
 * strict, so that a value has exactly one text: blanks, characters of another
 * alphabet, missing or needless padding and unused bits that are not zero are
 * all refused.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


/* The exact length of the text of n bytes. */

#define NGX_CARRIERPAY_BASE64_LEN(n)     (((n) + 2) / 3 * 4)
#define NGX_CARRIERPAY_BASE64URL_LEN(n)  (((n) * 4 + 2) / 3)

/* Room enough for the bytes of a text of len characters, of either kind. */

#define NGX_CARRIERPAY_BASE64_ROOM(len)  ((len) / 4 * 3 + 2)


/*
 * Write the text of len bytes, exactly as long as the macros above say, and
 * return the position after it.
 */
u_char *ngx_carrierpay_base64_encode(u_char *out, const u_char *data,
    size_t len);
u_char *ngx_carrierpay_base64url_encode(u_char *out, const u_char *data,
    size_t len);

/*
 * Read a text.  The caller provides data->data with room for
 * NGX_CARRIERPAY_BASE64_ROOM() bytes.  NGX_OK: the bytes are there and
 * data->len is set.  NGX_DECLINED: the text is malformed; data->len is not
 * touched.
 */
ngx_int_t ngx_carrierpay_base64_decode(ngx_str_t *data, const ngx_str_t *text);
ngx_int_t ngx_carrierpay_base64url_decode(ngx_str_t *data,
    const ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_BASE64_H_INCLUDED_ */
