
/*
 * J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012;
 * the variant with 128 bits of output is their reference code's.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_siphash.h"


#define ngx_carrierpay_siphash_rotate(x, n)  ((x) << (n) | (x) >> (64 - (n)))


static uint64_t ngx_carrierpay_siphash_load(const u_char *p, size_t len);
static void ngx_carrierpay_siphash_rounds(uint64_t v[4], ngx_uint_t n);


void
ngx_carrierpay_siphash(uint64_t out[2], const u_char *key, const u_char *data,
    size_t len)
{
    uint64_t       m, k0, k1, v[4];
    const u_char  *end;

    k0 = ngx_carrierpay_siphash_load(key, 8);
    k1 = ngx_carrierpay_siphash_load(key + 8, 8);

    /* "somepseudorandomlygeneratedbytes" */

    v[0] = k0 ^ 0x736f6d6570736575ULL;
    v[1] = k1 ^ 0x646f72616e646f6dULL ^ 0xee;
    v[2] = k0 ^ 0x6c7967656e657261ULL;
    v[3] = k1 ^ 0x7465646279746573ULL;

    for (end = data + len / 8 * 8; data != end; data += 8) {
        m = ngx_carrierpay_siphash_load(data, 8);

        v[3] ^= m;
        ngx_carrierpay_siphash_rounds(v, 2);
        v[0] ^= m;
    }

    m = (uint64_t) len << 56 | ngx_carrierpay_siphash_load(data, len % 8);

    v[3] ^= m;
    ngx_carrierpay_siphash_rounds(v, 2);
    v[0] ^= m;

    v[2] ^= 0xee;
    ngx_carrierpay_siphash_rounds(v, 4);
    out[0] = v[0] ^ v[1] ^ v[2] ^ v[3];

    v[1] ^= 0xdd;
    ngx_carrierpay_siphash_rounds(v, 4);
    out[1] = v[0] ^ v[1] ^ v[2] ^ v[3];
}


/* at most 8 bytes, the lowest first */

static uint64_t
ngx_carrierpay_siphash_load(const u_char *p, size_t len)
{
    uint64_t  n;

    n = 0;

    while (len--) {
        n = n << 8 | p[len];
    }

    return n;
}


static void
ngx_carrierpay_siphash_rounds(uint64_t v[4], ngx_uint_t n)
{
    while (n--) {
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
}
