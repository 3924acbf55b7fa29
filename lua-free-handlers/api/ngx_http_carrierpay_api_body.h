
/*
 * Checks of what merchants send, that several endpoints share.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_BODY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_BODY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"


/* bytes, more than any name of one */
#define NGX_HTTP_CARRIERPAY_API_CATEGORY_MAX  32


/* NGX_OK: the body is application/json.  NGX_DECLINED: see the problem. */
ngx_int_t ngx_http_carrierpay_api_type(ngx_http_request_t *r,
    ngx_http_carrierpay_problem_t *problem);

/*
 * Reads a body of JSON by a table, as ngx_http_carrierpay_json_read() does.
 * `out` has `size` bytes and is zeroed here, and so is the problem.  NGX_OK;
 * NGX_DECLINED: see the problem; NGX_ERROR: memory.
 */
ngx_int_t ngx_http_carrierpay_api_body(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_carrierpay_field_t *fields, void *out,
    size_t size, ngx_http_carrierpay_problem_t *problem);

/* Checks for the tables of members: NULL, or what is wrong. */
const char *ngx_http_carrierpay_api_currency(ngx_str_t *value);
const char *ngx_http_carrierpay_api_country(ngx_str_t *value);

/* The value becomes the name of a category, a constant. */
const char *ngx_http_carrierpay_api_category(ngx_str_t *value);


#endif /* _NGX_HTTP_CARRIERPAY_API_BODY_H_INCLUDED_ */
