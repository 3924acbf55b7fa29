
/*
 * The counters of core; see ngx_carrierpay_counters.h for the columns.  Their
 * numbers begin where those of io end.
 */


#ifndef _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_
#define _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_io_counters.h"


#define NGX_CARRIERPAY_COUNTERS_PAYMENTS(X)                                  \
    X(PAYMENT_CREATED, "carrierpay_payments_total", "event=\"created\"",     \
      "What became of payments.")                                            \
    X(PAYMENT_BEGUN, "carrierpay_payments_total", "event=\"begun\"", "")     \
    X(PAYMENT_SUCCEEDED, "carrierpay_payments_total",                        \
      "event=\"succeeded\"", "")                                             \
    X(PAYMENT_FAILED, "carrierpay_payments_total", "event=\"failed\"", "")   \
    X(PAYMENT_UNKNOWN, "carrierpay_payments_total", "event=\"unknown\"", "") \
    X(PAYMENT_APPROVAL, "carrierpay_payments_total", "event=\"approval\"",   \
      "")                                                                    \
    X(PAYMENT_EXPIRED, "carrierpay_payments_total", "event=\"expired\"", "") \
    X(PAYMENT_REPLAYED, "carrierpay_payments_total", "event=\"replayed\"",   \
      "")                                                                    \
    X(PAYMENT_REFUSED, "carrierpay_payments_total", "event=\"refused\"", "") \
                                                                             \
    X(RECOVERED, "carrierpay_recovered_total", "",                           \
      "Payments that recovery brought to their end.")                        \
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
    X(LEDGER_REFUSED, "carrierpay_ledger_refused_total", "",                 \
      "Operations not taken since the ledger was full or away.")


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
    X(PIN_WRONG, "carrierpay_pins_total", "event=\"wrong\"", "")


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


enum {
    NGX_CARRIERPAY_STAT_CORE_FIRST = NGX_CARRIERPAY_STAT_IO_LAST - 1,

    NGX_CARRIERPAY_COUNTERS_PAYMENTS(ngx_carrierpay_counter)
    NGX_CARRIERPAY_COUNTERS_MESSAGES(ngx_carrierpay_counter)
    NGX_CARRIERPAY_COUNTERS_LIMITS(ngx_carrierpay_counter)
    NGX_CARRIERPAY_COUNTERS_SMS(ngx_carrierpay_counter)
    NGX_CARRIERPAY_COUNTERS_ELIGIBILITY(ngx_carrierpay_counter)
    NGX_CARRIERPAY_COUNTERS_FLOWS(ngx_carrierpay_counter)

    NGX_CARRIERPAY_STAT_CORE_LAST
};


#endif /* _NGX_CARRIERPAY_CORE_COUNTERS_H_INCLUDED_ */
