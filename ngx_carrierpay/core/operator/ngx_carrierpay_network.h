
/*
 * Networks: whose line an address is, or why it is nobody's.
 *
 * One radix tree for all networks of all operators (network, fixed_network)
 * and for those where no operator's line can be (carrierpay_network relay,
 * vpn).  No two of them overlap: the configuration check sees to that, so the
 * cost of a lookup depends on the length of an address alone.
 */


#ifndef _NGX_CARRIERPAY_NETWORK_H_INCLUDED_
#define _NGX_CARRIERPAY_NETWORK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_dialect.h"


typedef enum {
    NGX_CARRIERPAY_NETWORK_MOBILE = 0,   /* its enrichment is believed */
    NGX_CARRIERPAY_NETWORK_FIXED,        /* that operator, never enriched */
    NGX_CARRIERPAY_NETWORK_RELAY,        /* a privacy relay */
    NGX_CARRIERPAY_NETWORK_VPN
} ngx_carrierpay_network_e;


typedef struct {
    ngx_str_t                    text;       /* as written: 92.184.96.0/19 */
    ngx_carrierpay_cidr_t        cidr;
    ngx_carrierpay_network_e     kind;
    ngx_carrierpay_operator_t   *operator;   /* NULL: of none */
    u_char                      *file;       /* where it was written */
    ngx_uint_t                   line;
} ngx_carrierpay_network_t;


typedef struct {
    ngx_array_t                  list;       /* of ngx_carrierpay_network_t */
    ngx_radix_tree_t            *v4;
    ngx_radix_tree_t            *v6;
} ngx_carrierpay_networks_t;


/*
 * Reads a network of a directive into the list.  NGX_ERROR after an [emerg]
 * line, or when memory is short.
 */
ngx_int_t ngx_carrierpay_network_add(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks, ngx_str_t *text,
    ngx_carrierpay_network_e kind, ngx_carrierpay_operator_t *op);

/*
 * Builds the trees from the list, once the whole configuration has been
 * read.  NGX_ERROR after an [emerg] line, for an overlap with the files and
 * lines of both.
 */
ngx_int_t ngx_carrierpay_networks_init(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks);

/* NULL: in no network that we know. */
ngx_carrierpay_network_t *ngx_carrierpay_network_find(
    ngx_carrierpay_networks_t *networks, ngx_carrierpay_addr_t *addr);


#endif /* _NGX_CARRIERPAY_NETWORK_H_INCLUDED_ */
