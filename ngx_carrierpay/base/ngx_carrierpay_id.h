
#ifndef _NGX_CARRIERPAY_ID_H_INCLUDED_
#define _NGX_CARRIERPAY_ID_H_INCLUDED_


/*
 * Identifiers: positive int64_t, ordered by time, made by the module.
 *
 *      41 bits  milliseconds since 2025-01-01T00:00:00Z (until 2094)
 *      10 bits  number of the worker, given by the database
 *       7 bits  sequence
 *       5 bits  number of the cell, the database where its row is
 *
 * The public form is a prefix ("pay_") and 13 characters of Crockford's base32
 * in small letters, the most significant one first, padded with zeros.  It
 * sorts as the numbers do.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_ID_EPOCH       1735689600000LL   /* Unix ms */
#define NGX_CARRIERPAY_ID_WORKERS     1024
#define NGX_CARRIERPAY_ID_CELLS       32
#define NGX_CARRIERPAY_ID_AHEAD       5000              /* ms */

#define NGX_CARRIERPAY_ID_DIGITS      13

/* All prefixes have the same length. */

#define NGX_CARRIERPAY_ID_PAYMENT     "pay_"
#define NGX_CARRIERPAY_ID_SUBSCRIBER  "sub_"
#define NGX_CARRIERPAY_ID_MERCHANT    "mer_"
#define NGX_CARRIERPAY_ID_MESSAGE     "msg_"
#define NGX_CARRIERPAY_ID_REFUND      "ref_"
#define NGX_CARRIERPAY_ID_PAYOUT      "out_"

#define NGX_CARRIERPAY_ID_PREFIX_LEN  (sizeof(NGX_CARRIERPAY_ID_PAYMENT) - 1)
#define NGX_CARRIERPAY_ID_LEN                                                 \
    (NGX_CARRIERPAY_ID_PREFIX_LEN + NGX_CARRIERPAY_ID_DIGITS)

/*
 * The id of an event: "evt_", the 13 characters of the payment or payout, "_",
 * and a sequence number of up to 5 digits.
 */

#define NGX_CARRIERPAY_EVENT_ID_LEN                                           \
    (sizeof("evt_") - 1 + NGX_CARRIERPAY_ID_DIGITS + sizeof("_32767") - 1)


/*
 * The state of a generator.  Each worker process has one for each cell, which
 * lives as long as its cycle.
 */

typedef struct {
    int64_t      last;          /* ms since the epoch, and sequence */
    ngx_uint_t   worker;
    ngx_uint_t   cell;
} ngx_carrierpay_id_gen_t;


/*
 * Initialises a generator for a worker, 0 to NGX_CARRIERPAY_ID_WORKERS - 1,
 * and a cell, 0 to NGX_CARRIERPAY_ID_CELLS - 1.
 */
void ngx_carrierpay_id_init(ngx_carrierpay_id_gen_t *gen, ngx_uint_t worker,
    ngx_uint_t cell);

/*
 * Returns the next id at now_ms, in Unix milliseconds.  Each id is greater
 * than the one before it: when the clock steps back, or a millisecond has used
 * up its 128 ids, the generator borrows ids from the milliseconds to come.
 */
int64_t ngx_carrierpay_id_next(ngx_carrierpay_id_gen_t *gen, int64_t now_ms);

/*
 * Has the generator borrowed more than NGX_CARRIERPAY_ID_AHEAD milliseconds
 * from the time to come?  Then the clock was set back, and the caller
 * initialises it anew with another worker's number: ids follow the clock
 * again, and none is made twice.
 */
ngx_uint_t ngx_carrierpay_id_ahead(const ngx_carrierpay_id_gen_t *gen,
    int64_t now_ms);

/* Returns the time at which an id was made, in Unix milliseconds. */

int64_t ngx_carrierpay_id_time(int64_t id);

/* Returns the number of the cell that an id was made for. */

ngx_uint_t ngx_carrierpay_id_cell(int64_t id);


/*
 * Write the public form of an id and return the position after it:
 * NGX_CARRIERPAY_ID_LEN bytes; at most NGX_CARRIERPAY_EVENT_ID_LEN bytes;
 * NGX_CARRIERPAY_ID_DIGITS bytes without a prefix.
 */
u_char *ngx_carrierpay_id_print(u_char *p, const char *prefix, int64_t id);
u_char *ngx_carrierpay_id_print_event(u_char *p, int64_t payment_id,
    ngx_uint_t seq);
u_char *ngx_carrierpay_id_print_digits(u_char *p, int64_t id);

/*
 * Parse exactly what the functions above write: this prefix, this length,
 * these characters, and no other spelling of the same number.  The second
 * function reads NGX_CARRIERPAY_ID_DIGITS bytes at p.  NGX_OK, or NGX_DECLINED
 * and *id is not touched.
 */
ngx_int_t ngx_carrierpay_id_parse(const ngx_str_t *text, const char *prefix,
    int64_t *id);
ngx_int_t ngx_carrierpay_id_parse_digits(const u_char *p, int64_t *id);


#endif /* _NGX_CARRIERPAY_ID_H_INCLUDED_ */
