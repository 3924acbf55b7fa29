
/*
 * Payments as shoppers' pages show them, looked up in batches.
 *
 * A page is looked at far more often than paid, and to start a query costs
 * the database several times what a row costs.  So a worker has one batch in
 * flight, and the looks that arrive meanwhile are the next one: with nothing
 * in flight a look leaves at the end of its loop turn, so nobody waits for
 * company.
 */


#ifndef _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_
#define _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_payment.h"


typedef struct ngx_carrierpay_look_s   ngx_carrierpay_look_t;
typedef struct ngx_carrierpay_looks_s  ngx_carrierpay_looks_t;

typedef void (*ngx_carrierpay_look_pt)(ngx_carrierpay_look_t *look);


/* An operation, part of a flow's data. */
struct ngx_carrierpay_look_s {
    ngx_queue_t                  queue;        /* the batcher's */
    ngx_carrierpay_flow_t       *flow;         /* its owner */
    ngx_carrierpay_look_pt       handler;

    int64_t                      payment_id;

    /*
     * NGX_OK: payment and brand are filled, in memory of the flow;
     * NGX_DECLINED: there is no such payment; NGX_ERROR: no answer.
     */
    ngx_int_t                    rc;
    ngx_carrierpay_payment_t    *payment;
    ngx_carrierpay_brand_t      *brand;
};


/* A worker's batcher; NULL when memory is short. */
ngx_carrierpay_looks_t *ngx_carrierpay_looks_create(
    ngx_carrierpay_core_t *core, ngx_cycle_t *cycle);
void ngx_carrierpay_looks_destroy(ngx_carrierpay_looks_t *looks);

/* The handler will be called, once, not before this returns. */
void ngx_carrierpay_look(ngx_carrierpay_look_t *look);


#endif /* _NGX_CARRIERPAY_PAYMENT_READ_H_INCLUDED_ */
