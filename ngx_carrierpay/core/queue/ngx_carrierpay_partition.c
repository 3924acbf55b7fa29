
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_partition.h"
#include "ngx_carrierpay_round.h"
#include "ngx_carrierpay_sql_call.h"


#define NGX_CARRIERPAY_PARTITION_ALERT  7    /* days */


static ngx_int_t ngx_carrierpay_partition_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row);


ngx_carrierpay_statement_t  ngx_carrierpay_partition_statement = {
    "partition_tend",
    NULL, 0,
    ngx_carrierpay_partition_row,
    .batched = 0
};


/* What each cell has answered last, and one more; 0: nothing yet. */

static int64_t  ngx_carrierpay_partition_days[NGX_CARRIERPAY_ID_CELLS];


/* Should the commit fail, the next round makes up for it. */

static ngx_int_t
ngx_carrierpay_partition_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    int64_t     days, least;
    ngx_uint_t  i, cells;

    days = ngx_carrierpay_pq_int(res, row, 0);

    /* the least of the cells that have answered, by the worker that asks */

    i = ngx_carrierpay_round_cell(call->args, &cells);
    ngx_carrierpay_partition_days[i] = ngx_max(days, 0) + 1;
    least = ngx_max(days, 0);

    for (i = 0; i < cells; i++) {
        if (ngx_carrierpay_partition_days[i]) {
            least = ngx_min(least, ngx_carrierpay_partition_days[i] - 1);
        }
    }

    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_PARTITION_DAYS, least);

    if (days < NGX_CARRIERPAY_PARTITION_ALERT) {
        ngx_log_error(NGX_LOG_ALERT, call->pool->log, 0,
                      "the tables of the ledger have partitions for %L days",
                      days);
    }

    return NGX_OK;
}
