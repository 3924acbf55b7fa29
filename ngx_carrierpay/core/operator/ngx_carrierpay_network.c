
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_network.h"


/*
 * Bits of a prefix.  No operator has more addresses, and a shorter prefix
 * would believe strangers.
 */
#define NGX_CARRIERPAY_NETWORK_PREFIX_V4  8
#define NGX_CARRIERPAY_NETWORK_PREFIX_V6  16


static ngx_int_t ngx_carrierpay_networks_check(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks);
static ngx_int_t ngx_carrierpay_network_insert(
    ngx_carrierpay_networks_t *networks, ngx_carrierpay_network_t *net);
static uint32_t ngx_carrierpay_network_v4(ngx_carrierpay_addr_t *addr);
static int ngx_libc_cdecl ngx_carrierpay_network_cmp(const void *one,
    const void *two);


ngx_int_t
ngx_carrierpay_network_add(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks, ngx_str_t *text,
    ngx_carrierpay_network_e kind, ngx_carrierpay_operator_t *op)
{
    ngx_int_t                  rc;
    ngx_carrierpay_network_t  *net;

    net = ngx_array_push(&networks->list);
    if (net == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_carrierpay_cidr_parse(text, &net->cidr);

    if (rc != NGX_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           rc == NGX_ERROR
                           ? "bits after the prefix are set in \"%V\""
                           : "\"%V\" is not a network",
                           text);
        return NGX_ERROR;
    }

    if (net->cidr.prefix < (net->cidr.addr.family == AF_INET
                            ? NGX_CARRIERPAY_NETWORK_PREFIX_V4
                            : NGX_CARRIERPAY_NETWORK_PREFIX_V6))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is larger than the network of any operator",
                           text);
        return NGX_ERROR;
    }

    net->text = *text;
    net->kind = kind;
    net->operator = op;
    net->file = cf->conf_file->file.name.data;
    net->line = cf->conf_file->line;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_networks_init(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks)
{
    ngx_uint_t                 i;
    ngx_carrierpay_network_t  *net;

    if (ngx_carrierpay_networks_check(cf, networks) != NGX_OK) {
        return NGX_ERROR;
    }

    networks->v4 = ngx_radix_tree_create(cf->pool, -1);
    networks->v6 = ngx_radix_tree_create(cf->pool, 0);

    if (networks->v4 == NULL || networks->v6 == NULL) {
        return NGX_ERROR;
    }

    net = networks->list.elts;

    for (i = 0; i < networks->list.nelts; i++) {
        if (ngx_carrierpay_network_insert(networks, &net[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_carrierpay_network_t *
ngx_carrierpay_network_find(ngx_carrierpay_networks_t *networks,
    ngx_carrierpay_addr_t *addr)
{
    uintptr_t  found;

    if (addr->family == AF_INET) {
        found = ngx_radix32tree_find(networks->v4,
                                     ngx_carrierpay_network_v4(addr));

    } else {
        found = ngx_radix128tree_find(networks->v6, addr->bytes);
    }

    if (found == NGX_RADIX_NO_VALUE) {
        return NULL;
    }

    return (ngx_carrierpay_network_t *) found;
}


/*
 * Checks that no two networks overlap.  They are sorted by the first address,
 * larger networks first, so that a network with another one inside is followed
 * by such a one.
 */

static ngx_int_t
ngx_carrierpay_networks_check(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks)
{
    ngx_uint_t                  i, n;
    ngx_carrierpay_network_t   *net, **sorted, *a, *b;

    net = networks->list.elts;
    n = networks->list.nelts;

    if (n == 0) {
        return NGX_OK;
    }

    sorted = ngx_alloc(n * sizeof(ngx_carrierpay_network_t *), cf->log);
    if (sorted == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        sorted[i] = &net[i];
    }

    ngx_qsort(sorted, n, sizeof(ngx_carrierpay_network_t *),
              ngx_carrierpay_network_cmp);

    a = NULL;
    b = NULL;

    for (i = 1; i < n; i++) {
        if (ngx_carrierpay_cidr_overlap(&sorted[i - 1]->cidr,
                                        &sorted[i]->cidr))
        {
            /* They are named in the order in which they were written. */

            a = ngx_min(sorted[i - 1], sorted[i]);
            b = ngx_max(sorted[i - 1], sorted[i]);
            break;
        }
    }

    ngx_free(sorted);

    if (a == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "networks overlap: \"%V\" in %s:%ui and \"%V\" in %s:%ui",
                  &a->text, a->file, a->line, &b->text, b->file, b->line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_network_insert(ngx_carrierpay_networks_t *networks,
    ngx_carrierpay_network_t *net)
{
    u_char      mask[16];
    uint32_t    mask4;
    ngx_int_t   rc;
    ngx_uint_t  i, bits;

    bits = net->cidr.prefix;

    if (net->cidr.addr.family == AF_INET) {
        mask4 = bits ? 0xffffffff << (32 - bits) : 0;

        rc = ngx_radix32tree_insert(networks->v4,
                                    ngx_carrierpay_network_v4(&net->cidr.addr),
                                    mask4, (uintptr_t) net);

    } else {
        for (i = 0; i < 16; i++, bits -= ngx_min(bits, 8)) {
            mask[i] = (u_char) (0xff00 >> ngx_min(bits, 8));
        }

        rc = ngx_radix128tree_insert(networks->v6, net->cidr.addr.bytes, mask,
                                     (uintptr_t) net);
    }

    return rc == NGX_OK ? NGX_OK : NGX_ERROR;
}


static uint32_t
ngx_carrierpay_network_v4(ngx_carrierpay_addr_t *addr)
{
    u_char  *p;

    p = addr->bytes;

    return (uint32_t) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}


static int ngx_libc_cdecl
ngx_carrierpay_network_cmp(const void *one, const void *two)
{
    int                     rc;
    ngx_carrierpay_cidr_t  *a, *b;

    a = &(*(ngx_carrierpay_network_t **) one)->cidr;
    b = &(*(ngx_carrierpay_network_t **) two)->cidr;

    if (a->addr.family != b->addr.family) {
        return a->addr.family < b->addr.family ? -1 : 1;
    }

    rc = ngx_memcmp(a->addr.bytes, b->addr.bytes, 16);

    if (rc) {
        return rc;
    }

    return a->prefix < b->prefix ? -1 : a->prefix > b->prefix;
}
