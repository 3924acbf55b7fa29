
/*
 * The struct of counters hangs on the zone's slab pool (shpool->data), so
 * that a reload, which keeps the mapping, finds it again.  Anything else in
 * the zone may use the slab beside it.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_counters.h"


typedef struct {
    size_t           size;       /* of this struct, as its maker knew it */
    ngx_atomic_t     counters[NGX_CARRIERPAY_STAT_MAX];
} ngx_carrierpay_shm_t;


static ngx_int_t ngx_carrierpay_shm_init(ngx_shm_zone_t *zone, void *data);


#define ngx_carrierpay_stat(family, labels, help)                             \
    { ngx_string(family), ngx_string(labels), ngx_string(help) }
#define ngx_carrierpay_stat_more(family, labels)                              \
    { ngx_string(family), ngx_string(labels), ngx_null_string }


/* in the order of ngx_carrierpay_stat_e, the rows of a family together */

const ngx_carrierpay_stat_name_t  ngx_carrierpay_stat_names[] = {

    ngx_carrierpay_stat("carrierpay_payments_total", "event=\"created\"",
                        "What became of payments."),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"begun\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"succeeded\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"failed\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"unknown\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"approval\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"expired\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"replayed\""),
    ngx_carrierpay_stat_more("carrierpay_payments_total",
                             "event=\"refused\""),

    ngx_carrierpay_stat("carrierpay_recovered_total", "",
                        "Payments that recovery brought to their end."),

    ngx_carrierpay_stat("carrierpay_ledger_batches_total", "",
                        "Batches sent to the ledger."),
    ngx_carrierpay_stat("carrierpay_ledger_operations_total", "",
                        "Operations in the batches sent to the ledger."),
    ngx_carrierpay_stat("carrierpay_ledger_retries_total", "",
                        "Batches sent to the ledger once more."),
    ngx_carrierpay_stat("carrierpay_ledger_refused_total", "",
                        "Operations not taken since the ledger was full or"
                        " away."),

    ngx_carrierpay_stat("carrierpay_postgres_total", "event=\"connect\"",
                        "Events of the connections to PostgreSQL."),
    ngx_carrierpay_stat_more("carrierpay_postgres_total",
                             "event=\"failure\""),
    ngx_carrierpay_stat_more("carrierpay_postgres_total",
                             "event=\"timeout\""),
    ngx_carrierpay_stat_more("carrierpay_postgres_total",
                             "event=\"queue_full\""),

    ngx_carrierpay_stat("carrierpay_redis_total", "event=\"connect\"",
                        "Events of the connections to Redis."),
    ngx_carrierpay_stat_more("carrierpay_redis_total",
                             "event=\"failure\""),
    ngx_carrierpay_stat_more("carrierpay_redis_total",
                             "event=\"timeout\""),
    ngx_carrierpay_stat_more("carrierpay_redis_total",
                             "event=\"queue_full\""),

    ngx_carrierpay_stat("carrierpay_egress_calls_total", "",
                        "Outbound HTTP calls."),
    ngx_carrierpay_stat("carrierpay_egress_failures_total",
                        "reason=\"not_sent\"",
                        "Outbound HTTP calls without a usable answer."),
    ngx_carrierpay_stat_more("carrierpay_egress_failures_total",
                             "reason=\"unknown\""),
    ngx_carrierpay_stat_more("carrierpay_egress_failures_total",
                             "reason=\"refused\""),

    ngx_carrierpay_stat("carrierpay_lookups_total", "result=\"answered\"",
                        "Lookups of whose customer a line is."),
    ngx_carrierpay_stat_more("carrierpay_lookups_total",
                             "result=\"cached\""),
    ngx_carrierpay_stat_more("carrierpay_lookups_total",
                             "result=\"failed\""),
    ngx_carrierpay_stat_more("carrierpay_lookups_total",
                             "result=\"refused\""),
    ngx_carrierpay_stat("carrierpay_lookup_conflicts_total", "",
                        "Lookups that named another operator than the one"
                        " over whose network the line came."),

    ngx_carrierpay_stat("carrierpay_webhooks_total", "result=\"delivered\"",
                        "Attempts at delivering a webhook."),
    ngx_carrierpay_stat_more("carrierpay_webhooks_total",
                             "result=\"failed\""),
    ngx_carrierpay_stat_more("carrierpay_webhooks_total",
                             "result=\"refused\""),

    ngx_carrierpay_stat("carrierpay_messages_total", "result=\"accepted\"",
                        "Attempts at sending an SMS or a mail."),
    ngx_carrierpay_stat_more("carrierpay_messages_total",
                             "result=\"unknown\""),
    ngx_carrierpay_stat_more("carrierpay_messages_total",
                             "result=\"refused\""),
    ngx_carrierpay_stat_more("carrierpay_messages_total",
                             "result=\"failed\""),
    ngx_carrierpay_stat_more("carrierpay_messages_total",
                             "result=\"late\""),

    ngx_carrierpay_stat("carrierpay_pins_total", "event=\"sent\"",
                        "PINs asked for and entered."),
    ngx_carrierpay_stat_more("carrierpay_pins_total", "event=\"refused\""),
    ngx_carrierpay_stat_more("carrierpay_pins_total", "event=\"right\""),
    ngx_carrierpay_stat_more("carrierpay_pins_total", "event=\"wrong\""),

    ngx_carrierpay_stat("carrierpay_identity_total", "result=\"accepted\"",
                        "Requests by what header enrichment told."),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"absent\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"off_network\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"fixed\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"relay\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"vpn\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"proxy\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"untrusted\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"duplicate\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"conflict\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"malformed\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"forged\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"stale\""),
    ngx_carrierpay_stat_more("carrierpay_identity_total",
                             "result=\"no_agent\""),

    ngx_carrierpay_stat("carrierpay_stripped_total", "",
                        "Requests that enrichment headers were taken out"
                        " of."),

    ngx_carrierpay_stat("carrierpay_limit_total", "result=\"passed\"",
                        "Requests by what carrierpay_limit did; times that"
                        " Redis did not decide or a zone was too small."),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"delayed\""),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"rejected\""),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"delayed_dry_run\""),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"rejected_dry_run\""),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"local_fallback\""),
    ngx_carrierpay_stat_more("carrierpay_limit_total",
                             "result=\"evicted\""),

    ngx_carrierpay_stat("carrierpay_sms_limit_total", "result=\"passed\"",
                        "PINs to be sent, by what carrierpay_sms_limit"
                        " did."),
    ngx_carrierpay_stat_more("carrierpay_sms_limit_total",
                             "result=\"rejected\""),

    ngx_carrierpay_stat("carrierpay_sms_callbacks_total", "what=\"dlr\"",
                        "Calls of SMS gateways: reports, messages of phones,"
                        " and those of no use."),
    ngx_carrierpay_stat_more("carrierpay_sms_callbacks_total",
                             "what=\"mo\""),
    ngx_carrierpay_stat_more("carrierpay_sms_callbacks_total",
                             "what=\"refused\""),

    ngx_carrierpay_stat("carrierpay_eligibility_total", "result=\"eligible\"",
                        "Lines asked about, by the answer."),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"not_a_number\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"fixed_line\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"operator_not_connected\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"number_ported\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"mvno_barred\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"currency_not_supported\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"over_limit\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"service_not_allowed\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"amount_not_allowed\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"blocked_by_subscriber\""),
    ngx_carrierpay_stat_more("carrierpay_eligibility_total",
                             "result=\"other\""),

    ngx_carrierpay_stat("carrierpay_mails_total", "result=\"sent\"",
                        "Attempts at sending a mail."),
    ngx_carrierpay_stat_more("carrierpay_mails_total",
                             "result=\"failed\""),
    ngx_carrierpay_stat_more("carrierpay_mails_total",
                             "result=\"refused\""),
    ngx_carrierpay_stat_more("carrierpay_mails_total",
                             "result=\"unknown\""),
    ngx_carrierpay_stat_more("carrierpay_mails_total",
                             "result=\"busy\""),

    ngx_carrierpay_stat("carrierpay_flows_total", "event=\"started\"",
                        "Flows of steps, by what became of them."),
    ngx_carrierpay_stat_more("carrierpay_flows_total",
                             "event=\"ended\""),
    ngx_carrierpay_stat_more("carrierpay_flows_total",
                             "event=\"refused\""),
    ngx_carrierpay_stat_more("carrierpay_flows_total",
                             "event=\"timed_out\"")
};


/* a counter without a name does not compile */

typedef char  ngx_carrierpay_stat_names_complete[
    sizeof(ngx_carrierpay_stat_names) / sizeof(ngx_carrierpay_stat_name_t)
    == NGX_CARRIERPAY_STAT_MAX ? 1 : -1];


/*
 * Of the process, not of a cycle: a worker lives and dies with one cycle and
 * binds it once, in its start.
 */

ngx_atomic_t  *ngx_carrierpay_counters;


ngx_shm_zone_t *
ngx_carrierpay_shm_add(ngx_conf_t *cf, ngx_str_t *name, size_t size,
    void *tag)
{
    ngx_shm_zone_t  *zone;

    if (size < 8 * ngx_pagesize) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "zone \"%V\" is too small",
                           name);
        return NULL;
    }

    zone = ngx_shared_memory_add(cf, name, size, tag);

    if (zone == NULL) {
        return NULL;
    }

    if (zone->init) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "zone \"%V\" is declared twice", name);
        return NULL;
    }

    zone->init = ngx_carrierpay_shm_init;

    return zone;
}


void
ngx_carrierpay_shm_attach(ngx_shm_zone_t *zone)
{
    ngx_carrierpay_shm_t  *sh;

    sh = zone->data;

    ngx_carrierpay_counters = sh->counters;
}


ngx_atomic_uint_t
ngx_carrierpay_counted(ngx_carrierpay_stat_e stat)
{
    if (ngx_carrierpay_counters == NULL) {
        return 0;
    }

    return ngx_carrierpay_counters[stat];
}


static ngx_int_t
ngx_carrierpay_shm_init(ngx_shm_zone_t *zone, void *data)
{
    ngx_slab_pool_t       *shpool;
    ngx_carrierpay_shm_t  *sh;

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (data || zone->shm.exists) {

        sh = shpool->data;

        /* a module with other counters must not count into this one's */

        if (sh == NULL || sh->size != sizeof(ngx_carrierpay_shm_t)) {
            ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                          "zone \"%V\" holds the counters of another version",
                          &zone->shm.name);
            return NGX_ERROR;
        }

        zone->data = sh;

        return NGX_OK;
    }

    sh = ngx_slab_calloc(shpool, sizeof(ngx_carrierpay_shm_t));
    if (sh == NULL) {
        return NGX_ERROR;
    }

    sh->size = sizeof(ngx_carrierpay_shm_t);

    shpool->data = sh;
    zone->data = sh;

    return NGX_OK;
}
