
#ifndef _NGX_CARRIERPAY_EMAIL_H_INCLUDED_
#define _NGX_CARRIERPAY_EMAIL_H_INCLUDED_


/*
 * E-mail addresses that shoppers and merchants give us.  Strict, because an
 * address goes into an SMTP command and into a header: what passes here can
 * end neither.
 *
 * Specification: Mailbox of RFC 5321, less than it allows.  The local part is
 * a Dot-string (letters, digits, !#$%&'*+-/=?^_`{|}~ and single dots between
 * them) of at most 64 bytes; no quotes, no comments.  The domain is a name of
 * at least two labels, an international one in its ASCII form ("xn--…"), and
 * no address literal; its last label is not a number.  ASCII only, at most
 * NGX_CARRIERPAY_EMAIL_MAX bytes.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_EMAIL_MAX  254


/* 1 when it is such an address */

ngx_uint_t ngx_carrierpay_email_valid(const ngx_str_t *email);

/* the part after the @ of a valid address; points into it */

void ngx_carrierpay_email_domain(const ngx_str_t *email, ngx_str_t *domain);


#endif /* _NGX_CARRIERPAY_EMAIL_H_INCLUDED_ */
