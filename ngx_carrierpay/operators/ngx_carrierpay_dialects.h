
/*
 * The list of the dialects of operators that this build speaks.
 */


#ifndef _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_
#define _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"


/* Returns the dialect of this name, or NULL if there is none. */
const ngx_carrierpay_dialect_t *ngx_carrierpay_dialects_find(
    const ngx_str_t *name);


#endif /* _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_ */
