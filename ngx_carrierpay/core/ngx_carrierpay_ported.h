
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
 * master with the configuration, sorted, and shared by all workers: 10 bytes
 * a number.  A reload reads it again.  An MCCMNC that nobody configured has
 * is kept: the number has left.
 */


#ifndef _NGX_CARRIERPAY_PORTED_H_INCLUDED_
#define _NGX_CARRIERPAY_PORTED_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_msisdn.h"


typedef struct {
    ngx_str_t        file;       /* empty: none */
    ngx_uint_t       n;
    uint64_t        *numbers;    /* sorted */
    uint16_t        *owners;     /* by number: index into names */
    ngx_array_t      names;      /* ngx_str_t, as written in the file */
} ngx_carrierpay_ported_t;


/*
 * Reads the file; NGX_ERROR after an [emerg] line with file and line: a line
 * that is none of the above, a number twice, or more than 65,535 owners.
 */
ngx_int_t ngx_carrierpay_ported_read(ngx_conf_t *cf,
    ngx_carrierpay_ported_t *ported);

/*
 * One line of the file, without its end: NGX_OK; NGX_DECLINED: nothing on it;
 * NGX_ERROR: malformed.  owner points into the line.
 */
ngx_int_t ngx_carrierpay_ported_line(ngx_str_t *line, uint64_t *number,
    ngx_str_t *owner);

/* The index of the owner's name, or -1: not ported. */
ngx_int_t ngx_carrierpay_ported_find(ngx_carrierpay_ported_t *ported,
    ngx_carrierpay_msisdn_t *msisdn);


#endif /* _NGX_CARRIERPAY_PORTED_H_INCLUDED_ */
