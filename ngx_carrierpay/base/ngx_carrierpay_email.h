
#ifndef _NGX_CARRIERPAY_EMAIL_H_INCLUDED_
#define _NGX_CARRIERPAY_EMAIL_H_INCLUDED_


/*
 * E-mail addresses that shoppers and merchants give.  The check is strict,
 * because an address is written into an SMTP command and into a header: no
 * valid address can end either of them.
 *
 * Specification: Mailbox of RFC 5321, of which only a part is allowed.  The
 * local part is a Dot-string (letters, digits, !#$%&'*+-/=?^_`{|}~ and single
 * dots between them) of at most 64 bytes, without quotes or comments.  The
 * domain is a name of at least two labels, an international one in its ASCII
 * form ("xn--..."), and not an address literal; its last label is not a
 * number.  All is ASCII, of at most NGX_CARRIERPAY_EMAIL_MAX bytes.  The
 * functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_EMAIL_MAX  254


/* Returns 1 if the text is such an address, and 0 otherwise. */

ngx_uint_t ngx_carrierpay_email_valid(const ngx_str_t *email);

/*
 * Sets the domain to the part after the "@" of a valid address.  It points
 * into the address.
 */

void ngx_carrierpay_email_domain(const ngx_str_t *email, ngx_str_t *domain);


#endif /* _NGX_CARRIERPAY_EMAIL_H_INCLUDED_ */
