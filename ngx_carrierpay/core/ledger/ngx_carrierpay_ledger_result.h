
/*
 * What the functions of a payment answer, beside its state: the word in their
 * column "result".
 */


#ifndef _NGX_CARRIERPAY_LEDGER_RESULT_H_INCLUDED_
#define _NGX_CARRIERPAY_LEDGER_RESULT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_LEDGER_UNKNOWN = 0,   /* there was no answer */
    NGX_CARRIERPAY_LEDGER_PENDING,       /* created, waits for the shopper */
    NGX_CARRIERPAY_LEDGER_PROCESSING,    /* the intent is written: charge it */
    NGX_CARRIERPAY_LEDGER_BLOCKED,       /* so, and it fails: a block, a
                                            limit or the consent, as the word
                                            says */
    NGX_CARRIERPAY_LEDGER_HELD,          /* counted on the line: begin it */
    NGX_CARRIERPAY_LEDGER_REPLAY,        /* the key's first answer is there */
    NGX_CARRIERPAY_LEDGER_IN_FLIGHT,     /* it, or the key's, still runs */
    NGX_CARRIERPAY_LEDGER_MISMATCH,      /* the key had another request */
    NGX_CARRIERPAY_LEDGER_REFUSED,       /* the word says why */
    NGX_CARRIERPAY_LEDGER_APPLIED,       /* the outcome is written */
    NGX_CARRIERPAY_LEDGER_ALREADY,       /* another outcome was there before */
    NGX_CARRIERPAY_LEDGER_CONFLICT,      /* so, and both cannot be true: an
                                            incident */
    NGX_CARRIERPAY_LEDGER_CANCELED,      /* it is not wanted any more */
    NGX_CARRIERPAY_LEDGER_EXPIRED,       /* its time is over */
    NGX_CARRIERPAY_LEDGER_EARLY,         /* its time is not over */
    NGX_CARRIERPAY_LEDGER_NOT_FOUND
} ngx_carrierpay_ledger_result_e;


/*
 * For the row() of statements.  NGX_OK; NGX_BUSY: another session holds the
 * payment, so nothing was done; or NGX_ERROR after an [alert] line: the word
 * is not known.
 */
ngx_int_t ngx_carrierpay_ledger_result_parse(ngx_log_t *log,
    const ngx_str_t *word, ngx_carrierpay_ledger_result_e *result);


#endif /* _NGX_CARRIERPAY_LEDGER_RESULT_H_INCLUDED_ */
