
/*
 * Ported numbers: a table of numbers whose prefix no longer tells whose
 * customers they are.
 *
 * The file of carrierpay_ported is CSV with one number in a line:
 *
 *     33612345678,20810          number in E.164 digits, MCCMNC
 *     33612345679,orange_fr      or an operator's name
 *     33612345680,orange_fr/nrj_mobile
 *
 * Blank lines, and lines that begin with "#", are passed over.  The master
 * process reads the file with the configuration and sorts it, and all workers
 * share it; it takes 8 bytes a number.  A reload reads it again.  An MCCMNC
 * that no configured operator has is kept, since it says that the number has
 * left the configured operators.
 */


#ifndef _NGX_CARRIERPAY_PORTED_H_INCLUDED_
#define _NGX_CARRIERPAY_PORTED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_msisdn.h"
#include "ngx_carrierpay_ported_parse.h"
#include "ngx_carrierpay_prefix.h"


/*
 * A row is a number of at most 15 digits (50 bits) and the index of a carrier.
 */

#define NGX_CARRIERPAY_PORTED_CARRIER_BITS  14
#define NGX_CARRIERPAY_PORTED_CARRIERS                                        \
    (1 << NGX_CARRIERPAY_PORTED_CARRIER_BITS)


typedef struct {
    ngx_str_t                    name;       /* as in the file */
    ngx_uint_t                   line;       /* where it is first */
    ngx_carrierpay_operator_t   *operator;   /* NULL: not configured */
    ngx_carrierpay_mvno_t       *mvno;       /* NULL: none */
} ngx_carrierpay_ported_carrier_t;


typedef struct {
    ngx_str_t                    file;       /* empty: none */
    u_char                      *conf_file;  /* where it is configured */
    ngx_uint_t                   conf_line;
    ngx_uint_t                   n;
    uint64_t                    *rows;       /* sorted */
    ngx_array_t                  carriers;   /* …_ported_carrier_t */
} ngx_carrierpay_ported_t;


/*
 * Reads the file.  NGX_ERROR: memory is short, or an [emerg] line gives the
 * file and line of a malformed line, of a number that is given twice, or of a
 * carrier too many.
 */
ngx_int_t ngx_carrierpay_ported_read(ngx_conf_t *cf,
    ngx_carrierpay_ported_t *ported);

/* Returns the carrier to which a number is ported, or NULL if it is not. */
ngx_carrierpay_ported_carrier_t *ngx_carrierpay_ported_find(
    ngx_carrierpay_ported_t *ported, ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_PORTED_H_INCLUDED_ */
