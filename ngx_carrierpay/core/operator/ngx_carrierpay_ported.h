
/*
 * Ported numbers: a table of numbers whose prefix no longer tells whose
 * customers they are.
 *
 * The file of carrierpay_ported is CSV, a number a line:
 *
 *     33612345678,20810          number in E.164 digits, MCCMNC
 *     33612345679,orange_fr      or an operator's name
 *     33612345680,orange_fr/nrj_mobile
 *
 * Blank lines and lines that begin with # are passed over.  It is read by the
 * master with the configuration, sorted, and shared by all workers: 8 bytes
 * a number.  A reload reads it again.  An MCCMNC that nobody configured has
 * is kept: the number has left.
 */


#ifndef _NGX_CARRIERPAY_PORTED_H_INCLUDED_
#define _NGX_CARRIERPAY_PORTED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_prefix.h"


/* of an operator, or an MVNO */

#define NGX_CARRIERPAY_NAME_MAX           32


/* a row is a number of at most 15 digits (50 bits) and an owner's index */

#define NGX_CARRIERPAY_PORTED_CARRIER_BITS  14
#define NGX_CARRIERPAY_PORTED_CARRIERS                                        \
    (1 << NGX_CARRIERPAY_PORTED_CARRIER_BITS)


typedef struct {
    ngx_str_t                    name;       /* as in the file */
    ngx_uint_t                   line;       /* where it was first */
    ngx_carrierpay_operator_t   *operator;   /* by the registry; NULL: none */
    ngx_carrierpay_mvno_t       *mvno;       /* that is configured */
} ngx_carrierpay_ported_carrier_t;


typedef struct {
    ngx_str_t                    file;       /* empty: none */
    ngx_uint_t                   n;
    uint64_t                    *rows;       /* sorted */
    ngx_array_t                  carriers;   /* …_ported_carrier_t */
} ngx_carrierpay_ported_t;


/*
 * Reads the file; NGX_ERROR after an [emerg] line with file and line: a line
 * that is none of the above, a number twice, or too many owners.
 */
ngx_int_t ngx_carrierpay_ported_read(ngx_conf_t *cf,
    ngx_carrierpay_ported_t *ported);

/*
 * One line of the file, without its end: NGX_OK; NGX_DECLINED: nothing on it;
 * NGX_ERROR: malformed.  owner points into the line.
 */
ngx_int_t ngx_carrierpay_ported_line(ngx_str_t *line, uint64_t *number,
    ngx_str_t *carrier);

/* NULL: not ported. */
ngx_carrierpay_ported_carrier_t *ngx_carrierpay_ported_find(
    ngx_carrierpay_ported_t *ported, ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_PORTED_H_INCLUDED_ */
