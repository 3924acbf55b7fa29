
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_backlog.h"
#include "ngx_carrierpay_balance.h"
#include "ngx_carrierpay_charge.h"
#include "ngx_carrierpay_charge_capture.h"
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_charge_key.h"
#include "ngx_carrierpay_charge_recover.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_core_counters.h"
#include "ngx_carrierpay_eligibility_query.h"
#include "ngx_carrierpay_event.h"
#include "ngx_carrierpay_gauges.h"
#include "ngx_carrierpay_ledger.h"
#include "ngx_carrierpay_spend.h"
#include "ngx_carrierpay_merchant.h"
#include "ngx_carrierpay_message.h"
#include "ngx_carrierpay_lease.h"
#include "ngx_carrierpay_partition.h"
#include "ngx_carrierpay_payment_cancel.h"
#include "ngx_carrierpay_payment_read.h"
#include "ngx_carrierpay_payout_send.h"
#include "ngx_carrierpay_pin_attempt.h"
#include "ngx_carrierpay_pin_issue.h"
#include "ngx_carrierpay_receipt.h"
#include "ngx_carrierpay_refund_make.h"
#include "ngx_carrierpay_refund_read.h"
#include "ngx_carrierpay_refund_recover.h"
#include "ngx_carrierpay_refund_steps.h"
#include "ngx_carrierpay_round.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_sms_inbound.h"
#include "ngx_carrierpay_sms_report.h"
#include "ngx_carrierpay_subscriber_block.h"
#include "ngx_carrierpay_takeover.h"
#include "ngx_carrierpay_totals.h"
#include "ngx_carrierpay_webhook.h"
#include "ngx_carrierpay_worker.h"


static void ngx_carrierpay_worker_counters(ngx_carrierpay_conf_t *conf);
static ngx_int_t ngx_carrierpay_worker_connect(ngx_cycle_t *cycle,
    ngx_carrierpay_core_t *core);
static ngx_int_t ngx_carrierpay_worker_cells(ngx_cycle_t *cycle,
    ngx_carrierpay_core_t *core);
static ngx_int_t ngx_carrierpay_worker_cell(ngx_cycle_t *cycle,
    ngx_carrierpay_core_t *core, ngx_uint_t number);


/* Database functions that the service calls; each connection prepares all. */

static ngx_carrierpay_statement_t  *ngx_carrierpay_worker_statements[] = {
    &ngx_carrierpay_spend_copy_statement,
    &ngx_carrierpay_charge_create_statement,
    &ngx_carrierpay_charge_begin_statement,
    &ngx_carrierpay_spend_reserve_statement,
    &ngx_carrierpay_charge_finish_statement,
    &ngx_carrierpay_charge_expire_statement,
    &ngx_carrierpay_payment_cancel_statement,
    &ngx_carrierpay_webhook_done_statement,
    &ngx_carrierpay_message_done_statement,
    &ngx_carrierpay_payment_page_statement,
    &ngx_carrierpay_eligibility_statement,

    &ngx_carrierpay_lease_start_statement,
    &ngx_carrierpay_lease_renew_statement,
    &ngx_carrierpay_takeover_others_statement,
    &ngx_carrierpay_takeover_release_statement,
    &ngx_carrierpay_merchant_statement,
    &ngx_carrierpay_charge_key_statement,
    &ngx_carrierpay_subscriber_statement,
    &ngx_carrierpay_subscriber_block_statement,
    &ngx_carrierpay_payment_get_statement,
    &ngx_carrierpay_payment_first_statement,
    &ngx_carrierpay_charge_capture_statement,
    &ngx_carrierpay_charge_release_statement,
    &ngx_carrierpay_refund_begin_statement,
    &ngx_carrierpay_refund_finish_statement,
    &ngx_carrierpay_refund_get_statement,
    &ngx_carrierpay_refund_list_statement,
    &ngx_carrierpay_refund_claim_statement,
    &ngx_carrierpay_payout_begin_statement,
    &ngx_carrierpay_payout_finish_statement,
    &ngx_carrierpay_payout_claim_statement,
    &ngx_carrierpay_pin_line_statement,
    &ngx_carrierpay_pin_count_statement,
    &ngx_carrierpay_pin_uncount_statement,
    &ngx_carrierpay_pin_issue_statement,
    &ngx_carrierpay_pin_last_statement,
    &ngx_carrierpay_pin_attempt_statement,
    &ngx_carrierpay_pin_lost_statement,
    &ngx_carrierpay_receipt_mail_statement,
    &ngx_carrierpay_sms_inbound_statement,
    &ngx_carrierpay_sms_report_statement,
    &ngx_carrierpay_spend_settle_statement,
    &ngx_carrierpay_spend_due_done_statement,
    &ngx_carrierpay_spend_hold_begun_statement,
    &ngx_carrierpay_spend_hold_end_statement,
    &ngx_carrierpay_spend_due_claim_statement,
    &ngx_carrierpay_spend_hold_claim_statement,
    &ngx_carrierpay_spend_total_statement,
    &ngx_carrierpay_spend_total_claim_statement,
    &ngx_carrierpay_charge_claim_statement,
    &ngx_carrierpay_webhook_claim_statement,
    &ngx_carrierpay_message_claim_statement,
    &ngx_carrierpay_backlog_statement,
    &ngx_carrierpay_partition_statement,
    &ngx_carrierpay_balance_statement,
    &ngx_carrierpay_totals_statement,
    NULL
};


ngx_carrierpay_core_t *
ngx_carrierpay_worker_start(ngx_cycle_t *cycle, ngx_carrierpay_conf_t *conf)
{
    ngx_carrierpay_core_t  *core;

    if (ngx_carrierpay_event_check(cycle) != NGX_OK) {
        return NULL;
    }

    core = ngx_pcalloc(cycle->pool, sizeof(ngx_carrierpay_core_t));
    if (core == NULL) {
        return NULL;
    }

    core->conf = conf;
    core->log = cycle->log;
    core->flows.core = core;
    core->flows.log = cycle->log;
    core->flows.max = conf->flows_max;

    ngx_carrierpay_worker_counters(conf);

    if (ngx_carrierpay_worker_connect(cycle, core) != NGX_OK
        || ngx_carrierpay_worker_cells(cycle, core) != NGX_OK)
    {
        return NULL;
    }

    ngx_carrierpay_gauges_start(core);

    return core;
}


static void
ngx_carrierpay_worker_counters(ngx_carrierpay_conf_t *conf)
{
    ngx_uint_t                       i;
    ngx_carrierpay_operator_t      **op;
    ngx_carrierpay_sms_provider_t  **p;

    ngx_carrierpay_counters_attach(conf->zone);

    op = conf->operators.list.elts;

    for (i = 0; i < conf->operators.list.nelts; i++) {
        op[i]->counters = ngx_carrierpay_counters_set(
                                             NGX_CARRIERPAY_LABEL_OPERATOR,
                                             &op[i]->name,
                                             NGX_CARRIERPAY_STAT_OPERATOR_MAX);
    }

    p = conf->sms.elts;

    for (i = 0; i < conf->sms.nelts; i++) {
        p[i]->counters = ngx_carrierpay_counters_set(
                                             NGX_CARRIERPAY_LABEL_PROVIDER,
                                             &p[i]->name,
                                             NGX_CARRIERPAY_STAT_PROVIDER_MAX);
    }
}


static ngx_int_t
ngx_carrierpay_worker_connect(ngx_cycle_t *cycle, ngx_carrierpay_core_t *core)
{
    ngx_uint_t                      n;
    ngx_carrierpay_conf_t          *conf;
    ngx_carrierpay_pq_statement_t  *statements;

    conf = core->conf;

    statements = ngx_carrierpay_statements(cycle->pool,
                                           ngx_carrierpay_worker_statements,
                                           &n);
    if (statements == NULL) {
        return NGX_ERROR;
    }

    core->ledger = ngx_carrierpay_ledger_create(cycle, conf, statements, n);
    core->redis = ngx_carrierpay_redis_create(cycle, &conf->redis);

    if (core->ledger == NULL || core->redis == NULL) {
        return NGX_ERROR;
    }

    if (conf->smtp.max) {
        core->smtp = ngx_carrierpay_smtp_create(cycle, &conf->smtp);
        if (core->smtp == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_worker_cells(ngx_cycle_t *cycle, ngx_carrierpay_core_t *core)
{
    ngx_uint_t  i;

    core->merchants = ngx_carrierpay_merchants_create(cycle);
    core->cells = ngx_pcalloc(cycle->pool,
                              core->conf->ncells
                              * sizeof(ngx_carrierpay_core_cell_t));

    if (core->merchants == NULL || core->cells == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < core->conf->ncells; i++) {
        if (ngx_carrierpay_worker_cell(cycle, core, i) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_worker_cell(ngx_cycle_t *cycle, ngx_carrierpay_core_t *core,
    ngx_uint_t number)
{
    ngx_carrierpay_core_cell_t  *cc;

    cc = &core->cells[number];

    cc->recovery = ngx_carrierpay_work_queue_create(core, cycle, number,
                                              &ngx_carrierpay_charge_recovery);
    cc->refunds = ngx_carrierpay_work_queue_create(core, cycle, number,
                                              &ngx_carrierpay_refund_recovery);
    cc->payouts = ngx_carrierpay_work_queue_create(core, cycle, number,
                                                   &ngx_carrierpay_payouts);
    cc->backlog = ngx_carrierpay_round_create(core, cycle, number,
                                             &ngx_carrierpay_backlog_statement,
                                             NGX_CARRIERPAY_BACKLOG_PERIOD);
    cc->partitions = ngx_carrierpay_round_create(core, cycle, number,
                                           &ngx_carrierpay_partition_statement,
                                           NGX_CARRIERPAY_PARTITION_PERIOD);
    cc->balances = ngx_carrierpay_round_create(core, cycle, number,
                                             &ngx_carrierpay_balance_statement,
                                             NGX_CARRIERPAY_BALANCE_PERIOD);
    cc->totals = ngx_carrierpay_round_create(core, cycle, number,
                                              &ngx_carrierpay_totals_statement,
                                              NGX_CARRIERPAY_TOTALS_PERIOD);

    if (cc->recovery == NULL || cc->refunds == NULL || cc->payouts == NULL
        || cc->backlog == NULL || cc->partitions == NULL
        || cc->balances == NULL || cc->totals == NULL)
    {
        return NGX_ERROR;
    }

    if (core->conf->ncells > 1) {
        cc->lines = ngx_carrierpay_work_queue_create(core, cycle, number,
                                              &ngx_carrierpay_spend_dues);
        cc->holds = ngx_carrierpay_work_queue_create(core, cycle, number,
                                              &ngx_carrierpay_spend_holds);
        cc->exchange = ngx_carrierpay_work_queue_create(core, cycle, number,
                                              &ngx_carrierpay_spend_totals);

        if (cc->lines == NULL || cc->holds == NULL || cc->exchange == NULL) {
            return NGX_ERROR;
        }
    }

    if (!core->conf->outbox) {
        return NGX_OK;
    }

    cc->outbox = ngx_carrierpay_work_queue_create(core, cycle, number,
                                                  &ngx_carrierpay_webhooks);
    cc->messages = ngx_carrierpay_work_queue_create(core, cycle, number,
                                                    &ngx_carrierpay_messages);

    return cc->outbox && cc->messages ? NGX_OK : NGX_ERROR;
}


/*
 * Intents are durable and leases end.  The connections go first, since their
 * commands and transactions end as lost; what waits for Redis never goes on
 * to the database, and what waits for the mail server neither.
 */

void
ngx_carrierpay_worker_stop(ngx_carrierpay_core_t *core)
{
    ngx_uint_t                   i;
    ngx_carrierpay_core_cell_t  *cell;

    ngx_carrierpay_gauges_stop(core);

    if (core->smtp) {
        ngx_carrierpay_smtp_destroy(core->smtp);
    }

    ngx_carrierpay_redis_destroy(core->redis);
    ngx_carrierpay_ledger_destroy(core->ledger);

    for (i = 0; i < core->conf->ncells; i++) {
        cell = &core->cells[i];

        ngx_carrierpay_round_destroy(cell->backlog);
        ngx_carrierpay_round_destroy(cell->partitions);
        ngx_carrierpay_round_destroy(cell->balances);
        ngx_carrierpay_round_destroy(cell->totals);
        ngx_carrierpay_work_queue_destroy(cell->recovery);
        ngx_carrierpay_work_queue_destroy(cell->refunds);
        ngx_carrierpay_work_queue_destroy(cell->payouts);
        ngx_carrierpay_work_queue_destroy(cell->outbox);
        ngx_carrierpay_work_queue_destroy(cell->messages);
        ngx_carrierpay_work_queue_destroy(cell->lines);
        ngx_carrierpay_work_queue_destroy(cell->holds);
        ngx_carrierpay_work_queue_destroy(cell->exchange);
    }
}
