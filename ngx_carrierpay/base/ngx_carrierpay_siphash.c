
/*
 * The algorithm is that of J.-P.  Aumasson and D.  J.  Bernstein, "SipHash: a
 * fast short-input PRF", 2012.  The variant with 128 bits of output is that of
 * their reference code.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_siphash.h"


#define ngx_carrierpay_siphash_rotate(x, n)  ((x) << (n) | (x) >> (64 - (n)))


static uint64_t ngx_carrierpay_siphash_rest(const u_char *p, size_t len);


/*
 * Reads eight bytes, the lowest first.  The compiler makes one instruction of
 * it where this is the machine's own order.
 */

static ngx_inline uint64_t
ngx_carrierpay_siphash_load(const u_char *p)
{
#if (NGX_HAVE_LITTLE_ENDIAN)
    uint64_t  n;

    ngx_memcpy(&n, p, sizeof(uint64_t));

    return n;
#else
    return ngx_carrierpay_siphash_rest(p, 8);
#endif
}


static ngx_inline void
ngx_carrierpay_siphash_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = ngx_carrierpay_siphash_rotate(v[1], 13) ^ v[0];
    v[3] = ngx_carrierpay_siphash_rotate(v[3], 16) ^ v[2];
    v[0] = ngx_carrierpay_siphash_rotate(v[0], 32);

    v[2] += v[1];
    v[0] += v[3];
    v[1] = ngx_carrierpay_siphash_rotate(v[1], 17) ^ v[2];
    v[3] = ngx_carrierpay_siphash_rotate(v[3], 21) ^ v[0];
    v[2] = ngx_carrierpay_siphash_rotate(v[2], 32);
}


static ngx_inline void
ngx_carrierpay_siphash_block(uint64_t v[4], uint64_t m)
{
    v[3] ^= m;
    ngx_carrierpay_siphash_round(v);
    ngx_carrierpay_siphash_round(v);
    v[0] ^= m;
}


static ngx_inline uint64_t
ngx_carrierpay_siphash_end(uint64_t v[4])
{
    ngx_carrierpay_siphash_round(v);
    ngx_carrierpay_siphash_round(v);
    ngx_carrierpay_siphash_round(v);
    ngx_carrierpay_siphash_round(v);

    return v[0] ^ v[1] ^ v[2] ^ v[3];
}


void
ngx_carrierpay_siphash(uint64_t out[2], const u_char *key, const u_char *data,
    size_t len)
{
    uint64_t       k0, k1, v[4];
    const u_char  *end;

    k0 = ngx_carrierpay_siphash_load(key);
    k1 = ngx_carrierpay_siphash_load(key + 8);

    /* The constants spell "somepseudorandomlygeneratedbytes". */

    v[0] = k0 ^ 0x736f6d6570736575ULL;
    v[1] = k1 ^ 0x646f72616e646f6dULL ^ 0xee;
    v[2] = k0 ^ 0x6c7967656e657261ULL;
    v[3] = k1 ^ 0x7465646279746573ULL;

    for (end = data + len / 8 * 8; data != end; data += 8) {
        ngx_carrierpay_siphash_block(v, ngx_carrierpay_siphash_load(data));
    }

    ngx_carrierpay_siphash_block(v, (uint64_t) len << 56
                                 | ngx_carrierpay_siphash_rest(data, len % 8));

    v[2] ^= 0xee;
    out[0] = ngx_carrierpay_siphash_end(v);

    v[1] ^= 0xdd;
    out[1] = ngx_carrierpay_siphash_end(v);
}


static uint64_t
ngx_carrierpay_siphash_rest(const u_char *p, size_t len)
{
    uint64_t  n;

    n = 0;

    while (len--) {
        n = n << 8 | p[len];
    }

    return n;
}
