
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_totals.h"


static ngx_int_t ngx_carrierpay_totals_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


ngx_carrierpay_statement_t  ngx_carrierpay_totals_statement = {
    "total_watch",
    NULL, 0,
    ngx_carrierpay_totals_row,
    .batched = 0
};


static ngx_int_t
ngx_carrierpay_totals_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_TOTALS_NEAR,
                            ngx_carrierpay_pq_int(res, row, 0));
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_TOTALS_REACHED,
                            ngx_carrierpay_pq_int(res, row, 1));

    return NGX_OK;
}
