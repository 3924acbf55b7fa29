
/* What has come back to a call. */


#ifndef _NGX_CARRIERPAY_EGRESS_ANSWER_H_INCLUDED_
#define _NGX_CARRIERPAY_EGRESS_ANSWER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_carrierpay_egress_call.h"


/*
 * Sets the outcome of the call and copies the answer, once its subrequest has
 * ended with rc.
 */
void ngx_carrierpay_egress_answer(ngx_carrierpay_egress_call_t *call,
    ngx_http_request_t *sr, ngx_int_t rc);


#endif /* _NGX_CARRIERPAY_EGRESS_ANSWER_H_INCLUDED_ */
