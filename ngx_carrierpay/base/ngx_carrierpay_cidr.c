
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_cidr.h>


typedef struct {
    ngx_carrierpay_cidr_t        cidr;
    ngx_carrierpay_addr_class_e  class;
} ngx_carrierpay_special_t;


static ngx_uint_t ngx_carrierpay_bits_equal(const u_char *a, const u_char *b,
    ngx_uint_t bits);
static void ngx_carrierpay_addr_unmap(ngx_carrierpay_addr_t *addr);


#define ngx_carrierpay_v4(prefix, ...)                                        \
    { { AF_INET, { __VA_ARGS__ } }, prefix }

#define ngx_carrierpay_v6(prefix, ...)                                        \
    { { AF_INET6, { __VA_ARGS__ } }, prefix }


static const ngx_carrierpay_cidr_t  ngx_carrierpay_nat64 =
    ngx_carrierpay_v6(96, 0x00, 0x64, 0xff, 0x9b);


/*
 * The first network that matches decides, so the metadata services of clouds
 * stand before the networks that contain them: the link-local addresses (AWS,
 * GCP, Azure and others, and AWS tasks), Alibaba, Oracle, Azure's host, and
 * AWS and GCP over IPv6.
 */

static const ngx_carrierpay_special_t  ngx_carrierpay_special[] = {

    { ngx_carrierpay_v4(32, 169, 254, 169, 254),
      NGX_CARRIERPAY_ADDR_METADATA },
    { ngx_carrierpay_v4(32, 169, 254, 170, 2),
      NGX_CARRIERPAY_ADDR_METADATA },
    { ngx_carrierpay_v4(32, 100, 100, 100, 200),
      NGX_CARRIERPAY_ADDR_METADATA },
    { ngx_carrierpay_v4(32, 192, 0, 0, 192),
      NGX_CARRIERPAY_ADDR_METADATA },
    { ngx_carrierpay_v4(32, 168, 63, 129, 16),
      NGX_CARRIERPAY_ADDR_METADATA },

    { ngx_carrierpay_v4(8, 0), NGX_CARRIERPAY_ADDR_UNSPECIFIED },
    { ngx_carrierpay_v4(8, 10), NGX_CARRIERPAY_ADDR_PRIVATE },
    { ngx_carrierpay_v4(10, 100, 64), NGX_CARRIERPAY_ADDR_CGNAT },
    { ngx_carrierpay_v4(8, 127), NGX_CARRIERPAY_ADDR_LOOPBACK },
    { ngx_carrierpay_v4(16, 169, 254), NGX_CARRIERPAY_ADDR_LINK_LOCAL },
    { ngx_carrierpay_v4(12, 172, 16), NGX_CARRIERPAY_ADDR_PRIVATE },
    { ngx_carrierpay_v4(24, 192, 0, 0), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(24, 192, 0, 2), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(24, 192, 88, 99), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(16, 192, 168), NGX_CARRIERPAY_ADDR_PRIVATE },
    { ngx_carrierpay_v4(15, 198, 18), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(24, 198, 51, 100), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(24, 203, 0, 113), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(4, 224), NGX_CARRIERPAY_ADDR_MULTICAST },
    { ngx_carrierpay_v4(4, 240), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v4(0, 0), NGX_CARRIERPAY_ADDR_PUBLIC },

    { ngx_carrierpay_v6(128, 0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0,
                        0, 0, 0, 0, 0, 0, 0x02, 0x54),
      NGX_CARRIERPAY_ADDR_METADATA },
    { ngx_carrierpay_v6(128, 0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0,
                        0, 0, 0, 0, 0, 0, 0x02, 0x54),
      NGX_CARRIERPAY_ADDR_METADATA },

    { ngx_carrierpay_v6(128, 0), NGX_CARRIERPAY_ADDR_UNSPECIFIED },
    { ngx_carrierpay_v6(128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      NGX_CARRIERPAY_ADDR_LOOPBACK },
    { ngx_carrierpay_v6(7, 0xfc), NGX_CARRIERPAY_ADDR_PRIVATE },
    { ngx_carrierpay_v6(10, 0xfe, 0x80), NGX_CARRIERPAY_ADDR_LINK_LOCAL },
    { ngx_carrierpay_v6(10, 0xfe, 0xc0), NGX_CARRIERPAY_ADDR_PRIVATE },
    { ngx_carrierpay_v6(8, 0xff), NGX_CARRIERPAY_ADDR_MULTICAST },
    { ngx_carrierpay_v6(23, 0x20, 0x01), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v6(32, 0x20, 0x01, 0x0d, 0xb8),
      NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v6(16, 0x20, 0x02), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v6(20, 0x3f, 0xff), NGX_CARRIERPAY_ADDR_RESERVED },
    { ngx_carrierpay_v6(3, 0x20), NGX_CARRIERPAY_ADDR_PUBLIC }
};


/* The names are in the order of ngx_carrierpay_addr_class_e. */

static const char  *ngx_carrierpay_addr_class_names[] = {
    "public",
    "unspecified",
    "loopback",
    "private",
    "link-local",
    "shared by a carrier's NAT",
    "multicast",
    "metadata service",
    "reserved"
};


ngx_int_t
ngx_carrierpay_addr_parse(const ngx_str_t *text, ngx_carrierpay_addr_t *addr)
{
    int   family;
    char  buf[NGX_CARRIERPAY_ADDR_TEXT_MAX + 1];

    if (text->len == 0 || text->len > NGX_CARRIERPAY_ADDR_TEXT_MAX
        || memchr(text->data, '\0', text->len))
    {
        return NGX_DECLINED;
    }

    ngx_memcpy(buf, text->data, text->len);
    buf[text->len] = '\0';

    ngx_memzero(addr, sizeof(ngx_carrierpay_addr_t));

    family = strchr(buf, ':') ? AF_INET6 : AF_INET;

    if (inet_pton(family, buf, addr->bytes) != 1) {
        return NGX_DECLINED;
    }

    addr->family = family;
    ngx_carrierpay_addr_unmap(addr);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_addr_set(const struct sockaddr *sa, ngx_carrierpay_addr_t *addr)
{
    const struct sockaddr_in   *sin;
    const struct sockaddr_in6  *sin6;

    ngx_memzero(addr, sizeof(ngx_carrierpay_addr_t));

    addr->family = sa->sa_family;

    switch (sa->sa_family) {

    case AF_INET:
        sin = (const struct sockaddr_in *) sa;
        ngx_memcpy(addr->bytes, &sin->sin_addr, 4);
        return NGX_OK;

    case AF_INET6:
        sin6 = (const struct sockaddr_in6 *) sa;
        ngx_memcpy(addr->bytes, &sin6->sin6_addr, 16);
        ngx_carrierpay_addr_unmap(addr);
        return NGX_OK;

    default:
        return NGX_DECLINED;
    }
}


size_t
ngx_carrierpay_addr_visitor(const ngx_carrierpay_addr_t *addr)
{
    switch (addr->family) {

    case AF_INET:
        return 4;

    case AF_INET6:
        return 8;

    default:
        return 0;
    }
}


size_t
ngx_carrierpay_addr_block(const ngx_carrierpay_addr_t *addr)
{
    switch (addr->family) {

    case AF_INET:
        return 3;

    case AF_INET6:
        return 6;

    default:
        return 0;
    }
}


ngx_carrierpay_addr_class_e
ngx_carrierpay_addr_class(const ngx_carrierpay_addr_t *addr)
{
    ngx_uint_t                       i;
    ngx_carrierpay_addr_t            inner;
    const ngx_carrierpay_special_t  *special;

    if (ngx_carrierpay_cidr_match(&ngx_carrierpay_nat64, addr)) {
        inner.family = AF_INET;
        ngx_memcpy(inner.bytes, addr->bytes + 12, 4);
        addr = &inner;
    }

    special = ngx_carrierpay_special;

    for (i = 0; i < sizeof(ngx_carrierpay_special) / sizeof(*special); i++) {
        if (ngx_carrierpay_cidr_match(&special[i].cidr, addr)) {
            return special[i].class;
        }
    }

    return NGX_CARRIERPAY_ADDR_RESERVED;
}


const char *
ngx_carrierpay_addr_class_name(ngx_carrierpay_addr_class_e class)
{
    return ngx_carrierpay_addr_class_names[class];
}


ngx_int_t
ngx_carrierpay_cidr_parse(const ngx_str_t *text, ngx_carrierpay_cidr_t *cidr)
{
    u_char      *p, *last;
    ngx_str_t    part;
    ngx_uint_t   bits, i;

    last = text->data + text->len;

    part.data = text->data;
    for (p = text->data; p < last && *p != '/'; p++) { /* void */ }
    part.len = p - text->data;

    if (ngx_carrierpay_addr_parse(&part, &cidr->addr) != NGX_OK
        || (cidr->addr.family == AF_INET
            && memchr(part.data, ':', part.len)))
    {
        return NGX_DECLINED;
    }

    bits = (cidr->addr.family == AF_INET) ? 32 : 128;

    if (p == last) {
        cidr->prefix = bits;
        return NGX_OK;
    }

    p++;

    if (p == last || last - p > 3 || (*p == '0' && last - p > 1)) {
        return NGX_DECLINED;
    }

    for (cidr->prefix = 0; p < last; p++) {
        if (*p < '0' || *p > '9') {
            return NGX_DECLINED;
        }

        cidr->prefix = cidr->prefix * 10 + (*p - '0');
    }

    if (cidr->prefix > bits) {
        return NGX_DECLINED;
    }

    for (i = cidr->prefix; i < bits; i++) {
        if (cidr->addr.bytes[i / 8] & (0x80 >> i % 8)) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_uint_t
ngx_carrierpay_cidr_match(const ngx_carrierpay_cidr_t *cidr,
    const ngx_carrierpay_addr_t *addr)
{
    return cidr->addr.family == addr->family
           && ngx_carrierpay_bits_equal(cidr->addr.bytes, addr->bytes,
                                        cidr->prefix);
}


ngx_uint_t
ngx_carrierpay_cidr_overlap(const ngx_carrierpay_cidr_t *a,
    const ngx_carrierpay_cidr_t *b)
{
    return a->addr.family == b->addr.family
           && ngx_carrierpay_bits_equal(a->addr.bytes, b->addr.bytes,
                                        ngx_min(a->prefix, b->prefix));
}


static ngx_uint_t
ngx_carrierpay_bits_equal(const u_char *a, const u_char *b, ngx_uint_t bits)
{
    size_t  n;

    n = bits / 8;

    if (ngx_memcmp(a, b, n) != 0) {
        return 0;
    }

    return bits % 8 == 0 || ((a[n] ^ b[n]) >> (8 - bits % 8)) == 0;
}


/* Replaces ::ffff:a.b.c.d by a.b.c.d. */

static void
ngx_carrierpay_addr_unmap(ngx_carrierpay_addr_t *addr)
{
    static const ngx_carrierpay_cidr_t  mapped =
        ngx_carrierpay_v6(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

    if (!ngx_carrierpay_cidr_match(&mapped, addr)) {
        return;
    }

    addr->family = AF_INET;
    ngx_memcpy(addr->bytes, addr->bytes + 12, 4);
    ngx_memzero(addr->bytes + 4, 12);
}
