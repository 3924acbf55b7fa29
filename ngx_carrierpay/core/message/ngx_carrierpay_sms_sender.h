
/*
 * The sender of a message from a phone, as gateways write it.
 */


#ifndef _NGX_CARRIERPAY_SMS_SENDER_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_SENDER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_operator.h"


/*
 * Parses a sender.  Gateways write it with its country code, often without the
 * plus, and some as it is dialled in the country of all operators that send
 * through them.  A plus that a gateway has put into a query or a form as it is
 * has become a blank.
 *
 * NGX_OK; NGX_DECLINED: it is not a number of a configured country.
 */
ngx_int_t ngx_carrierpay_sms_sender_parse(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_sms_provider_t *provider, ngx_str_t *from,
    ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_SMS_SENDER_H_INCLUDED_ */
