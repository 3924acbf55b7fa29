
#ifndef _NGX_CARRIERPAY_TEXT_H_INCLUDED_
#define _NGX_CARRIERPAY_TEXT_H_INCLUDED_


/*
 * Text: what may come in, and how it is written without a change of meaning.
 *
 * A writer takes the position to write at and returns the position after the
 * last byte, as ngx_cpymem() does, and writes no final zero.  A writer whose
 * length depends on its input has a twin that returns the length.  The
 * functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TEXT_HEX_LEN(n)  ((n) * 2)
#define NGX_CARRIERPAY_TEXT_INT_LEN   (sizeof("-9223372036854775808") - 1)


/*
 * Returns 1 if the bytes are UTF-8 by RFC 3629, and 0 otherwise: shortest
 * forms only, no surrogates, nothing above U+10FFFF.  A zero byte is valid
 * UTF-8; where JSON is decoded, zero bytes are refused.
 */
ngx_uint_t ngx_carrierpay_text_utf8_valid(const u_char *p, size_t len);

/* Returns the number of characters of a valid UTF-8 text. */

size_t ngx_carrierpay_text_utf8_length(const u_char *p, size_t len);


/* Returns 1 if the text begins with another one, which may be empty. */

ngx_uint_t ngx_carrierpay_text_begins(const ngx_str_t *text,
    const ngx_str_t *with);

/*
 * Skips a byte order mark of UTF-8 at the beginning of a text.  Editors and
 * programs of Windows write one before the text of a file or a body; it has no
 * meaning.
 */
void ngx_carrierpay_text_skip_mark(ngx_str_t *text);


/*
 * Write the inside of a JSON string (RFC 8259): quotes, backslashes and
 * control characters are escaped, and all else is copied, so valid UTF-8
 * becomes valid JSON.  The caller writes the enclosing quotes.
 */
size_t ngx_carrierpay_text_json_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_json(u_char *dst, const u_char *src, size_t len);

/*
 * Write HTML text, or the value of a quoted attribute: & < > " ' become
 * character references.  They are not for URLs, scripts or styles.
 */
size_t ngx_carrierpay_text_html_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_html(u_char *dst, const u_char *src, size_t len);

/*
 * Write a value of a query or a form (RFC 3986): all characters but letters,
 * digits and "-._~" are percent-encoded, and a blank is %20.
 */
size_t ngx_carrierpay_text_uri_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_uri(u_char *dst, const u_char *src, size_t len);


/*
 * Writes len bytes as hexadecimal digits (base16 of RFC 4648) in small
 * letters, NGX_CARRIERPAY_TEXT_HEX_LEN(len) characters.
 */
u_char *ngx_carrierpay_text_hex(u_char *dst, const u_char *src, size_t len);

/*
 * Parses exactly what the function above writes.  The caller provides
 * data->data with room for half as many bytes as the text has characters.
 * NGX_OK: the bytes are there and data->len is set.  NGX_DECLINED: the text
 * has an odd length or a character other than 0-9 and a-f, and data->len is
 * not touched.
 */
ngx_int_t ngx_carrierpay_text_hex_parse(const ngx_str_t *text,
    ngx_str_t *data);


/* Writes a decimal number, at most NGX_CARRIERPAY_TEXT_INT_LEN bytes. */

u_char *ngx_carrierpay_text_int(u_char *dst, int64_t n);

/*
 * Parses exactly what the function above writes: no plus, no blanks, no
 * leading zeros, no "-0", nothing beyond int64_t.  NGX_OK, or NGX_DECLINED and
 * *n is not touched.
 */
ngx_int_t ngx_carrierpay_text_int_parse(const ngx_str_t *text, int64_t *n);

/*
 * Parses a double as printf() and Redis write it, "1.795e+15" or
 * "1795000000000000", and cuts off its fraction.  NGX_OK; NGX_DECLINED: the
 * text is not a number, or is beyond int64_t, and *n is not touched.
 */
ngx_int_t ngx_carrierpay_text_double_parse(const ngx_str_t *text, int64_t *n);


#endif /* _NGX_CARRIERPAY_TEXT_H_INCLUDED_ */
