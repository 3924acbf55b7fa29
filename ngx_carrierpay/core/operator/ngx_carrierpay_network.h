
/*
 * Networks: which operator's network an address belongs to, if any.
 *
 * There is one radix tree for all networks of all operators (network,
 * data_network, fixed_network) and for those in which no operator's customer
 * can be (carrierpay_network relay, vpn).  The configuration check makes sure
 * that no two of them overlap, so the cost of a lookup depends on the length
 * of an address alone.
 */


#ifndef _NGX_CARRIERPAY_NETWORK_H_INCLUDED_
#define _NGX_CARRIERPAY_NETWORK_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_dialect.h"


typedef enum {
    NGX_CARRIERPAY_NETWORK_MOBILE = 0,   /* enriched headers are believed */
    NGX_CARRIERPAY_NETWORK_DATA,         /* mobile, too, past the gateway */
    NGX_CARRIERPAY_NETWORK_FIXED,        /* never enriched */
    NGX_CARRIERPAY_NETWORK_RELAY,        /* a privacy relay */
    NGX_CARRIERPAY_NETWORK_VPN
} ngx_carrierpay_network_e;


typedef struct {
    ngx_str_t                    text;       /* as written: 92.184.96.0/19 */
    ngx_carrierpay_cidr_t        cidr;
    ngx_carrierpay_network_e     kind;
    ngx_carrierpay_operator_t   *operator;   /* NULL: of no operator */
    u_char                      *file;       /* where it was written */
    ngx_uint_t                   line;
} ngx_carrierpay_network_t;


typedef struct {
    ngx_array_t                  list;       /* of ngx_carrierpay_network_t */
    ngx_radix_tree_t            *v4;
    ngx_radix_tree_t            *v6;
} ngx_carrierpay_networks_t;


/*
 * Parses a network of a directive and adds it to the list. op is NULL for a
 * network of no operator.  NGX_ERROR: memory is short, or an [emerg] line says
 * what is wrong.
 */
ngx_int_t ngx_carrierpay_network_add(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks, ngx_str_t *text,
    ngx_carrierpay_network_e kind, ngx_carrierpay_operator_t *op);

/*
 * Builds the trees from the list, once the whole configuration has been read.
 * NGX_ERROR: memory is short, or an [emerg] line names the files and lines of
 * two networks that overlap.
 */
ngx_int_t ngx_carrierpay_networks_init(ngx_conf_t *cf,
    ngx_carrierpay_networks_t *networks);

/* Returns the network that an address is in, or NULL if it is in none. */
ngx_carrierpay_network_t *ngx_carrierpay_network_find(
    ngx_carrierpay_networks_t *networks, ngx_carrierpay_addr_t *addr);


#endif /* _NGX_CARRIERPAY_NETWORK_H_INCLUDED_ */
