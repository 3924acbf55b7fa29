
/*
 * The registry of operators and of the MVNOs on their networks, as the
 * carrierpay_operator blocks describe them.  It tells whose customer an end
 * user is.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_enriched_format.h"
#include "ngx_carrierpay_network.h"
#include "ngx_carrierpay_ported.h"
#include "ngx_carrierpay_prefix.h"
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_sms_dialect.h"


/*
 * The most bytes of a number as it is typed: full-width digits, with a
 * no-break space and a mark of direction between any two.
 */
#define NGX_CARRIERPAY_NUMBER_TYPED_MAX  128


typedef struct ngx_carrierpay_operators_s  ngx_carrierpay_operators_t;


/* A value of the configuration, and where it is written. */

typedef struct {
    ngx_str_t                        text;
    u_char                          *file;
    ngx_uint_t                       line;
} ngx_carrierpay_conf_value_t;


/* What a line may spend, in minor units of the currency; 0: no limit. */

typedef struct {
    int64_t                          payment;
    int64_t                          day;
    int64_t                          week;
    int64_t                          month;
} ngx_carrierpay_spend_limit_t;


/* One of them as it is written, "month=300.00", and of which limit it is. */

typedef struct {
    ngx_carrierpay_conf_value_t      value;
    size_t                           offset;     /* in the operator */
} ngx_carrierpay_spend_text_t;


/* Whether the operator's own customers, or an MVNO's, may be billed. */

typedef struct {
    ngx_flag_t                       on;
    ngx_str_t                        reason;     /* if off: mvno_barred, ... */
    u_char                          *file;       /* where it is written: */
    ngx_uint_t                       line;       /* the rule's name */
} ngx_carrierpay_billing_t;


/* The headers that may carry a number, in order, each with its own format. */

typedef struct {
    ngx_str_t                        name;       /* small letters, hyphens */
    ngx_carrierpay_enriched_format_t format;
    ngx_str_t                        key;        /* its name in the secrets */
    u_char                          *file;
    ngx_uint_t                       line;
} ngx_carrierpay_header_t;


struct ngx_carrierpay_operator_s {
    ngx_str_t                        name;       /* orange_fr */
    ngx_str_t                        title;      /* for shoppers */
    ngx_str_t                        country;    /* ISO 3166-1, two letters */
    ngx_str_t                        mccmnc;     /* the first; or empty */
    ngx_array_t                      mccmncs;    /* all: …_conf_value_t */
    const ngx_carrierpay_currency_t *currency;
    ngx_array_t                      headers;    /* ngx_carrierpay_header_t */
    ngx_str_t                        mccmnc_header;   /* small; or empty */

    /* the numbers that its gateway may name, those of ported ones included */

    ngx_carrierpay_numbering_t       numbering;
    u_char                          *numbering_file;
    ngx_uint_t                       numbering_line;
    ngx_array_t                      prefixes;   /* …_conf_value_t, E.164
                                                    digits; empty: those of
                                                    the numbering */
    ngx_uint_t                       nmobile;    /* networks */
    ngx_carrierpay_billing_t         billing;
    ngx_str_t                        time_zone;  /* of its days; or empty */
    ngx_array_t                      limits;     /* …_spend_text_t */
    ngx_carrierpay_spend_limit_t     line_limit; /* with all merchants */
    ngx_carrierpay_spend_limit_t     merchant_limit;   /* with each one */
    ngx_flag_t                       refund_restores_limit;
    ngx_carrierpay_spend_limit_t     total_limit;      /* all lines together */
    ngx_carrierpay_spend_limit_t     country_limit;    /* of its country */
    ngx_array_t                      mvnos;      /* ngx_carrierpay_mvno_t * */

    /*
     * The dialect is NULL and the location is empty only if no customer is
     * billed.  An operator that does not know a charge is believed only when
     * the settle time has passed since the intent was written.
     */

    const ngx_carrierpay_dialect_t  *dialect;
    ngx_str_t                        pass;       /* internal location */
    ngx_msec_t                       timeout;    /* of one operator call */
    ngx_msec_t                       settle;     /* ms */

    ngx_str_t                        lookup_pass;    /* or empty */
    ngx_msec_t                       lookup_timeout;
    time_t                           lookup_cache;   /* s that an answer is
                                                        kept in Redis */
    ngx_uint_t                       lookup_max;     /* at once, a worker */
    ngx_uint_t                       lookups;        /* in flight, core/lookup
                                                        counts them */

    ngx_array_t                      sms;        /* names: …_conf_value_t */
    ngx_carrierpay_sms_provider_t  **providers;  /* of these names, in the */
    ngx_uint_t                       nproviders; /* order of fallback */
    ngx_str_t                        sms_from;   /* short code, or name */
    ngx_str_t                        language;   /* of SMS: "fr"; or "" */

    ngx_carrierpay_counters_set_t   *counters;   /* set when a worker starts */

    ngx_carrierpay_operators_t      *registry;   /* that it belongs to */
    u_char                          *file;       /* where it was declared */
    ngx_uint_t                       line;
};


struct ngx_carrierpay_mvno_s {
    ngx_str_t                        name;       /* nrj_mobile */
    ngx_str_t                        title;      /* for shoppers */
    ngx_str_t                        mccmnc;     /* the first; or empty */
    ngx_array_t                      mccmncs;    /* all: …_conf_value_t */
    ngx_flag_t                       full;       /* has a core network */
    ngx_array_t                      prefixes; /* …_conf_value_t: E.164 digits,
                                                    country code included */
    ngx_carrierpay_billing_t         billing;
    ngx_carrierpay_operator_t       *host;

    u_char                          *file;
    ngx_uint_t                       line;
};


/*
 * What tells the carrier of an end user.  The first one that is known decides.
 */

typedef enum {
    NGX_CARRIERPAY_EVIDENCE_NONE = 0,
    NGX_CARRIERPAY_EVIDENCE_MCCMNC,      /* the gateway's header */
    NGX_CARRIERPAY_EVIDENCE_LOOKUP,      /* the operator's answer */
    NGX_CARRIERPAY_EVIDENCE_PORTED,      /* the ported file */
    NGX_CARRIERPAY_EVIDENCE_NETWORK,     /* the source address */
    NGX_CARRIERPAY_EVIDENCE_PREFIX       /* the numbering plan */
} ngx_carrierpay_evidence_e;


/*
 * The carrier of an end user. operator is NULL if the carrier is not
 * configured; mvno is NULL if the end user is the operator's own customer.
 */

typedef struct {
    ngx_carrierpay_operator_t       *operator;
    ngx_carrierpay_mvno_t           *mvno;
    ngx_carrierpay_evidence_e        evidence;
    unsigned                         fixed:1;    /* a number of the fixed
                                                    network, by its prefix */
} ngx_carrierpay_carrier_t;


struct ngx_carrierpay_operators_s {
    ngx_array_t                      list;       /* of pointers */
    ngx_carrierpay_networks_t        networks;
    ngx_carrierpay_ported_t          ported;
    ngx_carrierpay_prefixes_t        prefixes;
    ngx_array_t                      plans;      /* …_numbering_t: one for
                                                    each country code */
};


/*
 * Initialises an empty registry.  Returns NGX_OK, or NGX_ERROR if memory is
 * short.
 */
ngx_int_t ngx_carrierpay_operators_create(ngx_pool_t *pool,
    ngx_carrierpay_operators_t *ops);

/*
 * Return the operator, or the operator's MVNO, of this name, or NULL if there
 * is none.
 */
ngx_carrierpay_operator_t *ngx_carrierpay_operator_find(
    ngx_carrierpay_operators_t *ops, ngx_str_t *name);
ngx_carrierpay_mvno_t *ngx_carrierpay_mvno_find(
    ngx_carrierpay_operator_t *op, ngx_str_t *name);

/*
 * Returns 1 if the text has the form of an MCCMNC (ITU-T E.212), five or six
 * digits, and 0 otherwise.
 */
ngx_uint_t ngx_carrierpay_mccmnc_valid(ngx_str_t *text);

/*
 * Returns the name of an evidence ("mccmnc", "lookup", ...) for logs,
 * variables and JSON.
 */
ngx_str_t *ngx_carrierpay_evidence_name(ngx_carrierpay_evidence_e evidence);

/*
 * Parses a number as people and gateways write it, with all that base/typed
 * folds.
 *
 * A country ("FR") is the one that the number is of, unless the text begins
 * with a plus or 00: then it may be of any configured country.  If no country
 * is known (len 0), the text must have its country code, with or without the
 * plus; where only one country is configured, it is that one.
 *
 * NGX_OK: msisdn is set, and its operator may still be unknown.  NGX_DECLINED:
 * it is not a number of such a country.
 */
ngx_int_t ngx_carrierpay_number_parse(ngx_carrierpay_operators_t *ops,
    const ngx_str_t *country, const ngx_str_t *typed,
    ngx_carrierpay_msisdn_t *msisdn);

/*
 * Sets the carrier of a number from what the configuration knows: the file of
 * ported numbers, or else the longest prefix.  The operator is NULL if the
 * number is not of a configured operator, or is ported to one that is not
 * configured; the evidence is PORTED in the second case.
 */
void ngx_carrierpay_number_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier);

/*
 * Sets the carrier of an end user whose request came over the network of the
 * operator op. msisdn is NULL if the gateway has given a reference.
 *
 * The MCCMNC of the gateway, unless it is empty, says which MVNO it is, or
 * that it is the operator's own customer.  If it is neither the operator's nor
 * one of its MVNOs', the end user is roaming, or is a customer of an MVNO that
 * is not configured, and the operator is NULL.  Without an MCCMNC, the file of
 * ported numbers or the prefix decides if it names an MVNO of this operator;
 * otherwise the end user is the operator's own customer, by the evidence
 * NETWORK.
 */
void ngx_carrierpay_end_user_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mccmnc,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier);

/*
 * Sets the carrier by the MCCMNC of an operator or an MVNO, as a lookup
 * answers it; the evidence is LOOKUP.  Returns NGX_OK, or NGX_DECLINED if no
 * configured one has this MCCMNC.
 */
ngx_int_t ngx_carrierpay_mccmnc_carrier(ngx_carrierpay_operators_t *ops,
    ngx_str_t *mccmnc, ngx_carrierpay_carrier_t *carrier);


/*
 * Can an SMS be sent to this end user of the operator?  Not when it has no way
 * for that, nor to a reference in place of a number.
 */
ngx_uint_t ngx_carrierpay_operator_texts(
    const ngx_carrierpay_operator_t *operator, const ngx_str_t *end_user);


#endif /* _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_ */
