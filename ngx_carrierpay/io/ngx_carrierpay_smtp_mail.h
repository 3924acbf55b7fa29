
/* A mail to one address, and what became of it. */


#ifndef _NGX_CARRIERPAY_SMTP_MAIL_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_MAIL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct ngx_carrierpay_smtp_mail_s  ngx_carrierpay_smtp_mail_t;

typedef void (*ngx_carrierpay_smtp_pt)(ngx_carrierpay_smtp_mail_t *mail);


/*
 * A 5xx to the log-in or to the sender is FAILED, since it is about the
 * configuration of this service and would be the same for every mail; so is a
 * 530 (log in first) anywhere.
 *
 * A caller that sends an UNKNOWN mail again may deliver it twice; with the
 * same Message-ID many receivers show it once.
 */

typedef enum {
    NGX_CARRIERPAY_SMTP_FAILED = 0,  /* certainly not taken: try later */
    NGX_CARRIERPAY_SMTP_SENT,        /* the server has taken it */
    NGX_CARRIERPAY_SMTP_REFUSED,     /* this address or this text: never */
    NGX_CARRIERPAY_SMTP_UNKNOWN      /* the whole text left, no answer */
} ngx_carrierpay_smtp_outcome_e;


struct ngx_carrierpay_smtp_mail_s {
    ngx_queue_t                      queue;    /* io/smtp's */
    ngx_msec_t                       expire;   /* io/smtp's */

    ngx_str_t                        to;       /* valid: base/email */
    ngx_str_t                        text;     /* RFC 5322, base/mime */

    ngx_log_t                       *log;      /* of lines about it */

    ngx_carrierpay_smtp_pt           handler;  /* called once */
    void                            *data;

    ngx_carrierpay_smtp_outcome_e    outcome;
    ngx_uint_t                       code;     /* last reply to it, or 0 */
};

/*
 * Tells whether the mail may be sent: its address is valid, and its text has
 * lines of ASCII that end in CRLF, have at most 998 bytes and do not begin
 * with a dot.
 */
ngx_uint_t ngx_carrierpay_smtp_mail_valid(ngx_carrierpay_smtp_mail_t *mail);


#endif /* _NGX_CARRIERPAY_SMTP_MAIL_H_INCLUDED_ */
