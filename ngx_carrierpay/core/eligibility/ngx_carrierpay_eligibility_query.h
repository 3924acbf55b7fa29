
/*
 * The whole question whether an end user may pay: the configuration is asked
 * first, then the ledger, in batches.
 *
 *   eligibility   find, lookup, evaluate    a merchant asks, POST
 *                                           /v1/eligibility
 */


#ifndef _NGX_CARRIERPAY_ELIGIBILITY_QUERY_H_INCLUDED_
#define _NGX_CARRIERPAY_ELIGIBILITY_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_eligibility.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_lookup.h"
#include "ngx_carrierpay_merchant.h"


/* An operation, part of a flow's data; the bytes are in memory of the flow. */

typedef struct {
    int32_t                      merchant_id;
    ngx_uint_t                   live;
    int64_t                      amount;
    ngx_str_t                    currency;
    ngx_str_t                    category;   /* "digital_content" */
    ngx_str_t                    end_user;   /* digits, or acr:… */
    ngx_carrierpay_carrier_t     carrier;
    ngx_carrierpay_operator_t   *at;         /* that would be charged, or NULL:
                                                the carrier's */

    ngx_carrierpay_decision_t    decision;   /* what came */

    /* the operation's own */

    ngx_str_t                    operator;
    u_char                       index[NGX_CARRIERPAY_SHA256_LEN];
    ngx_carrierpay_sql_call_t    call;
} ngx_carrierpay_eligibility_query_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_eligibility_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_subscriber_statement;


/*
 * The run of a flow's row.  NGX_OK: the configuration has refused, and
 * `decision` says so.  NGX_AGAIN: the ledger is asked, and the row's done
 * calls the next function.  NGX_DONE: the flow's result is UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_eligibility_query(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_eligibility_query_t *query);

/* NGX_OK: `decision` is there; NGX_DONE: the result is UNAVAILABLE. */
ngx_int_t ngx_carrierpay_eligibility_answered(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_eligibility_query_t *query);


/* The data of the merchant's flow. */

typedef struct {
    ngx_carrierpay_eligibility_query_t  query;      /* decision: the answer */
    ngx_str_t                           later_charge;  /* of a subscriber:
                                                       "allowed", or why not */

    /* the flow's */

    ngx_str_t                           number;     /* as it was sent */
    ngx_str_t                           country;    /* of it; or "" */
    int64_t                             pseudonym_id;
    ngx_str_t                           operator;
    ngx_str_t                           mvno;
    ngx_str_t                           sealed;
    ngx_carrierpay_lookup_t             lookup;
    ngx_carrierpay_sql_call_t           call;
} ngx_carrierpay_question_t;


/*
 * A merchant's question about a number as text, of a country or of "", or
 * (number NULL) about a subscriber; all texts are copied, but for the name of
 * a category (len 0: the merchant's).  The result is OK, NOT_FOUND (the
 * merchant has no such subscriber) or UNAVAILABLE.  NULL: memory, or too many
 * flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_eligibility_question(
    ngx_carrierpay_core_t *core, ngx_carrierpay_merchant_t *merchant,
    ngx_str_t *number, ngx_str_t *country, int64_t pseudonym_id,
    int64_t amount, ngx_str_t *currency, const ngx_str_t *category);


#endif /* _NGX_CARRIERPAY_ELIGIBILITY_QUERY_H_INCLUDED_ */
