
/*
 * The dialect of an SMS gateway with an API of its own over HTTP, as the
 * directives of its carrierpay_sms block describe it.
 *
 * A message is a POST of the template "request".  The password is sent as
 * "Authorization: Basic", or as "Bearer" if there is no username, unless the
 * template itself has a place for it.  The status of the answer says what
 * became of the message:
 *
 *   in the list "success"    accepted; the gateway's id is at the path
 *                            "reference" of the answer's JSON
 *   in the list "refused"    refused
 *   401, 429, 503            failed, unless they are in one of the lists
 *   any other                unknown
 */


#ifndef _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_sms_http_conf.h"


extern const ngx_carrierpay_template_name_t  ngx_carrierpay_sms_http_names[];
extern const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_http_dialect;


/*
 * Tells whether a request with ordinary values is JSON.  NGX_OK: it is;
 * NGX_DECLINED: it is not; NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_sms_http_try(ngx_pool_t *pool,
    const ngx_carrierpay_template_t *request);


#endif /* _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_ */
