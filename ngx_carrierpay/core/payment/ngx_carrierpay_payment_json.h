
/*
 * The one JSON form of a payment, which the API and webhooks show; its schema
 * is Payment in docs/openapi.yaml.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_JSON_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_payment.h"
#include "ngx_carrierpay_flow.h"


/*
 * Writes the payment, with the URL where the shopper goes while it is
 * pending, into memory of the pool.  NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_carrierpay_payment_json(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_conf_t *conf, ngx_pool_t *pool, ngx_str_t *json);


#endif /* _NGX_CARRIERPAY_PAYMENT_JSON_H_INCLUDED_ */
