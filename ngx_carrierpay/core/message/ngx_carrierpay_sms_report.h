
/*
 * Delivery reports (DLR): what a gateway says became of one of our messages.
 *
 *   sms_report   report
 *
 * The data of the flow is an ngx_carrierpay_sms_delivery_t.
 */


#ifndef _NGX_CARRIERPAY_SMS_REPORT_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_REPORT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_sms_dialect.h"


typedef struct {
    int64_t                      id;         /* of the message; 0: not ours */
    ngx_str_t                    state;
    ngx_str_t                    code;       /* data NULL: none */
    ngx_uint_t                   known;      /* there is such a message */
    ngx_carrierpay_sql_call_t    call;
} ngx_carrierpay_sms_delivery_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_sms_report_statement;


/*
 * Texts are copied.  The result is OK; NOT_FOUND: we have not sent such a
 * message; or UNAVAILABLE: the gateway should report again.  NULL: memory, or
 * too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_sms_report(ngx_carrierpay_core_t *core,
    ngx_carrierpay_sms_report_t *report);


#endif /* _NGX_CARRIERPAY_SMS_REPORT_H_INCLUDED_ */
