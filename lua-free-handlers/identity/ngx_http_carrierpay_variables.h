
/*
 * The variables of a request's shopper and payment, for log_format, map and
 * if.
 *
 * nginx keeps the first value of an indexed variable for the whole request.
 * But a value that is needed early (by the key of a limit) may be complete
 * only at the end (in the log), so a change of the context must be announced.
 */


#ifndef _NGX_HTTP_CARRIERPAY_VARIABLES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VARIABLES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_steps.h"
#include "ngx_carrierpay_eligibility.h"


/*
 * Adds the variables, and fills indexes with their
 * NGX_HTTP_CARRIERPAY_VARIABLES places; to be called in preconfiguration.
 * NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_carrierpay_variables_add(ngx_conf_t *cf,
    ngx_int_t *indexes);

/* To be called when the context has changed: values are evaluated again. */
void ngx_http_carrierpay_variables_changed(ngx_http_request_t *r);

/*
 * These set the fields of the context that the variables show: from a payment;
 * from a flow that charges, which has ended or is late; from the
 * end user, operator and MVNO of a session; from a decision of eligibility,
 * whose reason becomes the outcome.  They copy what they need into the
 * request's pool; NGX_OK or NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_variables_payment(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *payment);
ngx_int_t ngx_http_carrierpay_variables_charge(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
ngx_int_t ngx_http_carrierpay_variables_end_user(ngx_http_request_t *r,
    ngx_carrierpay_identity_t *identity);
ngx_int_t ngx_http_carrierpay_variables_decision(ngx_http_request_t *r,
    ngx_carrierpay_decision_t *decision);


#endif /* _NGX_HTTP_CARRIERPAY_VARIABLES_H_INCLUDED_ */
