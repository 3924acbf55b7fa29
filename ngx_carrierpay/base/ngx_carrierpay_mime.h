
#ifndef _NGX_CARRIERPAY_MIME_H_INCLUDED_
#define _NGX_CARRIERPAY_MIME_H_INCLUDED_


/*
 * An e-mail as it is sent: one text in UTF-8 to one address.
 *
 * Specifications: RFC 5322 (header, dates), RFC 2045 (base64), RFC 2047
 * (encoded words), RFC 3834 (Auto-Submitted).  Lines end in CRLF and have at
 * most 76 bytes, except those with an address.  No line begins with a dot, so
 * SMTP has nothing to double.  The line ends of the text itself may be LF, CR
 * or CRLF.
 *
 * Names and subjects are not trusted: control characters become blanks and
 * what is not plain ASCII becomes encoded words, so nothing in them starts a
 * line of the header.  The functions are pure.
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
 * Returns 1 if the e-mail can be written, and 0 otherwise.  Its addresses must
 * be valid, its names, subject and text UTF-8, and its id 1 to
 * NGX_CARRIERPAY_MIME_ID_MAX letters, digits, hyphens and underscores.
 */
ngx_uint_t ngx_carrierpay_mime_valid(const ngx_carrierpay_mime_t *mime);

/*
 * The first function returns room enough for the second one, which writes the
 * e-mail and returns the position after it.
 */

size_t ngx_carrierpay_mime_size(const ngx_carrierpay_mime_t *mime);
u_char *ngx_carrierpay_mime_write(u_char *dst,
    const ngx_carrierpay_mime_t *mime);


#endif /* _NGX_CARRIERPAY_MIME_H_INCLUDED_ */
