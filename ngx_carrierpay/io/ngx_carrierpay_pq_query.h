
/*
 * Queries: prepared statements and their parameters in PostgreSQL's binary
 * format (integers are big-endian, arrays are as array_send() writes them).
 *
 * This is pure encoding into memory; nothing here knows a connection.
 */


#ifndef _NGX_CARRIERPAY_PQ_QUERY_H_INCLUDED_
#define _NGX_CARRIERPAY_PQ_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* The oids of the types that the service sends, from pg_type.dat. */

#define NGX_CARRIERPAY_PQ_BOOL         16
#define NGX_CARRIERPAY_PQ_BYTEA        17
#define NGX_CARRIERPAY_PQ_INT8         20
#define NGX_CARRIERPAY_PQ_INT4         23
#define NGX_CARRIERPAY_PQ_TEXT         25
#define NGX_CARRIERPAY_PQ_UUID         2950

#define NGX_CARRIERPAY_PQ_BOOL_ARRAY   1000
#define NGX_CARRIERPAY_PQ_BYTEA_ARRAY  1001
#define NGX_CARRIERPAY_PQ_INT4_ARRAY   1007
#define NGX_CARRIERPAY_PQ_TEXT_ARRAY   1009
#define NGX_CARRIERPAY_PQ_INT8_ARRAY   1016
#define NGX_CARRIERPAY_PQ_UUID_ARRAY   2951


typedef struct {
    const char      *name;
    const char      *text;
    ngx_uint_t       nparams;
    const uint32_t  *types;      /* nparams oids; NULL when there are none */
} ngx_carrierpay_pq_statement_t;


typedef struct {
    u_char          *data;       /* NULL is SQL's null; "" is not */
    int              len;
} ngx_carrierpay_pq_param_t;


typedef struct {
    ngx_uint_t                  statement;   /* its index in the table */
    ngx_carrierpay_pq_param_t  *params;      /* as many as it has */
} ngx_carrierpay_pq_query_t;


typedef struct {
    u_char          *start;
    u_char          *pos;
    u_char          *end;        /* NULL: the array has overflowed */
    uint32_t         n;
    uint32_t         has_null;
} ngx_carrierpay_pq_array_t;


/*
 * Scalars are written into memory of the pool.  NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_pq_param_int4(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, int32_t value);
ngx_int_t ngx_carrierpay_pq_param_int8(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, int64_t value);
ngx_int_t ngx_carrierpay_pq_param_bool(ngx_carrierpay_pq_param_t *p,
    ngx_pool_t *pool, ngx_uint_t value);

/*
 * Opens an array for at most n elements and `bytes` bytes of payload (1 for a
 * bool, 4 for an int4, 8 for an int8, 0 for a null).  The caller then adds
 * the elements in order and closes the array into a parameter.  NGX_ERROR:
 * memory is short.
 *
 * An array that overflows is a bug of the caller: it leaves an [alert] line,
 * and a query with this parameter is refused when it is submitted.
 */
ngx_int_t ngx_carrierpay_pq_array_open(ngx_carrierpay_pq_array_t *a,
    ngx_pool_t *pool, uint32_t element_oid, ngx_uint_t n, size_t bytes);
void ngx_carrierpay_pq_array_null(ngx_carrierpay_pq_array_t *a);
void ngx_carrierpay_pq_array_bool(ngx_carrierpay_pq_array_t *a,
    ngx_uint_t value);
void ngx_carrierpay_pq_array_int4(ngx_carrierpay_pq_array_t *a,
    int32_t value);
void ngx_carrierpay_pq_array_int8(ngx_carrierpay_pq_array_t *a,
    int64_t value);

/* An element of type text, bytea or uuid; data NULL adds a null. */
void ngx_carrierpay_pq_array_bytes(ngx_carrierpay_pq_array_t *a,
    u_char *data, size_t len);

void ngx_carrierpay_pq_array_close(ngx_carrierpay_pq_array_t *a,
    ngx_carrierpay_pq_param_t *p);


#endif /* _NGX_CARRIERPAY_PQ_QUERY_H_INCLUDED_ */
