
/*
 * The dialogue of a mail: MAIL, RCPT, DATA, the text, and QUIT; RFC 5321.
 * One thing is said at a time: there is no pipelining.
 */


#ifndef _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_
#define _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>

#include "ngx_carrierpay_smtp_session.h"


/*
 * The session's mail, on its connection.  What is said leaves with
 * the next write event, so that no handler runs within send.
 */
ngx_int_t ngx_carrierpay_smtp_talk(ngx_carrierpay_smtp_session_t *s);

/* The two handlers of a session's slot. */
void ngx_carrierpay_smtp_talk_read_handler(ngx_event_t *ev);
void ngx_carrierpay_smtp_talk_write_handler(ngx_event_t *ev);

/* Says good-bye where that is possible; nobody waits for the answer. */
void ngx_carrierpay_smtp_talk_quit(ngx_carrierpay_smtp_session_t *s);


#endif /* _NGX_CARRIERPAY_SMTP_DIALOGUE_H_INCLUDED_ */
