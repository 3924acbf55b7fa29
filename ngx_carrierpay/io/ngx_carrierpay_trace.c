
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_trace.h"


#define NGX_CARRIERPAY_TRACE_SPAN_BYTES  8

/* where the parts of a traceparent begin */

#define NGX_CARRIERPAY_TRACE_ID          3
#define NGX_CARRIERPAY_TRACE_SPAN        36
#define NGX_CARRIERPAY_TRACE_FLAGS       53


static ngx_uint_t ngx_carrierpay_trace_hex(u_char *p, size_t len);
static ngx_uint_t ngx_carrierpay_trace_zero(u_char *p, size_t len);


/*
 * A version later than 00 may have more behind another hyphen; ff is none.  An
 * id or a span of zeros is invalid.
 */

ngx_int_t
ngx_carrierpay_trace_parse(ngx_carrierpay_trace_t *trace, ngx_str_t *text)
{
    u_char  *p;

    p = text->data;

    if (text->len < NGX_CARRIERPAY_TRACE_PARENT_LEN
        || !ngx_carrierpay_trace_hex(p, 2)
        || p[NGX_CARRIERPAY_TRACE_ID - 1] != '-'
        || !ngx_carrierpay_trace_hex(p + NGX_CARRIERPAY_TRACE_ID,
                                     NGX_CARRIERPAY_TRACE_ID_LEN)
        || p[NGX_CARRIERPAY_TRACE_SPAN - 1] != '-'
        || !ngx_carrierpay_trace_hex(p + NGX_CARRIERPAY_TRACE_SPAN,
                                     2 * NGX_CARRIERPAY_TRACE_SPAN_BYTES)
        || p[NGX_CARRIERPAY_TRACE_FLAGS - 1] != '-'
        || !ngx_carrierpay_trace_hex(p + NGX_CARRIERPAY_TRACE_FLAGS, 2))
    {
        return NGX_DECLINED;
    }

    if (text->len > NGX_CARRIERPAY_TRACE_PARENT_LEN
        && (p[NGX_CARRIERPAY_TRACE_PARENT_LEN] != '-'
            || ngx_carrierpay_trace_zero(p, 2)))
    {
        return NGX_DECLINED;
    }

    if ((p[0] == 'f' && p[1] == 'f')
        || ngx_carrierpay_trace_zero(p + NGX_CARRIERPAY_TRACE_ID,
                                     NGX_CARRIERPAY_TRACE_ID_LEN)
        || ngx_carrierpay_trace_zero(p + NGX_CARRIERPAY_TRACE_SPAN,
                                     2 * NGX_CARRIERPAY_TRACE_SPAN_BYTES))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(trace->id, p + NGX_CARRIERPAY_TRACE_ID,
               NGX_CARRIERPAY_TRACE_ID_LEN);

    trace->started = 1;
    trace->sampled = ngx_hextoi(p + NGX_CARRIERPAY_TRACE_FLAGS, 2) & 1;

    return NGX_OK;
}


static ngx_uint_t
ngx_carrierpay_trace_hex(u_char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (!((p[i] >= '0' && p[i] <= '9') || (p[i] >= 'a' && p[i] <= 'f'))) {
            return 0;
        }
    }

    return 1;
}


static ngx_uint_t
ngx_carrierpay_trace_zero(u_char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (p[i] != '0') {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_carrierpay_trace_start(ngx_carrierpay_trace_t *trace)
{
    u_char  bytes[NGX_CARRIERPAY_TRACE_BYTES];

    if (ngx_carrierpay_random_bytes(bytes, sizeof(bytes)) != NGX_OK) {
        return NGX_ERROR;
    }

    bytes[0] |= 1;                       /* never zero */

    (void) ngx_hex_dump(trace->id, bytes, sizeof(bytes));

    trace->started = 1;
    trace->sampled = 0;

    return NGX_OK;
}


/* A span only tells two calls of a trace apart: it need not be a secret. */

u_char *
ngx_carrierpay_trace_print(u_char *p, ngx_carrierpay_trace_t *trace)
{
    uint32_t  span[2];

    span[0] = (uint32_t) ngx_random() | 1;
    span[1] = (uint32_t) ngx_random();

    p = ngx_cpymem(p, "00-", 3);
    p = ngx_cpymem(p, trace->id, NGX_CARRIERPAY_TRACE_ID_LEN);
    *p++ = '-';
    p = ngx_hex_dump(p, (u_char *) span, sizeof(span));

    return ngx_cpymem(p, trace->sampled ? "-01" : "-00", 3);
}
