
/*
 * Messages to people: SMS and e-mail, from the queue in the database to the
 * gateway or mail server.
 *
 *   message   prepare, send, record
 *
 * The text is made when it is sent, of the message's kind, its payment and
 * its merchant, in its language.  A PIN is sealed in the message's body until
 * then, followed by the host whose page asks for it, if that is ours: the
 * last line of the SMS binds the PIN to it (WebOTP).
 *
 * An SMS goes by the providers of its operator, in their order: the next one
 * is tried while it is certain that nothing was sent.  What is past its
 * deadline is not sent.
 */


#ifndef _NGX_CARRIERPAY_MESSAGE_H_INCLUDED_
#define _NGX_CARRIERPAY_MESSAGE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_work_queue.h"


extern ngx_carrierpay_statement_t  ngx_carrierpay_message_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_message_done_statement;

/* the queue */
extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_messages;


#endif /* _NGX_CARRIERPAY_MESSAGE_H_INCLUDED_ */
