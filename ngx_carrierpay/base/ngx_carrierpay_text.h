
#ifndef _NGX_CARRIERPAY_TEXT_H_INCLUDED_
#define _NGX_CARRIERPAY_TEXT_H_INCLUDED_


/*
 * Text: what may come in, and how it goes out without changing its meaning.
 *
 * Writers take the position to write at and return the position after the
 * last byte, as ngx_cpymem() does; none writes a final zero.  A writer
 * whose length depends on its input has a twin that tells the length.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_TEXT_INT_LEN   (sizeof("-9223372036854775808") - 1)


/*
 * 1 when the bytes are UTF-8 by RFC 3629: shortest forms only, no surrogates,
 * nothing above U+10FFFF.  A zero byte is valid UTF-8; JSON is decoded with
 * zero bytes refused.
 */
ngx_uint_t ngx_carrierpay_text_utf8_valid(const u_char *p, size_t len);

/* how many characters valid UTF-8 has */

size_t ngx_carrierpay_text_utf8_length(const u_char *p, size_t len);


/* Tells whether the text begins with another one, which may be empty. */

ngx_uint_t ngx_carrierpay_text_begins(const ngx_str_t *text,
    const ngx_str_t *with);


/*
 * The inside of a JSON string (RFC 8259): quotes, backslashes and control
 * characters are escaped, all else is copied, so valid UTF-8 in means valid
 * JSON out.  The enclosing quotes are the caller's.
 */
size_t ngx_carrierpay_text_json_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_json(u_char *dst, const u_char *src, size_t len);

/*
 * HTML text or a quoted attribute's value: & < > " ' become references.
 * Not for URLs, scripts or styles.
 */
size_t ngx_carrierpay_text_html_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_html(u_char *dst, const u_char *src, size_t len);

/*
 * A value in a query or a form (RFC 3986): all but letters, digits and
 * "-._~" is percent-encoded, a blank as %20.
 */
size_t ngx_carrierpay_text_uri_size(const u_char *src, size_t len);
u_char *ngx_carrierpay_text_uri(u_char *dst, const u_char *src, size_t len);


/* decimal, at most NGX_CARRIERPAY_TEXT_INT_LEN bytes */

u_char *ngx_carrierpay_text_int(u_char *dst, int64_t n);

/*
 * Reads exactly what the writer above writes: no plus, no blanks, no leading
 * zeros, no "-0", nothing beyond int64_t.  NGX_OK, or NGX_DECLINED and *n
 * untouched.
 */
ngx_int_t ngx_carrierpay_text_int_parse(const ngx_str_t *text, int64_t *n);

/*
 * Reads a double as printf and Redis write it, "1.795e+15" as well as
 * "1795000000000000", and cuts off its fraction.  NGX_OK, or NGX_DECLINED and
 * *n untouched: not a number alone, or beyond int64_t.
 */
ngx_int_t ngx_carrierpay_text_double_parse(const ngx_str_t *text, int64_t *n);


#endif /* _NGX_CARRIERPAY_TEXT_H_INCLUDED_ */
