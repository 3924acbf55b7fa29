
/*
 * The dialogue of a mail: MAIL, RCPT, DATA, the text, and QUIT; RFC 5321.
 * One command is sent at a time: there is no pipelining.
 */


#ifndef _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp_conn.h"
#include "ngx_carrierpay_smtp_mail.h"


#define NGX_CARRIERPAY_SMTP_COMMAND  300    /* RCPT TO with 254 bytes */
#define NGX_CARRIERPAY_SMTP_REPLY    1024   /* of a line; RFC 5321: 512 */


typedef struct ngx_carrierpay_smtp_dialogue_s  ngx_carrierpay_smtp_dialogue_t;


/* What was sent last and is not answered. */

typedef enum {
    NGX_CARRIERPAY_SMTP_MAIL = 0,
    NGX_CARRIERPAY_SMTP_RCPT,
    NGX_CARRIERPAY_SMTP_DATA,
    NGX_CARRIERPAY_SMTP_TEXT
} ngx_carrierpay_smtp_command_e;


/*
 * The dialogue is over.  code is the server's last reply, or 0 when the
 * connection was lost or the server does not speak SMTP; reason is for the
 * log.
 */
typedef void (*ngx_carrierpay_smtp_dialogue_pt)(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_carrierpay_smtp_outcome_e outcome,
    ngx_uint_t code, const char *reason);


struct ngx_carrierpay_smtp_dialogue_s {
    /* the owner's */
    ngx_carrierpay_smtp_conn_t       *conn;
    ngx_carrierpay_smtp_dialogue_pt   handler;

    ngx_carrierpay_smtp_mail_t       *mail;
    ngx_carrierpay_smtp_command_e     sent;

    u_char                           *pos;       /* to be sent */
    u_char                           *last;
    unsigned                          dot:1;     /* the text's end, too */
    size_t                            len;       /* of the reply so far */

    u_char                            command[NGX_CARRIERPAY_SMTP_COMMAND];
    u_char                            reply[NGX_CARRIERPAY_SMTP_REPLY];
};


/*
 * Starts the dialogue of a mail on a connected connection.  What is said
 * leaves with the next write event, so that no handler runs in here.
 * NGX_ERROR: no event for it.
 */
ngx_int_t ngx_carrierpay_smtp_dialogue_start(
    ngx_carrierpay_smtp_dialogue_t *d, ngx_carrierpay_smtp_mail_t *mail);

/*
 * The connection can be received from, or sent to.  A read may call the
 * handler, which is the last thing that it does.
 */
void ngx_carrierpay_smtp_dialogue_read(ngx_carrierpay_smtp_dialogue_t *d);
void ngx_carrierpay_smtp_dialogue_write(ngx_carrierpay_smtp_dialogue_t *d);

/*
 * What becomes of a mail whose dialogue is given up now: a server that lacks
 * the last bytes of a mail cannot have taken it.
 */
ngx_carrierpay_smtp_outcome_e ngx_carrierpay_smtp_dialogue_lost(
    ngx_carrierpay_smtp_dialogue_t *d);

/* Says QUIT where that is possible and does not wait for the answer. */
void ngx_carrierpay_smtp_dialogue_quit(ngx_carrierpay_smtp_dialogue_t *d);


#endif /* _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_ */
