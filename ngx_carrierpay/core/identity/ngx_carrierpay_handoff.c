
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_handoff.h"
#include "ngx_carrierpay_service.h"


static ngx_int_t ngx_carrierpay_handoff_session(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_handoff_stored(ngx_carrierpay_flow_t *flow);


static ngx_carrierpay_step_t  ngx_carrierpay_handoff_steps[] = {
    { "session",                                 /* the token to hand over */
      ngx_carrierpay_handoff_session, ngx_carrierpay_handoff_stored, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_handoff(ngx_carrierpay_core_t *core,
    ngx_carrierpay_identity_t *identity)
{
    ngx_carrierpay_flow_t     *flow;
    ngx_carrierpay_session_t  *s;

    flow = ngx_carrierpay_flow_create(&core->flows, "identify",
                                      ngx_carrierpay_handoff_steps,
                                      sizeof(ngx_carrierpay_session_t));
    if (flow == NULL) {
        return NULL;
    }

    s = flow->data;
    s->identity = *identity;

    if (ngx_carrierpay_flow_copy(flow, &s->identity.acr, &identity->acr)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_handoff_session(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_session_store(flow, flow->data,
                                        NGX_CARRIERPAY_SESSION_BOUNCE);
}


static ngx_int_t
ngx_carrierpay_handoff_stored(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_session_stored(flow, flow->data);
}
