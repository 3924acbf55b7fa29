
/*
 * Idempotency keys: a request that is sent again with its key has no second
 * effect.
 */


#ifndef _NGX_HTTP_CARRIERPAY_API_IDEMPOTENCY_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_API_IDEMPOTENCY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_reply.h"


/*
 * The request's key; bare or quoted, it is the same.  NGX_OK, or NGX_DECLINED
 * and the problem is filled: there is none, or it is no key.
 */
ngx_int_t ngx_http_carrierpay_api_idempotency(ngx_http_request_t *r,
    ngx_str_t *key, ngx_http_carrierpay_problem_t *problem);

/*
 * The NGX_CARRIERPAY_SHA256_LEN bytes that stand for a key: the same key of
 * another merchant, or in the other mode, is another key.
 */
void ngx_http_carrierpay_api_idempotency_hash(ngx_http_request_t *r,
    ngx_str_t *key, u_char *hash);

/* Adds the header of an answer to a key that was used before. */
ngx_int_t ngx_http_carrierpay_api_idempotency_replayed(ngx_http_request_t *r);

/* Answers that the key belongs to another request. */
ngx_int_t ngx_http_carrierpay_api_idempotency_mismatch(ngx_http_request_t *r);


#endif /* _NGX_HTTP_CARRIERPAY_API_IDEMPOTENCY_H_INCLUDED_ */
