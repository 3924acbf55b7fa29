
/*
 *   array:    int4 dimensions (0 or 1), int4 has nulls, int4 element oid,
 *             then per dimension int4 elements, int4 lower bound
 *   element:  int4 length (-1 is null), bytes
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_pq_query.h"


#define NGX_CARRIERPAY_PQ_ARRAY_HEADER  20
#define NGX_CARRIERPAY_PQ_ARRAY_EMPTY   12


static u_char *ngx_carrierpay_pq_put32(u_char *p, uint32_t value);
static u_char *ngx_carrierpay_pq_put64(u_char *p, uint64_t value);
static u_char *ngx_carrierpay_pq_array_element(ngx_carrierpay_pq_array_t *a,
    size_t len);


ngx_int_t
ngx_carrierpay_pq_param_int4(ngx_carrierpay_pq_param_t *p, ngx_pool_t *pool,
    int32_t value)
{
    p->len = 4;
    p->data = ngx_pnalloc(pool, 4);

    if (p->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_pq_put32(p->data, (uint32_t) value);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_param_int8(ngx_carrierpay_pq_param_t *p, ngx_pool_t *pool,
    int64_t value)
{
    p->len = 8;
    p->data = ngx_pnalloc(pool, 8);

    if (p->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_pq_put64(p->data, (uint64_t) value);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_param_bool(ngx_carrierpay_pq_param_t *p, ngx_pool_t *pool,
    ngx_uint_t value)
{
    p->len = 1;
    p->data = ngx_pnalloc(pool, 1);

    if (p->data == NULL) {
        return NGX_ERROR;
    }

    p->data[0] = value ? 1 : 0;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_pq_array_open(ngx_carrierpay_pq_array_t *a, ngx_pool_t *pool,
    uint32_t element_oid, ngx_uint_t n, size_t bytes)
{
    size_t  size;

    size = NGX_CARRIERPAY_PQ_ARRAY_HEADER + 4 * n + bytes;

    a->start = ngx_pnalloc(pool, size);
    if (a->start == NULL) {
        return NGX_ERROR;
    }

    a->pos = a->start + NGX_CARRIERPAY_PQ_ARRAY_HEADER;
    a->end = a->start + size;
    a->n = 0;
    a->has_null = 0;

    (void) ngx_carrierpay_pq_put32(a->start + 8, element_oid);

    return NGX_OK;
}


void
ngx_carrierpay_pq_array_null(ngx_carrierpay_pq_array_t *a)
{
    u_char  *p;

    p = ngx_carrierpay_pq_array_element(a, 0);

    if (p) {
        (void) ngx_carrierpay_pq_put32(p - 4, (uint32_t) -1);
        a->has_null = 1;
    }
}


void
ngx_carrierpay_pq_array_bool(ngx_carrierpay_pq_array_t *a, ngx_uint_t value)
{
    u_char  *p;

    p = ngx_carrierpay_pq_array_element(a, 1);

    if (p) {
        *p = value ? 1 : 0;
    }
}


void
ngx_carrierpay_pq_array_int4(ngx_carrierpay_pq_array_t *a, int32_t value)
{
    u_char  *p;

    p = ngx_carrierpay_pq_array_element(a, 4);

    if (p) {
        (void) ngx_carrierpay_pq_put32(p, (uint32_t) value);
    }
}


void
ngx_carrierpay_pq_array_int8(ngx_carrierpay_pq_array_t *a, int64_t value)
{
    u_char  *p;

    p = ngx_carrierpay_pq_array_element(a, 8);

    if (p) {
        (void) ngx_carrierpay_pq_put64(p, (uint64_t) value);
    }
}


void
ngx_carrierpay_pq_array_bytes(ngx_carrierpay_pq_array_t *a, u_char *data,
    size_t len)
{
    u_char  *p;

    if (data == NULL) {
        ngx_carrierpay_pq_array_null(a);
        return;
    }

    p = ngx_carrierpay_pq_array_element(a, len);

    if (p) {
        ngx_memcpy(p, data, len);
    }
}


void
ngx_carrierpay_pq_array_close(ngx_carrierpay_pq_array_t *a,
    ngx_carrierpay_pq_param_t *p)
{
    u_char  *pos;

    p->data = a->start;

    if (a->end == NULL) {
        p->len = -1;
        return;
    }

    pos = ngx_carrierpay_pq_put32(a->start, a->n ? 1 : 0);
    pos = ngx_carrierpay_pq_put32(pos, a->has_null);

    if (a->n == 0) {
        p->len = NGX_CARRIERPAY_PQ_ARRAY_EMPTY;
        return;
    }

    pos = ngx_carrierpay_pq_put32(pos + 4, a->n);
    (void) ngx_carrierpay_pq_put32(pos, 1);

    p->len = (int) (a->pos - a->start);
}


/*
 * Returns the place for the bytes of the next element, whose length is
 * written already, or NULL when the array was opened too small.  The latter
 * is a bug of the caller: the array then stays unusable, so that it never
 * reaches the server with elements missing.
 */

static u_char *
ngx_carrierpay_pq_array_element(ngx_carrierpay_pq_array_t *a, size_t len)
{
    u_char  *p;

    if (a->end == NULL) {
        return NULL;
    }

    if ((size_t) (a->end - a->pos) < 4 + len) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
                      "postgres array overflows at element %uD", a->n);
        a->end = NULL;
        return NULL;
    }

    p = ngx_carrierpay_pq_put32(a->pos, (uint32_t) len);

    a->pos = p + len;
    a->n++;

    return p;
}


static u_char *
ngx_carrierpay_pq_put32(u_char *p, uint32_t value)
{
    *p++ = (u_char) (value >> 24);
    *p++ = (u_char) (value >> 16);
    *p++ = (u_char) (value >> 8);
    *p++ = (u_char) value;

    return p;
}


static u_char *
ngx_carrierpay_pq_put64(u_char *p, uint64_t value)
{
    p = ngx_carrierpay_pq_put32(p, (uint32_t) (value >> 32));

    return ngx_carrierpay_pq_put32(p, (uint32_t) value);
}
