
/*
 * What an SMS gateway with an API of its own calls us with: delivery reports
 * (DLR) and mobile-originated messages (MO).
 */


#ifndef _NGX_CARRIERPAY_SMS_HTTP_CALLBACK_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_HTTP_CALLBACK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"


/*
 * These are the functions "report" and "mo" of ngx_carrierpay_sms_dialect_t,
 * and have its results.  A status of a report that is in no list of the
 * provider's configuration is a state between, and no event.
 */
ngx_int_t ngx_carrierpay_sms_http_callback_report(
    ngx_carrierpay_sms_call_t *call, ngx_array_t *reports);
ngx_int_t ngx_carrierpay_sms_http_callback_mo(ngx_carrierpay_sms_call_t *call,
    ngx_array_t *mos);


#endif /* _NGX_CARRIERPAY_SMS_HTTP_CALLBACK_H_INCLUDED_ */
