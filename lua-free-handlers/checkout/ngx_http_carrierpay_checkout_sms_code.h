
/*
 * The shopper sends an SMS with a code, in place of receiving one.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CHECKOUT_SMS_CODE_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CHECKOUT_SMS_CODE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* POST {id}/mo: shows the page that waits for the SMS. */
ngx_int_t ngx_http_carrierpay_checkout_sms_code(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_CHECKOUT_SMS_CODE_H_INCLUDED_ */
