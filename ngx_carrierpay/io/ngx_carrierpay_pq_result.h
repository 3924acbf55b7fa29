
/*
 * What a query has returned.  All values are in PostgreSQL's binary format.
 *
 * A result is valid only inside the handler that received it.  The functions
 * are defined in ngx_carrierpay_pq_conn.c, the only file that knows libpq.
 */


#ifndef _NGX_CARRIERPAY_PQ_RESULT_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_RESULT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef struct ngx_carrierpay_pq_result_s  ngx_carrierpay_pq_result_t;


ngx_uint_t ngx_carrierpay_pq_rows(ngx_carrierpay_pq_result_t *res);
ngx_uint_t ngx_carrierpay_pq_null(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column);

/* A value of type bool, int2, int4, int8 or "char"; null gives 0. */
int64_t ngx_carrierpay_pq_int(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column);

/* The bytes in place (text, bytea, uuid); null gives len 0. */
void ngx_carrierpay_pq_bytes(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column, ngx_str_t *bytes);

/*
 * A copy in the pool, followed by a zero byte that is not counted; null gives
 * data NULL.  NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_pq_copy(ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row, ngx_uint_t column, ngx_pool_t *pool, ngx_str_t *copy);


#endif /* _NGX_CARRIERPAY_PQ_RESULT_H_INCLUDED_ */
