
/*
 * The registry of operators and of the MVNOs on their networks, as the
 * carrierpay_operator blocks describe them; and whose customer a number is.
 */


#ifndef _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_
#define _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_enriched.h"
#include "ngx_carrierpay_network.h"
#include "ngx_carrierpay_ported.h"
#include "ngx_carrierpay_prefix.h"
#include "ngx_carrierpay_dialect.h"
#include "ngx_carrierpay_sms_dialect.h"


typedef struct ngx_carrierpay_operators_s  ngx_carrierpay_operators_t;


/* A word of the configuration, and where it stands. */

typedef struct {
    ngx_str_t                        text;
    u_char                          *file;
    ngx_uint_t                       line;
} ngx_carrierpay_conf_value_t;


/* May the line be billed?  Of an operator's own customers, or an MVNO's. */

typedef struct {
    ngx_flag_t                       on;
    ngx_str_t                        reason;     /* off: mvno_barred, … */
    u_char                          *file;       /* where it says so: */
    ngx_uint_t                       line;       /* the rule's name */
} ngx_carrierpay_billing_t;


/* header NAME … format=… key=… window=… frame=…; of each name, in order */

typedef struct {
    ngx_str_t                        name;       /* small letters, hyphens */
    ngx_carrierpay_enriched_format_t format;
    ngx_str_t                        key;        /* name in the secrets */
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
    ngx_carrierpay_numbering_t       numbering;  /* what its gateway may
                                                    say: the country's, if
                                                    numbers can be ported */
    u_char                          *numbering_file;
    ngx_uint_t                       numbering_line;
    ngx_array_t                      prefixes;   /* …_conf_value_t, E.164
                                                    digits; empty: those of
                                                    the numbering */
    ngx_uint_t                       nmobile;    /* networks */
    ngx_carrierpay_billing_t         billing;
    ngx_carrierpay_conf_value_t      limit_text; /* transaction=50.00 */
    int64_t                          limit;      /* of one payment, minor
                                                    units; 0: none */
    ngx_array_t                      mvnos;      /* ngx_carrierpay_mvno_t * */

    /* NULL and empty only where nobody is billed */

    const ngx_carrierpay_dialect_t  *dialect;
    ngx_str_t                        pass;       /* internal location */
    ngx_msec_t                       timeout;    /* of one operator call */
    ngx_msec_t                       settle;     /* then "not found" counts */

    ngx_str_t                        lookup_pass;    /* or empty */
    ngx_msec_t                       lookup_timeout;
    time_t                           lookup_cache;   /* s that an answer is
                                                        kept in Redis */
    ngx_uint_t                       lookup_max;     /* at once, of a worker */
    ngx_uint_t                       lookups;        /* in flight, core/lookup
                                                        counts them */

    ngx_array_t                      sms;        /* names: …_conf_value_t */
    ngx_carrierpay_sms_provider_t  **providers;  /* of these names, in the */
    ngx_uint_t                       nproviders; /* order of fallback */
    ngx_str_t                        sms_from;   /* short code, or name */
    ngx_str_t                        language;   /* of SMS: "fr"; or "" */

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


/* What says whose customer a line is; the first that knows decides. */

typedef enum {
    NGX_CARRIERPAY_EVIDENCE_NONE = 0,
    NGX_CARRIERPAY_EVIDENCE_MCCMNC,      /* the gateway's header */
    NGX_CARRIERPAY_EVIDENCE_LOOKUP,      /* the operator's answer */
    NGX_CARRIERPAY_EVIDENCE_PORTED,      /* the ported file */
    NGX_CARRIERPAY_EVIDENCE_NETWORK,     /* the source address */
    NGX_CARRIERPAY_EVIDENCE_PREFIX       /* the numbering plan */
} ngx_carrierpay_evidence_e;


/* operator NULL: none that is configured; mvno NULL: the operator's own. */

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


/* An empty registry. */
ngx_int_t ngx_carrierpay_operators_create(ngx_pool_t *pool,
    ngx_carrierpay_operators_t *ops);

/* NULL when there is none. */
ngx_carrierpay_operator_t *ngx_carrierpay_operator_find(
    ngx_carrierpay_operators_t *ops, ngx_str_t *name);
ngx_carrierpay_mvno_t *ngx_carrierpay_mvno_find(
    ngx_carrierpay_operator_t *op, ngx_str_t *name);

/* Five or six digits? */
ngx_uint_t ngx_carrierpay_mccmnc_valid(ngx_str_t *text);

/* "mccmnc", "lookup", …; for logs, variables and JSON */
ngx_str_t *ngx_carrierpay_evidence_name(ngx_carrierpay_evidence_e evidence);

/*
 * A typed number, in any form that a configured country's plan allows, in
 * E.164.  NGX_OK: msisdn is set (its operator may still be unknown);
 * NGX_DECLINED: no number of a configured country.
 */
ngx_int_t ngx_carrierpay_number_parse(ngx_carrierpay_operators_t *ops,
    ngx_str_t *text, ngx_carrierpay_msisdn_t *msisdn);

/*
 * Whose customer a number is, from what the configuration knows: the ported
 * file, then the longest prefix.  The operator is NULL when it is no number
 * of a configured operator, or ported to one that is not configured (then
 * the evidence is PORTED).
 */
void ngx_carrierpay_number_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier);

/*
 * The same for a line that came over the operator's own network; msisdn is
 * NULL when the gateway gave a reference.  Which of its MVNOs it is, if any,
 * says the MCCMNC of the gateway (or ""), else the ported file or the prefix
 * when they name an MVNO of this operator; else it is the operator's own, by
 * its NETWORK.  An MCCMNC that is neither the operator's nor of one of its
 * MVNOs is a roamer's, or of an MVNO that is not configured: the operator is
 * NULL then.
 */
void ngx_carrierpay_end_user_carrier(ngx_carrierpay_operators_t *ops,
    ngx_carrierpay_operator_t *op, ngx_str_t *mccmnc,
    ngx_carrierpay_msisdn_t *msisdn, ngx_carrierpay_carrier_t *carrier);

/*
 * By an MCCMNC, of an operator or of an MVNO (a lookup's answer): NGX_OK, or
 * NGX_DECLINED when nobody configured has it.  The evidence is LOOKUP.
 */
ngx_int_t ngx_carrierpay_mccmnc_carrier(ngx_carrierpay_operators_t *ops,
    ngx_str_t *mccmnc, ngx_carrierpay_carrier_t *carrier);


#endif /* _NGX_CARRIERPAY_OPERATOR_H_INCLUDED_ */
