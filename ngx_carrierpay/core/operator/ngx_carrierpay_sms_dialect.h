
/*
 * What core knows of SMS gateways: the providers that carrierpay_sms blocks
 * describe, and the calls of their dialects.
 *
 * A dialect turns a message into a call through io/egress and the answer into
 * an outcome.  It reports exactly once, through send->done, and never
 * before send() has returned.  It may allocate from send->pool, which lives
 * until the handler has returned.
 *
 * FAILED is said only when it is certain that nothing was sent.  If a dialect
 * cannot read an answer, the outcome is UNKNOWN: the message may have been
 * delivered.
 *
 * The dialect also reads what a gateway calls us with, delivery reports (DLR)
 * and mobile-originated messages (MO), from the parts of the request.
 */


#ifndef _NGX_CARRIERPAY_SMS_DIALECT_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_DIALECT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_counters.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_gsm.h"


/*
 * The most, in ms, that the timeouts of an operator's providers may be
 * together.  A message is tried with one after the other, and all of that must
 * be over when its lease ends, since another worker may send it then.
 */
#define NGX_CARRIERPAY_SMS_TIMEOUT_MAX  60000


typedef struct ngx_carrierpay_sms_provider_s  ngx_carrierpay_sms_provider_t;
typedef struct ngx_carrierpay_sms_send_s      ngx_carrierpay_sms_send_t;
typedef struct ngx_carrierpay_sms_call_s      ngx_carrierpay_sms_call_t;


typedef enum {
    NGX_CARRIERPAY_SMS_UNKNOWN = 0,    /* may have been sent */
    NGX_CARRIERPAY_SMS_ACCEPTED,       /* the gateway has it */
    NGX_CARRIERPAY_SMS_FAILED,         /* not sent: perhaps later */
    NGX_CARRIERPAY_SMS_REFUSED         /* this provider never will send it */
} ngx_carrierpay_sms_e;


/* A message to be sent. */

struct ngx_carrierpay_sms_send_s {
    ngx_carrierpay_core_t           *core;
    ngx_carrierpay_sms_provider_t   *provider;
    ngx_pool_t                      *pool;
    ngx_log_t                       *log;
    ngx_carrierpay_trace_t          *trace;

    ngx_str_t                        id;        /* ours: msg_… and a MAC */
    ngx_str_t                        to;        /* E.164 digits */
    ngx_str_t                        from;      /* short code or name; or "" */
    ngx_str_t                        text;      /* UTF-8 */
    ngx_carrierpay_gsm_t             measure;   /* of the text */
    ngx_str_t                        report;    /* URL for the DLR; or "" */
    ngx_uint_t                       validity;  /* in s; 0: no limit */

    ngx_carrierpay_sms_e             outcome;
    ngx_str_t                        reference; /* the gateway's; or "" */

    ngx_carrierpay_done_pt           done;
    void                            *data;
};


/* What became of a message, by a delivery report. */

typedef enum {
    NGX_CARRIERPAY_SMS_BUFFERED = 0,   /* the SMSC has it and tries */
    NGX_CARRIERPAY_SMS_DELIVERED,
    NGX_CARRIERPAY_SMS_UNDELIVERED,    /* rejected, or not delivered */
    NGX_CARRIERPAY_SMS_EXPIRED         /* its validity is over */
} ngx_carrierpay_sms_state_e;

typedef struct {
    ngx_str_t                        id;        /* ours, with its MAC */
    ngx_carrierpay_sms_state_e       state;
    ngx_str_t                        code;      /* for people; or "" */
} ngx_carrierpay_sms_report_t;

typedef struct {
    ngx_str_t                        id;        /* the gateway's; or "" */
    ngx_str_t                        from;      /* as the gateway writes it */
    ngx_str_t                        to;        /* the short code */
    ngx_str_t                        text;      /* UTF-8, unless it is */
    ngx_uint_t                       unreadable;    /* bytes of no charset */
} ngx_carrierpay_sms_mo_t;


/* A request of a gateway, in parts that live as long as the pool. */

struct ngx_carrierpay_sms_call_s {
    ngx_carrierpay_sms_provider_t   *provider;
    ngx_pool_t                      *pool;
    ngx_str_t                        args;      /* not decoded; or "" */
    ngx_str_t                        type;      /* Content-Type; or "" */
    ngx_str_t                        body;      /* or "" */

    /* Finds a header by its name in small letters: NGX_OK or NGX_DECLINED. */
    ngx_int_t                      (*header)(ngx_carrierpay_sms_call_t *call,
                                       const char *name, ngx_str_t *value);
    void                            *data;      /* for the function */
};


typedef struct {
    ngx_str_t                        name;

    /* Returns NULL, or what a block lacks, as words for an error message. */
    const char                    *(*check)(
                                       ngx_carrierpay_sms_provider_t *p);

    /* NGX_AGAIN: done will be called.  NGX_ERROR: nothing was sent. */
    ngx_int_t                      (*send)(ngx_carrierpay_sms_send_t *send);

    /*
     * Read the events of a call, each into a new element of the list, which
     * stays empty if the call has nothing new.  NGX_OK; NGX_DECLINED: the call
     * cannot be read, or an event in it cannot; NGX_ERROR: memory is short.
     */
    ngx_int_t                      (*report)(ngx_carrierpay_sms_call_t *call,
                                       ngx_array_t *reports);
    ngx_int_t                      (*mo)(ngx_carrierpay_sms_call_t *call,
                                       ngx_array_t *mos);
} ngx_carrierpay_sms_dialect_t;


struct ngx_carrierpay_sms_provider_s {
    ngx_str_t                           name;
    const ngx_carrierpay_sms_dialect_t *dialect;
    ngx_str_t                           pass;      /* internal location */
    ngx_msec_t                          timeout;   /* of a call */
    ngx_str_t                           username;
    ngx_str_t                           password;  /* from a file */
    ngx_str_t                           smsc;      /* Kannel's; or "" */
    ngx_str_t                           account;   /* Kannel's; or "" */
    ngx_uint_t                          parts_max; /* longer is refused */
    int64_t                             price;     /* millionths, a part */
    ngx_str_t                           currency;  /* of the price; or "" */
    ngx_flag_t                          trusted;   /* its MOs' senders */
    ngx_flag_t                          free;      /* for their receivers */
    ngx_str_t                           answer;    /* to its calls; or "" */
    ngx_str_t                           answer_type;
    void                               *dialect_conf;
    ngx_carrierpay_counters_set_t      *counters;  /* set when a worker
                                                      starts */

    u_char                             *file;
    ngx_uint_t                          line;
};


/*
 * Returns the provider of this name in a list of ngx_carrierpay_sms_provider_t
 * *, or NULL if there is none.
 */
ngx_carrierpay_sms_provider_t *ngx_carrierpay_sms_find(ngx_array_t *list,
    ngx_str_t *name);

/* Is an SMS free for its receiver, whichever of the list sends it? */
ngx_uint_t ngx_carrierpay_sms_free(ngx_array_t *list);


#endif /* _NGX_CARRIERPAY_SMS_DIALECT_H_INCLUDED_ */
