
/*
 * The dialect of the sandbox operator.
 *
 *   POST {pass}/charges              201 charged, 402 declined, 409 known
 *   GET  {pass}/charges/{reference}  200 charged or declined, 404 unknown
 *   POST {lookup_pass}/lookups       200 {"mccmnc"}, 404 no such line
 *
 * A line is a number's digits, or "acr:" and the operator's reference.
 * A reference that the operator does not know is a failure only when the
 * settle time has passed: a slow request may still land.
 */


#ifndef _NGX_CARRIERPAY_SANDBOX_H_INCLUDED_
#define _NGX_CARRIERPAY_SANDBOX_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_dialect.h"


extern const ngx_carrierpay_dialect_t  ngx_carrierpay_sandbox_dialect;


#endif /* _NGX_CARRIERPAY_SANDBOX_H_INCLUDED_ */
