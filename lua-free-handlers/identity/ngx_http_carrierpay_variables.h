
/*
 * The variables that tell of a request who it came from and what became of
 * its payment: for log_format, map and if.
 *
 * nginx keeps an indexed variable's first value for the whole request.  What
 * is asked for early (by a limit's key) may be known only at the end (by the
 * log), so whoever sets a field of the context says that it has changed.
 */


#ifndef _NGX_HTTP_CARRIERPAY_VARIABLES_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_VARIABLES_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_eligibility.h"


#define NGX_HTTP_CARRIERPAY_VARS  10


/* of a cycle: where nginx keeps their values */

typedef struct {
    ngx_int_t                  index[NGX_HTTP_CARRIERPAY_VARS];
} ngx_http_carrierpay_vars_t;


/* Adds the variables, and finds their places; for a preconfiguration. */
ngx_int_t ngx_http_carrierpay_variables_add(ngx_conf_t *cf,
    ngx_http_carrierpay_vars_t *vars);

/* The context has changed: values are asked for again. */
void ngx_http_carrierpay_variables_changed(ngx_http_request_t *r);

/*
 * What logs say of a payment; of a flow of ngx_carrierpay_charge.h that has
 * ended or is late; of the line, operator and MVNO of a session; and of a
 * line that may pay, or not: its reason is the outcome.  All
 * copy what they need into the request's pool; NGX_OK or NGX_ERROR (memory).
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
