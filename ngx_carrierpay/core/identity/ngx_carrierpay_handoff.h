
/*
 * The plain listener has recognised a shopper, and hands the identity over to
 * the page on HTTPS: under a token that works once, for two minutes.
 *
 *   identify   session
 *
 * The data of the flow is an ngx_carrierpay_session_t; its token is the one
 * to hand over.
 */


#ifndef _NGX_CARRIERPAY_HANDOFF_H_INCLUDED_
#define _NGX_CARRIERPAY_HANDOFF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_session.h"


/*
 * Of an identity in full, which is copied.  The result is OK or UNAVAILABLE.
 * NULL: memory, or too many flows.
 */
ngx_carrierpay_flow_t *ngx_carrierpay_handoff(ngx_carrierpay_core_t *core,
    ngx_carrierpay_identity_t *identity);


#endif /* _NGX_CARRIERPAY_HANDOFF_H_INCLUDED_ */
