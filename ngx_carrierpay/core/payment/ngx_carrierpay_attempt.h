
/*
 * Attempts to charge a payment with a page.  One that is declined leaves the
 * payment to wait for another line, or another operator; the ledger has a row
 * of it, which the API, the webhooks and the shopper's page show.
 */


#ifndef _NGX_CARRIERPAY_ATTEMPT_H_INCLUDED_
#define _NGX_CARRIERPAY_ATTEMPT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_id.h"


/* Of the reference by which an operator knows an attempt. */
#define NGX_CARRIERPAY_ATTEMPT_REFERENCE_LEN                                  \
    (NGX_CARRIERPAY_ID_LEN + sizeof("-32767") - 1)


/* One that was declined; the texts lie in that of its payment. */

typedef struct {
    ngx_str_t    operator;       /* its code */
    ngx_str_t    failure_code;
    int64_t      at;             /* Unix ms */
} ngx_carrierpay_attempt_t;


/*
 * Reads one attempt after another of a payment's column `declined`, of which
 * *text is what is left.  NGX_OK; NGX_DONE: there is no more.
 */
ngx_int_t ngx_carrierpay_attempt_next(ngx_str_t *text,
    ngx_carrierpay_attempt_t *attempt);

/* How many were declined. */
ngx_uint_t ngx_carrierpay_attempt_count(const ngx_str_t *declined);

/*
 * Writes the reference of a payment's attempt number `number`, from 1 on, in
 * NGX_CARRIERPAY_ATTEMPT_REFERENCE_LEN bytes: the payment's own id, with the
 * number from the second one on ("pay_...-2").  It is stable for ever, so that
 * whatever is asked later is asked about this charge.  Returns what is behind
 * it.
 */
u_char *ngx_carrierpay_attempt_reference(u_char *p, int64_t payment_id,
    ngx_uint_t number);

/*
 * The member "attempts", in as many bytes as _size() says.  Returns what is
 * behind it.
 */
size_t ngx_carrierpay_attempt_json_size(const ngx_str_t *declined);
u_char *ngx_carrierpay_attempt_json(u_char *p, const ngx_str_t *declined);


#endif /* _NGX_CARRIERPAY_ATTEMPT_H_INCLUDED_ */
