
/*
 * The dialect of Kannel's smsbox.
 *
 * A message is a POST with X-Kannel-* headers and the text as its body, so
 * that neither number nor text nor password stands in a URL:
 *
 *   202 "0: Accepted for delivery"    accepted
 *   202 "3: Queued for later ..."     accepted: stored, no SMSC is linked now
 *   503                               failed
 *   4xx "Authorization failed ..."    failed: no message is to blame
 *   any other 4xx                     refused
 *   anything else                     unknown
 *
 * Kannel does not know a message again: whoever sends one that is unknown
 * once more sends two.
 *
 * A delivery report is a GET of the URL that went with the message, with the
 * message's id as "m", Kannel's type as "d" (bits, of which several may be
 * set) and the SMSC's words as "a".  An MO is a POST by the post-url of a
 * sms-service, with X-Kannel-From and -To, the text as its body in UTF-8,
 * UTF-16BE or ISO-8859-1, and Kannel's id as "id" of the query; a binary one
 * says nothing.
 */


#ifndef _NGX_CARRIERPAY_SMS_KANNEL_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_KANNEL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"


extern const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_kannel_dialect;


#endif /* _NGX_CARRIERPAY_SMS_KANNEL_H_INCLUDED_ */
