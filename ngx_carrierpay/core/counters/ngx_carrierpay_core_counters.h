
/*
 * The metrics of core; see ngx_carrierpay_counters.h for the columns.  Those
 * of the service begin where those of io end.
 */


#ifndef _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_
#define _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_io_counters.h"


/* the labels of the sets */

#define NGX_CARRIERPAY_LABEL_OPERATOR  "operator"
#define NGX_CARRIERPAY_LABEL_PROVIDER  "provider"
#define NGX_CARRIERPAY_LABEL_WORKER    "worker"


#define NGX_CARRIERPAY_COUNTERS_PAYMENTS(X)                                  \
    X(PAYMENT_CREATED, "carrierpay_payments_total", "event=\"created\"",     \
      "What became of payments.")                                            \
    X(PAYMENT_BEGUN, "carrierpay_payments_total", "event=\"begun\"", "")     \
    X(PAYMENT_AUTHORIZED, "carrierpay_payments_total",                       \
      "event=\"authorized\"", "")                                            \
    X(PAYMENT_SUCCEEDED, "carrierpay_payments_total",                        \
      "event=\"succeeded\"", "")                                             \
    X(PAYMENT_ATTEMPT_FAILED, "carrierpay_payments_total",                   \
      "event=\"attempt_failed\"", "")                                        \
    X(PAYMENT_FAILED, "carrierpay_payments_total", "event=\"failed\"", "")   \
    X(PAYMENT_UNKNOWN, "carrierpay_payments_total", "event=\"unknown\"", "") \
    X(PAYMENT_APPROVAL, "carrierpay_payments_total", "event=\"approval\"",   \
      "")                                                                    \
    X(PAYMENT_EXPIRED, "carrierpay_payments_total", "event=\"expired\"", "") \
    X(PAYMENT_CANCELED, "carrierpay_payments_total", "event=\"canceled\"",   \
      "")                                                                    \
    X(PAYMENT_REPLAYED, "carrierpay_payments_total", "event=\"replayed\"",   \
      "")                                                                    \
    X(PAYMENT_REFUSED, "carrierpay_payments_total", "event=\"refused\"", "") \
                                                                             \
    X(REFUND_BEGUN, "carrierpay_refunds_total", "event=\"begun\"",           \
      "What became of refunds.")                                             \
    X(REFUND_SUCCEEDED, "carrierpay_refunds_total", "event=\"succeeded\"",   \
      "")                                                                    \
    X(REFUND_FAILED, "carrierpay_refunds_total", "event=\"failed\"", "")     \
    X(REFUND_UNKNOWN, "carrierpay_refunds_total", "event=\"unknown\"", "")   \
    X(REFUND_REFUSED, "carrierpay_refunds_total", "event=\"refused\"", "")   \
                                                                             \
    X(PAYOUT_BEGUN, "carrierpay_payouts_total", "event=\"begun\"",           \
      "What became of payouts.")                                             \
    X(PAYOUT_SUCCEEDED, "carrierpay_payouts_total", "event=\"succeeded\"",   \
      "")                                                                    \
    X(PAYOUT_FAILED, "carrierpay_payouts_total", "event=\"failed\"", "")     \
    X(PAYOUT_UNKNOWN, "carrierpay_payouts_total", "event=\"unknown\"", "")   \
                                                                             \
    X(RECOVERED, "carrierpay_recovered_total", "",                           \
      "Payments that recovery brought to their end.")                        \
                                                                             \
    X(INCIDENTS, "carrierpay_incidents_total", "",                           \
      "Outcomes that contradict what the ledger has recorded.")              \
                                                                             \
    X(LEDGER_BATCHES, "carrierpay_ledger_batches_total", "",                 \
      "Batches sent to the ledger.")                                         \
                                                                             \
    X(LEDGER_OPERATIONS, "carrierpay_ledger_operations_total", "",           \
      "Operations in the batches sent to the ledger.")                       \
                                                                             \
    X(LEDGER_RETRIES, "carrierpay_ledger_retries_total", "",                 \
      "Batches sent to the ledger once more.")                               \
                                                                             \
    X(LEDGER_BUSY, "carrierpay_ledger_busy_total", "",                       \
      "Operations put off since another session held their payment.")        \
                                                                             \
    X(LEDGER_REFUSED, "carrierpay_ledger_refused_total", "",                 \
      "Operations not taken since the ledger was full or away.")             \
                                                                             \
    X(CLOCK_STEPS, "carrierpay_clock_steps_total", "",                       \
      "Times that the clock was set back and a worker took a new number.")   \
                                                                             \
    X(LEASES_LOST, "carrierpay_leases_lost_total", "",                       \
      "Times that a worker lost the lease of its number and took another.")


#define NGX_CARRIERPAY_COUNTERS_MESSAGES(X)                                  \
    X(LOOKUP_ANSWERED, "carrierpay_lookups_total", "result=\"answered\"",    \
      "Lookups of whose customer a line is.")                                \
    X(LOOKUP_CACHED, "carrierpay_lookups_total", "result=\"cached\"", "")    \
    X(LOOKUP_FAILED, "carrierpay_lookups_total", "result=\"failed\"", "")    \
    X(LOOKUP_REFUSED, "carrierpay_lookups_total", "result=\"refused\"", "")  \
                                                                             \
    X(LOOKUP_CONFLICTS, "carrierpay_lookup_conflicts_total", "",             \
      "Lookups that named another operator than the one over whose"          \
      " network the line came.")                                             \
                                                                             \
    X(WEBHOOK_DELIVERED, "carrierpay_webhooks_total",                        \
      "result=\"delivered\"", "Attempts at delivering a webhook.")           \
    X(WEBHOOK_FAILED, "carrierpay_webhooks_total", "result=\"failed\"", "")  \
    X(WEBHOOK_REFUSED, "carrierpay_webhooks_total", "result=\"refused\"",    \
      "")                                                                    \
                                                                             \
    X(MESSAGE_ACCEPTED, "carrierpay_messages_total",                         \
      "result=\"accepted\"", "Attempts at sending an SMS or a mail.")        \
    X(MESSAGE_UNKNOWN, "carrierpay_messages_total", "result=\"unknown\"",    \
      "")                                                                    \
    X(MESSAGE_REFUSED, "carrierpay_messages_total", "result=\"refused\"",    \
      "")                                                                    \
    X(MESSAGE_FAILED, "carrierpay_messages_total", "result=\"failed\"", "")  \
    X(MESSAGE_LATE, "carrierpay_messages_total", "result=\"late\"", "")      \
                                                                             \
    X(PIN_SENT, "carrierpay_pins_total", "event=\"sent\"",                   \
      "PINs asked for and entered.")                                         \
    X(PIN_REFUSED, "carrierpay_pins_total", "event=\"refused\"", "")         \
    X(PIN_RIGHT, "carrierpay_pins_total", "event=\"right\"", "")             \
    X(PIN_WRONG, "carrierpay_pins_total", "event=\"wrong\"", "")             \
    X(PIN_LOST, "carrierpay_pins_total", "event=\"lost\"", "")


#define NGX_CARRIERPAY_COUNTERS_LIMITS(X)                                    \
    X(LIMIT_PASSED, "carrierpay_limit_total", "result=\"passed\"",           \
      "Requests by what carrierpay_limit did; times that Redis did not"      \
      " decide or a zone was too small.")                                    \
    X(LIMIT_DELAYED, "carrierpay_limit_total", "result=\"delayed\"", "")     \
    X(LIMIT_REJECTED, "carrierpay_limit_total", "result=\"rejected\"", "")   \
    X(LIMIT_DELAYED_DRY_RUN, "carrierpay_limit_total",                       \
      "result=\"delayed_dry_run\"", "")                                      \
    X(LIMIT_REJECTED_DRY_RUN, "carrierpay_limit_total",                      \
      "result=\"rejected_dry_run\"", "")                                     \
    X(LIMIT_LOCAL, "carrierpay_limit_total", "result=\"local_fallback\"",    \
      "")                                                                    \
    X(LIMIT_EVICTED, "carrierpay_limit_total", "result=\"evicted\"", "")


#define NGX_CARRIERPAY_COUNTERS_SMS(X)                                       \
    X(SMS_PASSED, "carrierpay_sms_limit_total", "result=\"passed\"",         \
      "PINs to be sent, by what carrierpay_sms_limit did.")                  \
    X(SMS_REJECTED, "carrierpay_sms_limit_total", "result=\"rejected\"",     \
      "")                                                                    \
                                                                             \
    X(CODE_PASSED, "carrierpay_code_limit_total", "result=\"passed\"",       \
      "Codes for shoppers to send by SMS, by what their budgets did.")       \
    X(CODE_REJECTED, "carrierpay_code_limit_total", "result=\"rejected\"",   \
      "")


#define NGX_CARRIERPAY_COUNTERS_ELIGIBILITY(X)                               \
    X(ELIGIBILITY_ELIGIBLE, "carrierpay_eligibility_total",                  \
      "result=\"eligible\"", "Lines asked about, by the answer.")            \
    X(ELIGIBILITY_NOT_A_NUMBER, "carrierpay_eligibility_total",              \
      "result=\"not_a_number\"", "")                                         \
    X(ELIGIBILITY_FIXED_LINE, "carrierpay_eligibility_total",                \
      "result=\"fixed_line\"", "")                                           \
    X(ELIGIBILITY_NOT_CONNECTED, "carrierpay_eligibility_total",             \
      "result=\"operator_not_connected\"", "")                               \
    X(ELIGIBILITY_PORTED, "carrierpay_eligibility_total",                    \
      "result=\"number_ported\"", "")                                        \
    X(ELIGIBILITY_MVNO_BARRED, "carrierpay_eligibility_total",               \
      "result=\"mvno_barred\"", "")                                          \
    X(ELIGIBILITY_CURRENCY, "carrierpay_eligibility_total",                  \
      "result=\"currency_not_supported\"", "")                               \
    X(ELIGIBILITY_OVER_LIMIT, "carrierpay_eligibility_total",                \
      "result=\"over_limit\"", "")                                           \
    X(ELIGIBILITY_SERVICE, "carrierpay_eligibility_total",                   \
      "result=\"service_not_allowed\"", "")                                  \
    X(ELIGIBILITY_CATEGORY, "carrierpay_eligibility_total",                  \
      "result=\"category_not_allowed\"", "")                                 \
    X(ELIGIBILITY_AMOUNT, "carrierpay_eligibility_total",                    \
      "result=\"amount_not_allowed\"", "")                                   \
    X(ELIGIBILITY_BLOCKED, "carrierpay_eligibility_total",                   \
      "result=\"blocked_by_subscriber\"", "")                                \
    X(ELIGIBILITY_OTHER, "carrierpay_eligibility_total",                     \
      "result=\"other\"", "")


#define NGX_CARRIERPAY_COUNTERS_FLOWS(X)                                     \
    X(FLOWS_STARTED, "carrierpay_flows_total", "event=\"started\"",          \
      "Flows of steps, by what became of them.")                             \
    X(FLOWS_ENDED, "carrierpay_flows_total", "event=\"ended\"", "")          \
    X(FLOWS_REFUSED, "carrierpay_flows_total", "event=\"refused\"", "")      \
    X(FLOWS_TIMED_OUT, "carrierpay_flows_total", "event=\"timed_out\"", "")


#define NGX_CARRIERPAY_GAUGES(X)                                              \
    X(WAITING_RECOVERY, "carrierpay_waiting", "queue=\"recovery\"",           \
      "Work that waits in the database, due or not, up to 100,000.")          \
    X(WAITING_PAYOUTS, "carrierpay_waiting", "queue=\"payouts\"", "")         \
    X(WAITING_WEBHOOKS, "carrierpay_waiting", "queue=\"webhooks\"", "")       \
    X(WAITING_MESSAGES, "carrierpay_waiting", "queue=\"messages\"", "")       \
    X(WAITING_LINES, "carrierpay_waiting", "queue=\"lines\"", "")             \
                                                                              \
    X(BACKLOG_RECOVERY, "carrierpay_backlog", "queue=\"recovery\"",           \
      "Work that is due, and that no worker has begun.")                      \
    X(BACKLOG_PAYOUTS, "carrierpay_backlog", "queue=\"payouts\"", "")         \
    X(BACKLOG_WEBHOOKS, "carrierpay_backlog", "queue=\"webhooks\"", "")       \
    X(BACKLOG_MESSAGES, "carrierpay_backlog", "queue=\"messages\"", "")       \
    X(BACKLOG_LINES, "carrierpay_backlog", "queue=\"lines\"", "")             \
                                                                              \
    X(OLDEST_RECOVERY, "carrierpay_backlog_oldest_seconds",                   \
      "queue=\"recovery\"", "For how long the oldest of it has been due.")    \
    X(OLDEST_PAYOUTS, "carrierpay_backlog_oldest_seconds",                    \
      "queue=\"payouts\"", "")                                                \
    X(OLDEST_WEBHOOKS, "carrierpay_backlog_oldest_seconds",                   \
      "queue=\"webhooks\"", "")                                               \
    X(OLDEST_MESSAGES, "carrierpay_backlog_oldest_seconds",                   \
      "queue=\"messages\"", "")                                               \
    X(OLDEST_LINES, "carrierpay_backlog_oldest_seconds", "queue=\"lines\"",   \
      "")                                                                     \
                                                                              \
    X(BACKLOG_READ, "carrierpay_backlog_read_timestamp_seconds", "",          \
      "When the backlog was read from the database.")                         \
                                                                              \
    X(PARTITION_DAYS, "carrierpay_partition_days", "",                        \
      "For how many days the tables of the ledger have partitions.")          \
                                                                              \
    X(BALANCE_UNTIL, "carrierpay_balance_timestamp_seconds", "",              \
      "The moment that the balances are as of.")                              \
                                                                              \
    X(LIMITS_DIFFERING, "carrierpay_limits_differing", "",                    \
      "Operators for which workers have different limits.")                   \
                                                                              \
    X(TOTALS_NEAR, "carrierpay_totals", "reached=\"80\"",                     \
      "Limits of all lines together that are reached to so many percent.")    \
    X(TOTALS_REACHED, "carrierpay_totals", "reached=\"100\"", "")


#define NGX_CARRIERPAY_HISTOGRAMS(X)                                          \
    X(LEDGER_WRITE, "carrierpay_ledger_batch_seconds", "kind=\"write\"",      \
      "Batches of the ledger, from sending to the answer.")                   \
    X(LEDGER_READ, "carrierpay_ledger_batch_seconds", "kind=\"read\"", "")    \
                                                                              \
    X(WEBHOOK_SECONDS, "carrierpay_webhook_seconds", "",                      \
      "Calls of merchants' endpoints.")


#define NGX_CARRIERPAY_CORE_METRICS(counter, gauge, histogram)                \
    NGX_CARRIERPAY_COUNTERS_PAYMENTS(counter)                                 \
    NGX_CARRIERPAY_COUNTERS_MESSAGES(counter)                                 \
    NGX_CARRIERPAY_COUNTERS_LIMITS(counter)                                   \
    NGX_CARRIERPAY_COUNTERS_SMS(counter)                                      \
    NGX_CARRIERPAY_COUNTERS_ELIGIBILITY(counter)                              \
    NGX_CARRIERPAY_COUNTERS_FLOWS(counter)                                    \
    NGX_CARRIERPAY_GAUGES(gauge)                                              \
    NGX_CARRIERPAY_HISTOGRAMS(histogram)


/* In the set of an operator; the reasons are those of core/payment/decline. */

#define NGX_CARRIERPAY_OPERATOR_METRICS(counter, gauge, histogram)            \
    histogram(OPERATOR_CHARGE, "carrierpay_operator_seconds",                 \
      "call=\"charge\"", "Calls of operators, until the outcome.")            \
    histogram(OPERATOR_RESERVE, "carrierpay_operator_seconds",                \
      "call=\"reserve\"", "")                                                 \
    histogram(OPERATOR_CAPTURE, "carrierpay_operator_seconds",                \
      "call=\"capture\"", "")                                                 \
    histogram(OPERATOR_VOID, "carrierpay_operator_seconds",                   \
      "call=\"void\"", "")                                                    \
    histogram(OPERATOR_REFUND, "carrierpay_operator_seconds",                 \
      "call=\"refund\"", "")                                                  \
    histogram(OPERATOR_PAYOUT, "carrierpay_operator_seconds",                 \
      "call=\"payout\"", "")                                                  \
    histogram(OPERATOR_STATUS, "carrierpay_operator_seconds",                 \
      "call=\"status\"", "")                                                  \
    histogram(OPERATOR_LOOKUP, "carrierpay_operator_seconds",                 \
      "call=\"lookup\"", "")                                                  \
                                                                              \
    counter(OUTCOME_SUCCEEDED, "carrierpay_outcomes_total",                   \
      "outcome=\"succeeded\",reason=\"\"",                                    \
      "Outcomes of charges, by operator and kind of reason.")                 \
    counter(OUTCOME_APPROVAL, "carrierpay_outcomes_total",                    \
      "outcome=\"approval\",reason=\"\"", "")                                 \
    counter(OUTCOME_UNKNOWN, "carrierpay_outcomes_total",                     \
      "outcome=\"unknown\",reason=\"\"", "")                                  \
    counter(OUTCOME_FUNDS, "carrierpay_outcomes_total",                       \
      "outcome=\"failed\",reason=\"funds\"", "")                              \
    counter(OUTCOME_LINE, "carrierpay_outcomes_total",                        \
      "outcome=\"failed\",reason=\"line\"", "")                               \
    counter(OUTCOME_SHOPPER, "carrierpay_outcomes_total",                     \
      "outcome=\"failed\",reason=\"shopper\"", "")                            \
    counter(OUTCOME_MERCHANT, "carrierpay_outcomes_total",                    \
      "outcome=\"failed\",reason=\"merchant\"", "")                           \
    counter(OUTCOME_OPERATOR, "carrierpay_outcomes_total",                    \
      "outcome=\"failed\",reason=\"operator\"", "")                           \
    counter(OUTCOME_OTHER, "carrierpay_outcomes_total",                       \
      "outcome=\"failed\",reason=\"other\"", "")


/* In the set of an SMS provider. */

#define NGX_CARRIERPAY_PROVIDER_METRICS(counter, gauge, histogram)            \
    histogram(PROVIDER_SEND, "carrierpay_sms_seconds", "",                    \
      "Calls of SMS gateways, until the outcome.")                            \
                                                                              \
    counter(PROVIDER_ACCEPTED, "carrierpay_sms_total",                        \
      "result=\"accepted\"", "Attempts at sending an SMS, by provider.")      \
    counter(PROVIDER_UNKNOWN, "carrierpay_sms_total",                         \
      "result=\"unknown\"", "")                                               \
    counter(PROVIDER_REFUSED, "carrierpay_sms_total",                         \
      "result=\"refused\"", "")                                               \
    counter(PROVIDER_FAILED, "carrierpay_sms_total",                          \
      "result=\"failed\"", "")


/* In the set of a worker. */

#define NGX_CARRIERPAY_WORKER_METRICS(counter, gauge, histogram)              \
    gauge(WORKER_FLOWS, "carrierpay_worker_flows", "",                        \
      "Flows running in a worker.")                                           \
    gauge(WORKER_EGRESS_CALLS, "carrierpay_worker_egress_calls", "",          \
      "Outbound calls running in a worker.")                                  \
    gauge(WORKER_POSTGRES_UP, "carrierpay_worker_postgres_up", "",            \
      "Has a worker a connection to write with?")                             \
    gauge(WORKER_REDIS_UP, "carrierpay_worker_redis_up", "",                  \
      "Has a worker a connection to Redis?")


enum {
    NGX_CARRIERPAY_STAT_CORE_FIRST = NGX_CARRIERPAY_STAT_IO_LAST - 1,

    NGX_CARRIERPAY_CORE_METRICS(ngx_carrierpay_counter, ngx_carrierpay_gauge,
                                ngx_carrierpay_histogram)

    NGX_CARRIERPAY_STAT_CORE_LAST
};

enum {
    NGX_CARRIERPAY_OPERATOR_METRICS(ngx_carrierpay_counter,
                                    ngx_carrierpay_gauge,
                                    ngx_carrierpay_histogram)
    NGX_CARRIERPAY_STAT_OPERATOR_MAX
};

enum {
    NGX_CARRIERPAY_PROVIDER_METRICS(ngx_carrierpay_counter,
                                    ngx_carrierpay_gauge,
                                    ngx_carrierpay_histogram)
    NGX_CARRIERPAY_STAT_PROVIDER_MAX
};

enum {
    NGX_CARRIERPAY_WORKER_METRICS(ngx_carrierpay_counter,
                                  ngx_carrierpay_gauge,
                                  ngx_carrierpay_histogram)
    NGX_CARRIERPAY_STAT_WORKER_MAX
};


#endif /* _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_ */
