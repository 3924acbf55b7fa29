
#ifndef _NGX_CARRIERPAY_MIME_H_INCLUDED_
#define _NGX_CARRIERPAY_MIME_H_INCLUDED_


/*
 * An e-mail as it goes over the wire: one text in UTF-8 to one address.
 *
 * Specifications: RFC 5322 (header, dates), RFC 2045 (base64), RFC 2047
 * (encoded words), RFC 3834 (Auto-Submitted).  Lines end in CRLF and have at
 * most 76 bytes, but for those of an address; none begins with a dot, so
 * SMTP has nothing to double.  The text's own line ends may be LF, CR or
 * CRLF.
 *
 * Names and subjects are anybody's words: control characters become blanks,
 * what is not plain ASCII becomes encoded words, and so nothing in them
 * starts a line of the header.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_MIME_ID_MAX  64


typedef struct {
    ngx_str_t    from;        /* address */
    ngx_str_t    from_name;   /* or empty */
    ngx_str_t    to;          /* address */
    ngx_str_t    subject;
    ngx_str_t    text;
    ngx_str_t    id;          /* of the Message-ID, before "@domain" */
    int64_t      time;        /* Unix ms */
} ngx_carrierpay_mime_t;


/*
 * 1 when it can be written: addresses are valid, names, subject and text are
 * UTF-8, the id is 1 to NGX_CARRIERPAY_MIME_ID_MAX letters, digits, hyphens
 * and underscores.
 */
ngx_uint_t ngx_carrierpay_mime_valid(const ngx_carrierpay_mime_t *mime);

/* room enough for the writer, which returns the position after the mail */

size_t ngx_carrierpay_mime_size(const ngx_carrierpay_mime_t *mime);
u_char *ngx_carrierpay_mime_write(u_char *dst,
    const ngx_carrierpay_mime_t *mime);


#endif /* _NGX_CARRIERPAY_MIME_H_INCLUDED_ */
