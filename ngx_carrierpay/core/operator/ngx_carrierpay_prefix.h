
/*
 * Prefixes of numbers: the operator or MVNO to which a number belongs if it
 * was never ported.
 *
 * The prefixes are a trie of the digits of E.164, the country code first; a
 * node has ten branches.  The longest prefix whose numbers have the length of
 * this one decides, so the numberings of two operators may nest.
 */


#ifndef _NGX_CARRIERPAY_PREFIX_H_INCLUDED_
#define _NGX_CARRIERPAY_PREFIX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_msisdn.h"


typedef struct ngx_carrierpay_mvno_s         ngx_carrierpay_mvno_t;
typedef struct ngx_carrierpay_prefix_node_s  ngx_carrierpay_prefix_node_t;


typedef struct {
    ngx_carrierpay_operator_t      *operator;   /* NULL: of fixed lines */
    ngx_carrierpay_mvno_t          *mvno;       /* NULL: the operator's own */
    ngx_uint_t                      len_min;    /* of the whole number */
    ngx_uint_t                      len_max;
    u_char                         *file;       /* where it was written */
    ngx_uint_t                      line;
} ngx_carrierpay_prefix_t;


typedef struct {
    ngx_carrierpay_prefix_node_t   *root;
} ngx_carrierpay_prefixes_t;


/*
 * Adds a copy of prefix at the digits, which the caller has checked.  A prefix
 * belongs to one operator, or to fixed lines, which several operators may
 * name.  NGX_ERROR: memory is short, or an [emerg] line names both places.
 */
ngx_int_t ngx_carrierpay_prefix_add(ngx_conf_t *cf,
    ngx_carrierpay_prefixes_t *prefixes, ngx_str_t *digits,
    ngx_carrierpay_prefix_t *prefix);

/* Returns the prefix of a number, or NULL if it has none. */
ngx_carrierpay_prefix_t *ngx_carrierpay_prefix_find(
    ngx_carrierpay_prefixes_t *prefixes, ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_PREFIX_H_INCLUDED_ */
