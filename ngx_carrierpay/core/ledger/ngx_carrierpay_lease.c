
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_keyring_probe.h"
#include "ngx_carrierpay_lease.h"
#include "ngx_carrierpay_spend_limits.h"
#include "ngx_carrierpay_sql_call.h"
#include "ngx_carrierpay_time.h"


/* ms; the lease itself is of a minute */
#define NGX_CARRIERPAY_LEASE_RENEW  10000
#define NGX_CARRIERPAY_LEASE_HOLD   45000
#define NGX_CARRIERPAY_LEASE_AGAIN  2000


typedef enum {
    NGX_CARRIERPAY_LEASE_NONE = 0,   /* the database has not answered yet */
    NGX_CARRIERPAY_LEASE_HELD,
    NGX_CARRIERPAY_LEASE_FOREIGN     /* of another keyring, or cell */
} ngx_carrierpay_lease_state_e;


struct ngx_carrierpay_lease_s {
    ngx_carrierpay_pq_t            *pq;
    ngx_log_t                      *log;
    ngx_str_t                      *secrets;   /* file, for the log */
    ngx_str_t                       keyring;   /* as it is shown */
    ngx_str_t                       process;
    ngx_str_t                       limits;    /* as they are shown */
    int32_t                         cell;
    int32_t                         cells;
    int32_t                         lines;     /* cells that have them */
    ngx_carrierpay_lease_pt        got;
    void                           *data;

    ngx_carrierpay_lease_state_e   state;
    const char                     *foreign;   /* what is, in that state */
    ngx_carrierpay_id_gen_t         ids;
    int32_t                         number;
    ngx_msec_t                      leased_at; /* when it was asked for */

    ngx_event_t                     tick;      /* to renew, or ask again */

    /* a question; the pool is there while it runs */

    ngx_carrierpay_sql_call_t       call;
    ngx_pool_t                     *pool;
    ngx_msec_t                      asked_at;
    ngx_str_t                       difference;
    ngx_str_t                       other;     /* cell that it is */
    unsigned                        renewed:1;
};


static void ngx_carrierpay_lease_lose(ngx_carrierpay_lease_t *lease,
    const char *why);
static void ngx_carrierpay_lease_tick_handler(ngx_event_t *ev);
static void ngx_carrierpay_lease_take(ngx_carrierpay_lease_t *lease);
static void ngx_carrierpay_lease_ask(ngx_carrierpay_lease_t *lease,
    ngx_carrierpay_statement_t *statement, ngx_carrierpay_done_pt done);
static void ngx_carrierpay_lease_answered(ngx_carrierpay_lease_t *lease,
    ngx_msec_t again);
static ngx_int_t ngx_carrierpay_lease_start_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_lease_start_done(void *data);
static void ngx_carrierpay_lease_refused(ngx_carrierpay_lease_t *lease);
static ngx_int_t ngx_carrierpay_lease_renew_row(
    ngx_carrierpay_sql_call_t *call, ngx_carrierpay_pq_result_t *res,
    ngx_uint_t row);
static void ngx_carrierpay_lease_renew_done(void *data);


#define column(type, field)                                                   \
    ngx_carrierpay_column(type, ngx_carrierpay_lease_t, field)

static const ngx_carrierpay_column_t  ngx_carrierpay_lease_start_columns[] = {
    column(TEXT, keyring),
    column(TEXT, process),
    column(TEXT, limits),
    column(INT4, cell),
    column(INT4, cells),
    column(INT4, lines)
};

static const ngx_carrierpay_column_t  ngx_carrierpay_lease_renew_columns[] = {
    column(INT4, number),
    column(TEXT, process),
    column(TEXT, limits)
};


ngx_carrierpay_statement_t  ngx_carrierpay_lease_start_statement = {
    "worker_start",
    ngx_carrierpay_columns(ngx_carrierpay_lease_start_columns),
    ngx_carrierpay_lease_start_row,
    .batched = 0
};

ngx_carrierpay_statement_t  ngx_carrierpay_lease_renew_statement = {
    "worker_renew",
    ngx_carrierpay_columns(ngx_carrierpay_lease_renew_columns),
    ngx_carrierpay_lease_renew_row,
    .batched = 0
};


ngx_carrierpay_lease_t *
ngx_carrierpay_lease_create(ngx_cycle_t *cycle, ngx_carrierpay_pq_t *pq,
    ngx_carrierpay_conf_t *conf, ngx_uint_t cell, const ngx_str_t *process,
    ngx_carrierpay_lease_pt got, void *data)
{
    ngx_carrierpay_lease_t  *lease;

    lease = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_lease_t));

    if (lease == NULL
        || ngx_carrierpay_keyring_probe(&conf->keyring, cycle->pool,
                                        &lease->keyring)
           != NGX_OK
        || ngx_carrierpay_spend_limits(&conf->operators, cycle->pool,
                                       &lease->limits)
           != NGX_OK)
    {
        return NULL;
    }

    lease->pq = pq;
    lease->log = cycle->log;
    lease->secrets = &conf->secrets;
    lease->process = *process;
    lease->cell = cell;
    lease->cells = conf->ncells;
    lease->lines = conf->nlines;
    lease->got = got;
    lease->data = data;

    lease->tick.handler = ngx_carrierpay_lease_tick_handler;
    lease->tick.data = lease;
    lease->tick.log = lease->log;
    lease->tick.cancelable = 1;

    return lease;
}


void
ngx_carrierpay_lease_destroy(ngx_carrierpay_lease_t *lease)
{
    if (lease->tick.timer_set) {
        ngx_del_timer(&lease->tick);
    }

    if (lease->pool) {
        ngx_destroy_pool(lease->pool);
        lease->pool = NULL;
    }
}


void
ngx_carrierpay_lease_connected(ngx_carrierpay_lease_t *lease)
{
    if (!ngx_carrierpay_lease_held(lease)) {
        ngx_carrierpay_lease_take(lease);
    }
}


/*
 * Identifiers only grow, so after a step back of the clock they would stay
 * ahead of it for as long as the step was, under this number.
 */

ngx_uint_t
ngx_carrierpay_lease_held(ngx_carrierpay_lease_t *lease)
{
    if (lease->state != NGX_CARRIERPAY_LEASE_HELD) {
        return 0;
    }

    if (ngx_carrierpay_id_ahead(&lease->ids, ngx_carrierpay_now())) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_CLOCK_STEPS);
        ngx_carrierpay_lease_lose(lease, "the clock has been set back");
        return 0;
    }

    if (ngx_current_msec - lease->leased_at >= NGX_CARRIERPAY_LEASE_HOLD) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEASES_LOST);
        ngx_carrierpay_lease_lose(lease, "the lease was not renewed");
        return 0;
    }

    return 1;
}


const char *
ngx_carrierpay_lease_foreign(ngx_carrierpay_lease_t *lease)
{
    return (lease->state == NGX_CARRIERPAY_LEASE_FOREIGN) ? lease->foreign
                                                          : NULL;
}


int64_t
ngx_carrierpay_lease_id(ngx_carrierpay_lease_t *lease)
{
    return ngx_carrierpay_id_next(&lease->ids, ngx_carrierpay_now());
}


/* Nothing begins until the worker has another number. */

static void
ngx_carrierpay_lease_lose(ngx_carrierpay_lease_t *lease, const char *why)
{
    ngx_log_error(NGX_LOG_WARN, lease->log, 0,
                  "%s, worker %D is taking another number", why,
                  lease->number);

    lease->state = NGX_CARRIERPAY_LEASE_NONE;

    ngx_carrierpay_lease_take(lease);
}


static void
ngx_carrierpay_lease_tick_handler(ngx_event_t *ev)
{
    ngx_carrierpay_lease_t  *lease;

    lease = ev->data;

    if (lease->state == NGX_CARRIERPAY_LEASE_HELD) {
        ngx_carrierpay_lease_ask(lease,
                                 &ngx_carrierpay_lease_renew_statement,
                                 ngx_carrierpay_lease_renew_done);

    } else {
        ngx_carrierpay_lease_take(lease);
    }
}


static void
ngx_carrierpay_lease_take(ngx_carrierpay_lease_t *lease)
{
    ngx_carrierpay_lease_ask(lease, &ngx_carrierpay_lease_start_statement,
                             ngx_carrierpay_lease_start_done);
}


/* One question at a time: its answer finds that the number is lost. */

static void
ngx_carrierpay_lease_ask(ngx_carrierpay_lease_t *lease,
    ngx_carrierpay_statement_t *statement, ngx_carrierpay_done_pt done)
{
    ngx_carrierpay_sql_call_t  *call;

    if (lease->pool) {
        return;
    }

    lease->asked_at = ngx_current_msec;
    lease->renewed = 0;
    ngx_str_null(&lease->difference);
    ngx_str_null(&lease->other);

    lease->pool = ngx_create_pool(1024, lease->log);

    if (lease->pool == NULL) {
        ngx_add_timer(&lease->tick, NGX_CARRIERPAY_LEASE_AGAIN);
        return;
    }

    call = &lease->call;

    call->statement = statement;
    call->args = lease;
    call->pool = lease->pool;
    call->done = done;
    call->data = lease;

    if (ngx_carrierpay_sql_call_send(call, lease->pq) != NGX_OK) {
        ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_AGAIN);
    }
}


static void
ngx_carrierpay_lease_answered(ngx_carrierpay_lease_t *lease,
    ngx_msec_t again)
{
    ngx_destroy_pool(lease->pool);
    lease->pool = NULL;

    ngx_add_timer(&lease->tick, again);
}


static ngx_int_t
ngx_carrierpay_lease_start_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_lease_t  *lease;

    lease = call->args;
    lease->number = ngx_carrierpay_pq_int(res, row, 0);

    if (ngx_carrierpay_pq_copy(res, row, 1, call->pool, &lease->difference)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_pq_copy(res, row, 2, call->pool, &lease->other);
}


static void
ngx_carrierpay_lease_start_done(void *data)
{
    ngx_carrierpay_lease_t  *lease;

    lease = data;

    if (lease->call.rc != NGX_OK) {
        ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_AGAIN);
        return;
    }

    if (lease->difference.len || lease->other.len) {
        ngx_carrierpay_lease_refused(lease);
        ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_RENEW);
        return;
    }

    lease->state = NGX_CARRIERPAY_LEASE_HELD;
    lease->leased_at = lease->asked_at;

    ngx_carrierpay_id_init(&lease->ids, lease->number, lease->cell);
    ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_RENEW);

    lease->got(lease->data, lease->number);
}


/* Said once, until the database answers otherwise. */

static void
ngx_carrierpay_lease_refused(ngx_carrierpay_lease_t *lease)
{
    ngx_uint_t  first;

    first = (lease->state != NGX_CARRIERPAY_LEASE_FOREIGN);

    lease->state = NGX_CARRIERPAY_LEASE_FOREIGN;
    lease->foreign = lease->other.len ? "cell" : "keyring";

    if (!first) {
        return;
    }

    if (lease->other.len) {
        ngx_log_error(NGX_LOG_ALERT, lease->log, 0,
                      "the database that is configured as cell %D of %D is "
                      "%V", lease->cell, lease->cells, &lease->other);
        return;
    }

    ngx_log_error(NGX_LOG_ALERT, lease->log, 0,
                  "keyring \"%V\" is not the one of the database: %V",
                  lease->secrets, &lease->difference);
}


static ngx_int_t
ngx_carrierpay_lease_renew_row(ngx_carrierpay_sql_call_t *call,
    ngx_carrierpay_pq_result_t *res, ngx_uint_t row)
{
    ngx_carrierpay_lease_t  *lease;

    lease = call->args;
    lease->renewed = (ngx_carrierpay_pq_int(res, row, 0) != 0);

    ngx_carrierpay_gauge_in(ngx_carrierpay_counters,
                            NGX_CARRIERPAY_STAT_LIMITS_DIFFERING,
                            ngx_carrierpay_pq_int(res, row, 1));

    return NGX_OK;
}


static void
ngx_carrierpay_lease_renew_done(void *data)
{
    ngx_uint_t                lost;
    ngx_carrierpay_lease_t  *lease;

    lease = data;

    if (lease->call.rc != NGX_OK
        || lease->state != NGX_CARRIERPAY_LEASE_HELD)
    {
        ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_AGAIN);
        return;
    }

    lost = !lease->renewed;

    ngx_carrierpay_lease_answered(lease, NGX_CARRIERPAY_LEASE_RENEW);

    if (lost) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_LEASES_LOST);
        ngx_carrierpay_lease_lose(lease, "the lease has run out");
        return;
    }

    lease->leased_at = lease->asked_at;
}
