
/*
 * The registry of operators, as the carrierpay_operator blocks describe them.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_dialect.h"


struct ngx_carrierpay_operator_s {
    ngx_str_t                        name;       /* orange_fr */
    ngx_str_t                        title;      /* for shoppers */
    ngx_str_t                        country;    /* ISO 3166-1, two letters */
    ngx_str_t                        mccmnc;
    const ngx_carrierpay_currency_t *currency;
    ngx_array_t                      networks;   /* ngx_carrierpay_cidr_t */
    ngx_str_t                        header;     /* lower case; or empty */
    ngx_carrierpay_numbering_t       numbering;

    const ngx_carrierpay_dialect_t  *dialect;
    ngx_str_t                        pass;       /* internal location */
    ngx_msec_t                       timeout;    /* of one operator call */
    ngx_msec_t                       settle;     /* then "not found" counts */

    u_char                          *file;       /* where it was declared */
    ngx_uint_t                       line;
};


typedef struct {
    ngx_array_t                      list;       /* of pointers */
} ngx_carrierpay_operators_t;


/* NULL when there is none. */
ngx_carrierpay_operator_t *ngx_carrierpay_operator_find(
    ngx_carrierpay_operators_t *ops, ngx_str_t *name);

/* By the address; networks do not overlap.  NULL: no operator's. */
ngx_carrierpay_operator_t *ngx_carrierpay_operator_by_address(
    ngx_carrierpay_operators_t *ops, struct sockaddr *sa);

/*
 * By a typed number, in any form that an operator's numbering allows; NULL
 * when it is no number of a configured operator.
 */
ngx_carrierpay_operator_t *ngx_carrierpay_operator_by_number(
    ngx_carrierpay_operators_t *ops, ngx_str_t *text,
    ngx_carrierpay_msisdn_t *msisdn);

/*
 * Completeness, overlapping networks and prefixes, missing fields; NGX_ERROR
 * after an [emerg] line with the file and line of the block.
 */
ngx_int_t ngx_carrierpay_operators_check(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *ops);


#endif /* _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_ */
