
/*
 * The line of a payment.  What is known of a line lies in the cell of its
 * number, which may be another one than the payment's.  Then the amount is
 * counted there before the payment begins, and held for it for some seconds
 * (sql/deploy/line.sql has the whole of it).
 */


#ifndef _NGX_CARRIERPAY_SPEND_H_INCLUDED_
#define _NGX_CARRIERPAY_SPEND_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_ledger_result.h"
#include "ngx_carrierpay_work_queue.h"


typedef struct {
    /* what is asked, and the line as its cell knows it */

    int64_t                          payment_id;
    int64_t                          attempt;
    int32_t                          merchant_id;
    ngx_uint_t                       live;
    ngx_str_t                        operator;
    ngx_str_t                        mvno;
    ngx_str_t                        currency;
    int64_t                          amount;
    ngx_str_t                        index;      /* or data NULL, and */
    int64_t                          known;      /* the merchant's id of the
                                                    subscriber */
    ngx_str_t                        msisdn;     /* sealed */
    int64_t                          subscriber_id;
    int64_t                          pseudonym_id;
    int64_t                          pin_attempt;

    /* what was answered */

    ngx_carrierpay_ledger_result_e   result;     /* HELD, or not */
    ngx_str_t                        reason;     /* why not */
    int64_t                          until;      /* 0: it is not held */
    int32_t                          day;
    ngx_uint_t                       apart;      /* with the merchant, too */
    int64_t                          consent_id;
    int64_t                          later_max;  /* it allows in a month */
    ngx_str_t                        later_currency;

    ngx_carrierpay_sql_call_t        call;
} ngx_carrierpay_spend_t;


extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_reserve_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_copy_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_due_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_due_done_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_settle_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_begun_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_hold_end_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_total_claim_statement;
extern ngx_carrierpay_statement_t  ngx_carrierpay_spend_total_statement;

/*
 * Queues: what payments owe to lines, holds whose time is over, and the totals
 * that are sent to other cells.
 */
extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_dues;
extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_holds;
extern const ngx_carrierpay_work_queue_conf_t  ngx_carrierpay_spend_totals;


/*
 * The run of a row: counts the amount in the cell of the line, of that number.
 * The row's done is ngx_carrierpay_spend_reserved(): NGX_OK, and line->result
 * is set; or NGX_DONE with the result UNAVAILABLE.
 */
ngx_int_t ngx_carrierpay_spend_reserve(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line, ngx_uint_t cell);
ngx_int_t ngx_carrierpay_spend_reserved(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line);

/* The run of a row: shows the flow's cell the subscriber of the line. */
ngx_int_t ngx_carrierpay_spend_copy(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_spend_t *line);


#endif /* _NGX_CARRIERPAY_SPEND_H_INCLUDED_ */
