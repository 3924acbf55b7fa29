
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_balance.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_sql_call.h"


static ngx_int_t ngx_carrierpay_balance_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


ngx_carrierpay_statement_t  ngx_carrierpay_balance_statement = {
    "balance_fold",
    NULL, 0,
    ngx_carrierpay_balance_row,
    .batched = 0
};


/* Should the commit fail, the next round counts again. */

static ngx_int_t
ngx_carrierpay_balance_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_BALANCE_UNTIL,
                            ngx_carrierpay_pq_int(res, row, 0) / 1000);

    return NGX_OK;
}
