
/*
 * POST /v1/eligibility
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_ELIGIBILITY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_ELIGIBILITY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_ctx.h"


/* Answers whether an end user may pay an amount, and why not. */
ngx_int_t ngx_http_carrierpay_api_eligibility(ngx_http_request_t *r,
    ngx_str_t *body);


#endif /* _NGX_HTTP_CARRIERPAY_API_ELIGIBILITY_H_INCLUDED_ */
