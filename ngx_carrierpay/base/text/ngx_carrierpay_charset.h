
#ifndef _NGX_CARRIERPAY_CHARSET_H_INCLUDED_
#define _NGX_CARRIERPAY_CHARSET_H_INCLUDED_


/*
 * Charsets: the texts of SMS gateways, which are of many, as UTF-8.
 *
 * A table of few charsets is here rather than iconv(), which would take
 * whatever the C library of the machine happens to know, and would have to be
 * opened, and could fail, for each message.
 *
 * Specification: RFC 3629, RFC 2781, and the WHATWG's index of windows-1252.
 * The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_CHARSET_UTF8 = 0,
    NGX_CARRIERPAY_CHARSET_ASCII,
    NGX_CARRIERPAY_CHARSET_UTF16,           /* a mark tells the order; or BE */
    NGX_CARRIERPAY_CHARSET_UTF16BE,         /* UCS-2 is a part of it */
    NGX_CARRIERPAY_CHARSET_UTF16LE,
    NGX_CARRIERPAY_CHARSET_LATIN1,
    NGX_CARRIERPAY_CHARSET_LATIN9,
    NGX_CARRIERPAY_CHARSET_WINDOWS1252
} ngx_carrierpay_charset_e;


/* The most bytes that so many bytes of any charset take in UTF-8. */

#define ngx_carrierpay_charset_size(len)  ((len) * 3)


/*
 * Finds a charset by a name of it, whose case, hyphens, underscores and blanks
 * have no meaning: "UTF-8" and "utf8".  NGX_OK or NGX_DECLINED.
 */
ngx_int_t ngx_carrierpay_charset_find(const ngx_str_t *name,
    ngx_carrierpay_charset_e *charset);

/*
 * Writes bytes of the charset as UTF-8 and sets *end to the position after
 * them.  A byte order mark is left out, and so are zeros at the end, with
 * which some programs end a text; a zero elsewhere is a sign of another
 * charset.
 * NGX_OK; NGX_DECLINED: the bytes are not of the charset.
 */
ngx_int_t ngx_carrierpay_charset_convert(ngx_carrierpay_charset_e charset,
    const ngx_str_t *bytes, u_char *dst, u_char **end);


#endif /* _NGX_CARRIERPAY_CHARSET_H_INCLUDED_ */
