
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_sql.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_visit.h"


static ngx_int_t ngx_carrierpay_visit_load(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_visit_load_result(ngx_carrierpay_pq_unit_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_visit_load_done(ngx_carrierpay_pq_unit_t *u);
static ngx_int_t ngx_carrierpay_visit_render(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_visit_take(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_visit_take_handler(ngx_carrierpay_session_t *s);
static ngx_int_t ngx_carrierpay_visit_lookup(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_visit_lookup_handler(
    ngx_carrierpay_lookup_t *lookup);
static ngx_int_t ngx_carrierpay_visit_number_owner(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_visit_judge(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_visit_judge_handler(
    ngx_carrierpay_eligibility_t *el);
static ngx_int_t ngx_carrierpay_visit_put(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_visit_put_handler(ngx_carrierpay_session_t *s);


static ngx_carrierpay_step_t  ngx_carrierpay_visit_get_steps[] = {
    { "load",    ngx_carrierpay_visit_load },
    { "render",  ngx_carrierpay_visit_render },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_visit_identify_steps[] = {
    { "put",     ngx_carrierpay_visit_put },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_visit_page_steps[] = {
    { "load",    ngx_carrierpay_visit_load },
    { "take",    ngx_carrierpay_visit_take },    /* the bounce's, once */
    { "lookup",  ngx_carrierpay_visit_lookup },  /* whose customer he is */
    { "judge",   ngx_carrierpay_visit_judge },   /* may he pay? */
    { "put",     ngx_carrierpay_visit_put },     /* what confirms */
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_visit_number_steps[] = {
    { "load",    ngx_carrierpay_visit_load },
    { "number",  ngx_carrierpay_visit_number_owner },
    { "lookup",  ngx_carrierpay_visit_lookup },
    { "judge",   ngx_carrierpay_visit_judge },
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_visit_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = ngx_carrierpay_flow_create(core, "get",
                                      ngx_carrierpay_visit_get_steps,
                                      sizeof(ngx_carrierpay_visit_t));
    if (flow == NULL) {
        return NULL;
    }

    visit = flow->data;

    if (ngx_carrierpay_pq_param_int4(&visit->query.params[0], flow->pool,
                                     merchant->id)
        != NGX_OK
        || ngx_carrierpay_pq_param_bool(&visit->query.params[1], flow->pool,
                                        merchant->live)
           != NGX_OK
        || ngx_carrierpay_pq_param_int8(&visit->query.params[2], flow->pool,
                                        id)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    visit->query.statement = NGX_CARRIERPAY_SQL_PAYMENT_GET;

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_visit_identify(ngx_carrierpay_core_t *core,
    ngx_carrierpay_identity_t *identity)
{
    ngx_str_t               *acr;
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = ngx_carrierpay_flow_create(core, "identify",
                                      ngx_carrierpay_visit_identify_steps,
                                      sizeof(ngx_carrierpay_visit_t));
    if (flow == NULL) {
        return NULL;
    }

    visit = flow->data;
    visit->session.identity = *identity;
    visit->session.kind = NGX_CARRIERPAY_SESSION_BOUNCE;

    if (identity->acr.len) {
        acr = &visit->session.identity.acr;
        acr->data = ngx_pstrdup(flow->pool, &identity->acr);

        if (acr->data == NULL) {
            ngx_carrierpay_flow_discard(flow);
            return NULL;
        }
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_visit_page(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = ngx_carrierpay_flow_create(core, "page",
                                      ngx_carrierpay_visit_page_steps,
                                      sizeof(ngx_carrierpay_visit_t));
    if (flow == NULL) {
        return NULL;
    }

    visit = flow->data;
    visit->visitor = *visitor;
    visit->query.statement = NGX_CARRIERPAY_SQL_PAYMENT_PAGE;

    visit->token.len = bounce->len;
    visit->token.data = ngx_pstrdup(flow->pool, bounce);

    if (visit->token.data == NULL
        || ngx_carrierpay_pq_param_int8(&visit->query.params[0], flow->pool,
                                        id)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_visit_number(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = ngx_carrierpay_flow_create(core, "number",
                                      ngx_carrierpay_visit_number_steps,
                                      sizeof(ngx_carrierpay_visit_t));
    if (flow == NULL) {
        return NULL;
    }

    visit = flow->data;
    visit->typed = 1;
    visit->session.identity.msisdn = *msisdn;
    visit->query.statement = NGX_CARRIERPAY_SQL_PAYMENT_PAGE;

    if (ngx_carrierpay_pq_param_int8(&visit->query.params[0], flow->pool, id)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


static ngx_int_t
ngx_carrierpay_visit_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t    *visit;
    ngx_carrierpay_pq_unit_t  *u;

    visit = flow->data;
    u = &visit->unit;

    u->queries = &visit->query;
    u->nqueries = 1;
    u->result = ngx_carrierpay_visit_load_result;
    u->done = ngx_carrierpay_visit_load_done;
    u->data = flow;

    if (ngx_carrierpay_pq_read(flow->core->pq, u) != NGX_OK) {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_visit_load_result(ngx_carrierpay_pq_unit_t *u,
    ngx_uint_t query, ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = u->data;
    visit = flow->data;

    if (ngx_carrierpay_pq_rows(res) == 0) {
        visit->result = NGX_CARRIERPAY_CHARGE_NOT_FOUND;

    } else if (ngx_carrierpay_payment_read(&visit->payment, res, 0, 0,
                                           flow->pool)
               == NGX_OK)
    {
        visit->result = NGX_CARRIERPAY_CHARGE_FOUND;
    }
}


static void
ngx_carrierpay_visit_load_done(ngx_carrierpay_pq_unit_t *u)
{
    ngx_carrierpay_flow_t   *flow;
    ngx_carrierpay_visit_t  *visit;

    flow = u->data;
    visit = flow->data;

    if (u->outcome != NGX_CARRIERPAY_PQ_DONE) {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(flow,
                               visit->result == NGX_CARRIERPAY_CHARGE_FOUND
                               ? NGX_OK : NGX_DONE);
}


static ngx_int_t
ngx_carrierpay_visit_render(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                url;
    ngx_carrierpay_visit_t  *visit;

    visit = flow->data;

    ngx_str_null(&url);

    if (ngx_carrierpay_payment_is(&visit->payment, "pending")
        && ngx_carrierpay_charge_checkout_url(flow, visit->payment.id, &url)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_payment_render(&visit->payment, &url, flow->pool,
                                         &visit->body);
}


static ngx_int_t
ngx_carrierpay_visit_take(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t  *visit;

    visit = flow->data;

    if (!ngx_carrierpay_token_valid(&visit->token)
        || !ngx_carrierpay_payment_is(&visit->payment, "pending"))
    {
        return NGX_DONE;
    }

    visit->session.flow = flow;
    visit->session.kind = NGX_CARRIERPAY_SESSION_BOUNCE;
    visit->session.handler = ngx_carrierpay_visit_take_handler;

    if (ngx_carrierpay_session_take(&visit->session, &visit->token)
        != NGX_AGAIN)
    {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_visit_take_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_visit_t  *visit;

    visit = s->flow->data;

    if (s->rc == NGX_OK
        && s->identity.payment_id == visit->payment.id
        && ngx_carrierpay_session_same_visitor(&s->identity, &visit->visitor))
    {
        s->kind = NGX_CARRIERPAY_SESSION_CONFIRM;
        ngx_carrierpay_flow_resume(s->flow, NGX_OK);
        return;
    }

    if (s->rc == NGX_ERROR) {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_DONE);
}


static ngx_int_t
ngx_carrierpay_visit_lookup(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t   *visit;
    ngx_carrierpay_lookup_t  *lookup;

    visit = flow->data;
    lookup = &visit->lookup;

    lookup->flow = flow;
    lookup->handler = ngx_carrierpay_visit_lookup_handler;
    lookup->owner = visit->session.identity.owner;
    lookup->network = !visit->typed;
    lookup->live = visit->payment.live;

    ngx_carrierpay_identity_line(&visit->session.identity, &lookup->line);

    return ngx_carrierpay_lookup(lookup);
}


static void
ngx_carrierpay_visit_lookup_handler(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_visit_t  *visit;

    visit = lookup->flow->data;
    visit->session.identity.owner = lookup->owner;

    ngx_carrierpay_flow_resume(lookup->flow, NGX_OK);
}


static ngx_int_t
ngx_carrierpay_visit_number_owner(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t     *visit;
    ngx_carrierpay_identity_t  *who;

    visit = flow->data;
    who = &visit->session.identity;

    if (!ngx_carrierpay_payment_is(&visit->payment, "pending")) {
        return NGX_DONE;
    }

    ngx_carrierpay_number_owner(&flow->core->conf->operators, &who->msisdn,
                                &who->owner);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_visit_judge(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_visit_t        *visit;
    ngx_carrierpay_payment_t      *p;
    ngx_carrierpay_identity_t     *who;
    ngx_carrierpay_eligibility_t  *el;

    visit = flow->data;
    p = &visit->payment;
    who = &visit->session.identity;
    el = &visit->el;

    el->flow = flow;
    el->handler = ngx_carrierpay_visit_judge_handler;
    el->merchant_id = p->merchant_id;
    el->live = p->live;
    el->amount = p->amount;
    el->currency = p->currency;
    el->owner = who->owner;

    ngx_carrierpay_identity_line(who, &el->line);

    rc = ngx_carrierpay_eligibility_ask(el);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    if (rc == NGX_OK) {
        visit->barred = 1;

    } else {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    return NGX_DONE;
}


static void
ngx_carrierpay_visit_judge_handler(ngx_carrierpay_eligibility_t *el)
{
    ngx_carrierpay_visit_t  *visit;

    visit = el->flow->data;

    if (el->rc != NGX_OK) {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;

    } else if (el->verdict.reason.len) {
        visit->barred = 1;
    }

    ngx_carrierpay_flow_resume(el->flow,
                               el->rc == NGX_OK && !visit->barred ? NGX_OK
                                                                  : NGX_DONE);
}


static ngx_int_t
ngx_carrierpay_visit_put(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t  *visit;

    visit = flow->data;

    visit->session.flow = flow;
    visit->session.handler = ngx_carrierpay_visit_put_handler;

    if (ngx_carrierpay_session_put(&visit->session) != NGX_AGAIN) {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_visit_put_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_visit_t  *visit;

    visit = s->flow->data;

    if (s->rc == NGX_OK) {
        visit->identified = 1;
        visit->result = NGX_CARRIERPAY_CHARGE_FOUND;

    } else {
        visit->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_OK);
}
