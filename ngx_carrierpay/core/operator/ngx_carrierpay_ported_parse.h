
/*
 * One line of the file of ported numbers.  It has a file of its own since it
 * is pure and can be fuzzed.
 */


#ifndef _NGX_CARRIERPAY_PORTED_PARSE_H_INCLUDED_
#define _NGX_CARRIERPAY_PORTED_PARSE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_msisdn.h"


/* The longest name of an operator or an MVNO. */

#define NGX_CARRIERPAY_NAME_MAX  32


/*
 * Parses one line of the file, without its end.  NGX_OK: number and carrier
 * are set, and carrier points into the line.  NGX_DECLINED: the line is blank
 * or a comment.  NGX_ERROR: the line is malformed.  The function is pure.
 */
ngx_int_t ngx_carrierpay_ported_parse(ngx_str_t *line, uint64_t *number,
    ngx_str_t *carrier);


#endif /* _NGX_CARRIERPAY_PORTED_PARSE_H_INCLUDED_ */
