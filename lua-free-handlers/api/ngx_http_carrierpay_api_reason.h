
/*
 * What the ledger's reasons mean to merchants: the one place of the API where
 * they are compared.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_REASON_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_REASON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


/* why the ledger refuses a payment */

typedef struct {
    ngx_str_t        reason;
    const char      *param;
    const char      *detail;
} ngx_http_carrierpay_refusal_t;


/* The row of a reason, or one for all other reasons; never NULL. */
const ngx_http_carrierpay_refusal_t *ngx_http_carrierpay_api_refusal(
    ngx_str_t *reason);


#endif /* _NGX_HTTP_CARRIERPAY_API_REASON_H_INCLUDED_ */
