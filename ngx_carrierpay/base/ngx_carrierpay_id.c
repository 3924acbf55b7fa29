
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_id.h>
#include <ngx_carrierpay_text.h>


#define NGX_CARRIERPAY_ID_CELL_BITS    5
#define NGX_CARRIERPAY_ID_SEQ_BITS     7
#define NGX_CARRIERPAY_ID_WORKER_BITS  10
#define NGX_CARRIERPAY_ID_SEQ_MASK     ((1 << NGX_CARRIERPAY_ID_SEQ_BITS) - 1)


static const u_char  ngx_carrierpay_id_alphabet[] =
    "0123456789abcdefghjkmnpqrstvwxyz";

/*
 * The values of the characters '0' to 'z', or -1 for one that is not in the
 * alphabet.
 */

static const signed char  ngx_carrierpay_id_values[] = {
     0,  1,  2,  3,  4,  5,  6,  7,  8,  9, -1, -1, -1, -1, -1, -1,  /* 0-9 */
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, 10, 11, 12, 13, 14, 15, 16, 17, -1, 18, 19, -1, 20, 21, -1,  /* a-o */
    22, 23, 24, 25, 26, -1, 27, 28, 29, 30, 31                       /* p-z */
};


void
ngx_carrierpay_id_init(ngx_carrierpay_id_gen_t *gen, ngx_uint_t worker,
    ngx_uint_t cell)
{
    gen->last = 0;
    gen->worker = worker;
    gen->cell = cell;
}


int64_t
ngx_carrierpay_id_next(ngx_carrierpay_id_gen_t *gen, int64_t now_ms)
{
    int64_t   next;
    uint64_t  id;

    /*
     * Time and sequence are one number that only grows, so that a sequence
     * that is full runs over into the next millisecond.
     */

    next = (now_ms - NGX_CARRIERPAY_ID_EPOCH)
           * (1 << NGX_CARRIERPAY_ID_SEQ_BITS);

    gen->last = ngx_max(next, gen->last + 1);

    id = gen->last >> NGX_CARRIERPAY_ID_SEQ_BITS;
    id = id << NGX_CARRIERPAY_ID_WORKER_BITS | gen->worker;
    id = id << NGX_CARRIERPAY_ID_SEQ_BITS
         | (gen->last & NGX_CARRIERPAY_ID_SEQ_MASK);

    return id << NGX_CARRIERPAY_ID_CELL_BITS | gen->cell;
}


ngx_uint_t
ngx_carrierpay_id_ahead(const ngx_carrierpay_id_gen_t *gen, int64_t now_ms)
{
    return (gen->last >> NGX_CARRIERPAY_ID_SEQ_BITS)
           > now_ms - NGX_CARRIERPAY_ID_EPOCH + NGX_CARRIERPAY_ID_AHEAD;
}


int64_t
ngx_carrierpay_id_time(int64_t id)
{
    return NGX_CARRIERPAY_ID_EPOCH
           + (id >> (NGX_CARRIERPAY_ID_CELL_BITS
                     + NGX_CARRIERPAY_ID_SEQ_BITS
                     + NGX_CARRIERPAY_ID_WORKER_BITS));
}


ngx_uint_t
ngx_carrierpay_id_cell(int64_t id)
{
    return id & (NGX_CARRIERPAY_ID_CELLS - 1);
}


u_char *
ngx_carrierpay_id_print(u_char *p, const char *prefix, int64_t id)
{
    p = ngx_cpymem(p, prefix, NGX_CARRIERPAY_ID_PREFIX_LEN);

    return ngx_carrierpay_id_print_digits(p, id);
}


u_char *
ngx_carrierpay_id_print_event(u_char *p, int64_t payment_id, ngx_uint_t seq)
{
    p = ngx_cpymem(p, "evt_", sizeof("evt_") - 1);
    p = ngx_carrierpay_id_print_digits(p, payment_id);

    *p++ = '_';

    return ngx_carrierpay_text_int(p, seq);
}


u_char *
ngx_carrierpay_id_print_digits(u_char *p, int64_t id)
{
    ngx_uint_t  i;

    for (i = NGX_CARRIERPAY_ID_DIGITS; i > 0; i--) {
        p[i - 1] = ngx_carrierpay_id_alphabet[id & 31];
        id >>= 5;
    }

    return p + NGX_CARRIERPAY_ID_DIGITS;
}


ngx_int_t
ngx_carrierpay_id_parse(const ngx_str_t *text, const char *prefix, int64_t *id)
{
    if (text->len != NGX_CARRIERPAY_ID_LEN
        || ngx_memcmp(text->data, prefix, NGX_CARRIERPAY_ID_PREFIX_LEN) != 0)
    {
        return NGX_DECLINED;
    }

    return ngx_carrierpay_id_parse_digits(
                               text->data + NGX_CARRIERPAY_ID_PREFIX_LEN, id);
}


ngx_int_t
ngx_carrierpay_id_parse_digits(const u_char *p, int64_t *id)
{
    int64_t     n;
    ngx_uint_t  i;

    /* 13 characters are 65 bits, of which the first two must be zero. */

    if (p[0] > '7') {
        return NGX_DECLINED;
    }

    n = 0;

    for (i = 0; i < NGX_CARRIERPAY_ID_DIGITS; i++) {

        if (p[i] < '0' || p[i] > 'z'
            || ngx_carrierpay_id_values[p[i] - '0'] < 0)
        {
            return NGX_DECLINED;
        }

        n = n << 5 | ngx_carrierpay_id_values[p[i] - '0'];
    }

    *id = n;

    return NGX_OK;
}
