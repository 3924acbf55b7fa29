
/*
 * What Kannel calls us with.
 *
 * A delivery report is a GET of the URL that was sent with the message, with
 * the message's id as "m", Kannel's type as "d" (bits, of which several may be
 * set) and the SMSC's words as "a".  An MO is a POST by the post-url of an
 * sms-service, with the headers X-Kannel-From and X-Kannel-To, the text as its
 * body in the charset of its Content-Type, and Kannel's id as "id" of the
 * query.  A binary MO is ignored.
 */


#ifndef _NGX_CARRIERPAY_SMS_KANNEL_CALLBACK_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_KANNEL_CALLBACK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"


/* "report" and "mo" of ngx_carrierpay_sms_dialect_t, with its results. */

ngx_int_t ngx_carrierpay_sms_kannel_callback_report(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *reports);
ngx_int_t ngx_carrierpay_sms_kannel_callback_mo(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *mos);


#endif /* _NGX_CARRIERPAY_SMS_KANNEL_CALLBACK_H_INCLUDED_ */
