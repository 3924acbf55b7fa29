
/*
 * The ledger: operations gathered into batches.
 *
 * A worker has one batch in flight; the operations that arrive meanwhile are
 * the next one: application-level group commit.  With nothing in flight an
 * operation leaves at the end of its loop turn, so an idle ledger adds no
 * wait.  A batch is one unit: a set-based function a kind, one commit.
 *
 * A batch whose commit is in doubt is sent again as it was; the functions are
 * idempotent by (payment, operation).  A deadlock or a serialization failure
 * is sent again at once, a few times; what then still fails, and what the
 * server refuses for other reasons, is sent operation by operation, so that a
 * bad one harms only itself.  While the condition can pass (disk full, locks)
 * an operation is tried until its own timeout.
 *
 * An operation is owned by the caller, with all that it points to, until its
 * handler has run; it cannot be withdrawn.
 */


#ifndef _NGX_CARRIERPAY_LEDGER_H_INCLUDED_
#define _NGX_CARRIERPAY_LEDGER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_consent.h"
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_payment.h"


typedef struct ngx_carrierpay_ledger_s     ngx_carrierpay_ledger_t;
typedef struct ngx_carrierpay_ledger_op_s  ngx_carrierpay_ledger_op_t;

typedef void (*ngx_carrierpay_ledger_pt)(ngx_carrierpay_ledger_op_t *op);


typedef enum {
    NGX_CARRIERPAY_LEDGER_CREATE = 0,
    NGX_CARRIERPAY_LEDGER_BEGIN,
    NGX_CARRIERPAY_LEDGER_FINISH,
    NGX_CARRIERPAY_LEDGER_EXPIRE,
    NGX_CARRIERPAY_LEDGER_DELIVERED,
    NGX_CARRIERPAY_LEDGER_SENT,
    NGX_CARRIERPAY_LEDGER_MAX
} ngx_carrierpay_ledger_e;


typedef struct {
    int64_t          payment_id;
    int32_t          seq;
    int32_t          endpoint_id;
    int64_t          token;
    ngx_uint_t       delivered;
    int32_t          retry_after;      /* s; 0: by schedule */
} ngx_carrierpay_delivered_t;


/* what became of a message; the function is message_done */

typedef struct {
    int64_t          id;
    int64_t          token;            /* of the lease */
    ngx_str_t        outcome;          /* accepted, … */
    ngx_str_t        provider;
    ngx_str_t        reference;
    int32_t          parts;
    int64_t          price;            /* millionths; 0: not known */
    ngx_str_t        currency;
} ngx_carrierpay_sent_t;


struct ngx_carrierpay_ledger_op_s {
    ngx_queue_t                  queue;       /* the ledger's */
    ngx_msec_t                   expire;      /* the ledger's */
    unsigned                     alone:1;     /* the ledger's */

    ngx_carrierpay_ledger_e      kind;
    ngx_msec_t                   timeout;     /* then rc is NGX_AGAIN */
    ngx_pool_t                  *pool;        /* results are copied to it */
    ngx_carrierpay_ledger_pt     handler;
    void                        *data;

    /* what is asked, by kind */

    ngx_carrierpay_payment_t    *payment;     /* those of payments */
    u_char                      *idempotency;      /* CREATE: 16 bytes */
    u_char                      *request;          /* CREATE: 16 bytes */
    ngx_str_t                    body;        /* CREATE, FINISH, EXPIRE */
    int64_t                      attempt;     /* BEGIN, as the next eight */
    ngx_str_t                    operator;
    ngx_str_t                    msisdn;           /* sealed */
    u_char                      *msisdn_index;     /* 32 bytes */
    int64_t                      subscriber_id;    /* fresh ids */
    int64_t                      pseudonym_id;
    ngx_str_t                    method;           /* header_enrichment */
    ngx_carrierpay_consent_t    *consent;
    int64_t                      try_id;           /* of a right PIN, or 0 */
    ngx_str_t                    mvno;        /* BEGIN: the network's word;
                                                 what CREATE knows of it */
    ngx_str_t                    outcome;     /* FINISH: succeeded, … */
    ngx_str_t                    code;        /* FINISH: of a decline */
    ngx_str_t                    operator_reference;
    int64_t                      sms_id;      /* FINISH: receipts; 0: none */
    int64_t                      mail_id;
    ngx_carrierpay_delivered_t  *delivered;
    ngx_carrierpay_sent_t       *sent;

    /* what came */

    /*
     * NGX_OK: committed, result says what.  NGX_DECLINED: not done.
     * NGX_AGAIN: timed out, perhaps done.  NGX_ERROR: refused by the server.
     */
    ngx_int_t                    rc;
    ngx_str_t                    result;      /* the function's word */
    int64_t                      payment_id;  /* CREATE */
    ngx_str_t                    answer;      /* CREATE, FINISH: body */
    /*
     * CREATE fills payment->operator and ->msisdn, BEGIN the whole payment,
     * FINISH its state, outcome_unknown, approval and failure_code: before
     * the commit is known, so nothing of it may be a parameter that is sent
     * again.
     */
};


/* A worker's ledger, on core->pq; NULL when memory is short. */
ngx_carrierpay_ledger_t *ngx_carrierpay_ledger_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle);
void ngx_carrierpay_ledger_destroy(ngx_carrierpay_ledger_t *ledger);

/* May identifiers be made, and is the writer connected? */
ngx_uint_t ngx_carrierpay_ledger_ready(ngx_carrierpay_ledger_t *ledger);

/* A fresh identifier; only when the ledger is ready. */
int64_t ngx_carrierpay_ledger_id(ngx_carrierpay_ledger_t *ledger);

/*
 * NGX_OK: the handler will be called, not before this returns.  NGX_BUSY: the
 * queue is full; NGX_DECLINED: not ready.  In both it will not be called.
 * All but CREATE and BEGIN are taken in any case: they write what has happened
 * already, and there are no more of them than flows.
 */
ngx_int_t ngx_carrierpay_ledger_submit(ngx_carrierpay_ledger_t *ledger,
    ngx_carrierpay_ledger_op_t *op);


#endif /* _NGX_CARRIERPAY_LEDGER_H_INCLUDED_ */
