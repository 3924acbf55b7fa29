
/*
 * The dialects that this build speaks.
 */


#ifndef _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_
#define _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"


/* NULL when there is none of this name. */
const ngx_carrierpay_dialect_t *ngx_carrierpay_dialect_find(ngx_str_t *name);


#endif /* _NGX_CARRIERPAY_DIALECTS_H_INCLUDED_ */
