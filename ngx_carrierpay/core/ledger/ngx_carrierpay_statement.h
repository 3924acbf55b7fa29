
/*
 * What the service asks the database: its prepared statements, and how the
 * ledger's operations become arrays and rows become results.  The functions
 * themselves are in sql/.
 */


#ifndef _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_
#define _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_pq.h"


/* Prepared on every connection; the index is the statement's name in C. */

typedef enum {
    NGX_CARRIERPAY_SQL_WORKER_NUMBER = 0,
    NGX_CARRIERPAY_SQL_KEY_FIND,
    NGX_CARRIERPAY_SQL_PAYMENT_CREATE,
    NGX_CARRIERPAY_SQL_PAYMENT_BEGIN,
    NGX_CARRIERPAY_SQL_PAYMENT_FINISH,
    NGX_CARRIERPAY_SQL_PAYMENT_EXPIRE,
    NGX_CARRIERPAY_SQL_PAYMENT_GET,
    NGX_CARRIERPAY_SQL_PAYMENT_PAGE,
    NGX_CARRIERPAY_SQL_PAYMENT_CLAIM,
    NGX_CARRIERPAY_SQL_SUBSCRIBER_GET,
    NGX_CARRIERPAY_SQL_ELIGIBILITY,
    NGX_CARRIERPAY_SQL_OUTBOX_CLAIM,
    NGX_CARRIERPAY_SQL_OUTBOX_DONE,
    NGX_CARRIERPAY_SQL_MESSAGE_CLAIM,
    NGX_CARRIERPAY_SQL_MESSAGE_DONE,
    NGX_CARRIERPAY_SQL_MESSAGE_REPORT,
    NGX_CARRIERPAY_SQL_PIN_ISSUE,
    NGX_CARRIERPAY_SQL_PIN_LINE,
    NGX_CARRIERPAY_SQL_PIN_TRY,
    NGX_CARRIERPAY_SQL_MO_TAKE,
    NGX_CARRIERPAY_SQL_MAIL_ADD,
    NGX_CARRIERPAY_SQL_STOP_SUBSCRIBER,
    NGX_CARRIERPAY_SQL_STOP_PAYMENT,
    NGX_CARRIERPAY_SQL_MAX
} ngx_carrierpay_sql_e;

extern const ngx_carrierpay_pq_statement_t  ngx_carrierpay_statements[];


/*
 * The call of a kind's function with n operations of this kind; parameters
 * lie in the pool and own all bytes.  NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_sql_query(ngx_carrierpay_pq_query_t *query,
    ngx_carrierpay_ledger_e kind, ngx_carrierpay_ledger_op_t **ops,
    ngx_uint_t n, ngx_pool_t *pool);

/*
 * A row into the operation that it answers.  NGX_OK, or NGX_AGAIN: memory was
 * too short to keep a committed answer, which is as good as "perhaps done".
 */
ngx_int_t ngx_carrierpay_sql_row(ngx_carrierpay_ledger_op_t *op,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


#endif /* _NGX_CARRIERPAY_STATEMENT_H_INCLUDED_ */
