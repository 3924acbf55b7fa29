
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_round.h"
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


/* What each cell has answered last, by the worker that asks. */

static struct {
    ngx_uint_t  near;
    ngx_uint_t  reached;
} ngx_carrierpay_totals_answers[NGX_CARRIERPAY_ID_CELLS];


/* Each total is watched in one of the cells. */

static ngx_int_t
ngx_carrierpay_totals_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_uint_t  i, cells, near, reached;

    i = ngx_carrierpay_round_cell(call->args, &cells);
    ngx_carrierpay_totals_answers[i].near = ngx_carrierpay_pq_int(res, row, 0);
    ngx_carrierpay_totals_answers[i].reached = ngx_carrierpay_pq_int(res, row,
                                                                     1);
    near = 0;
    reached = 0;

    for (i = 0; i < cells; i++) {
        near += ngx_carrierpay_totals_answers[i].near;
        reached += ngx_carrierpay_totals_answers[i].reached;
    }

    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_TOTALS_NEAR, near);
    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_TOTALS_REACHED, reached);

    return NGX_OK;
}
