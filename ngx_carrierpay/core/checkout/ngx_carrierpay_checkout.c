
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_end_user.h"
#include "ngx_carrierpay_statement.h"
#include "ngx_carrierpay_token.h"
#include "ngx_carrierpay_checkout.h"


static ngx_int_t ngx_carrierpay_checkout_load_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res);
static void ngx_carrierpay_checkout_load_handler(ngx_carrierpay_ask_t *ask);
static void ngx_carrierpay_checkout_look_handler(ngx_carrierpay_look_t *look);
static void ngx_carrierpay_checkout_loaded(ngx_carrierpay_flow_t *flow,
    ngx_int_t rc);
static ngx_int_t ngx_carrierpay_checkout_consume(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_consume_as(
    ngx_carrierpay_flow_t *flow, ngx_carrierpay_session_e kind);
static void ngx_carrierpay_checkout_consume_handler(
    ngx_carrierpay_session_t *s);
static void ngx_carrierpay_checkout_lookup_handler(
    ngx_carrierpay_lookup_t *lookup);
static void ngx_carrierpay_checkout_evaluate_handler(
    ngx_carrierpay_eligibility_t *el);
static ngx_int_t ngx_carrierpay_checkout_end_user(ngx_carrierpay_flow_t *flow);
static void ngx_carrierpay_checkout_end_user_handler(
    ngx_carrierpay_redis_command_t *cmd);
static void ngx_carrierpay_checkout_store_handler(ngx_carrierpay_session_t *s);
static ngx_int_t ngx_carrierpay_checkout_session_consume(
    ngx_carrierpay_flow_t *flow);


static ngx_carrierpay_step_t  ngx_carrierpay_checkout_get_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "render",  ngx_carrierpay_checkout_render },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_checkout_identify_steps[] = {
    { "put",     ngx_carrierpay_checkout_store },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_checkout_page_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "take",    ngx_carrierpay_checkout_consume },    /* the bounce's, once */
    { "lookup",  ngx_carrierpay_checkout_lookup },  /* whose customer he is */
    { "judge",   ngx_carrierpay_checkout_evaluate },   /* may he pay? */
    { "line",    ngx_carrierpay_checkout_end_user },  /* the same as before? */
    { "put",     ngx_carrierpay_checkout_store },     /* what confirms */
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_checkout_number_steps[] = {
    { "load",    ngx_carrierpay_checkout_load },
    { "number",  ngx_carrierpay_checkout_number_carrier },
    { "lookup",  ngx_carrierpay_checkout_lookup },
    { "judge",   ngx_carrierpay_checkout_evaluate },
    { NULL, NULL }
};

static ngx_carrierpay_step_t  ngx_carrierpay_checkout_session_steps[] = {
    { "load",     ngx_carrierpay_checkout_load },
    { "session",  ngx_carrierpay_checkout_session_consume },
    { NULL, NULL }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_flow(ngx_carrierpay_core_t *core, const char *name,
    ngx_carrierpay_step_t *steps, int64_t payment_id,
    ngx_carrierpay_merchant_t *merchant)
{
    ngx_carrierpay_ask_t       *ask;
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_flow_create(core, name, steps,
                                      sizeof(ngx_carrierpay_checkout_t));
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;

    if (merchant == NULL) {
        checkout->look.flow = flow;
        checkout->look.handler = ngx_carrierpay_checkout_look_handler;
        checkout->look.payment_id = payment_id;
        checkout->look.payment = &checkout->payment;
        checkout->look.brand = &checkout->brand;
        return flow;
    }

    ask = &checkout->ask;
    ask->flow = flow;
    ask->query.statement = NGX_CARRIERPAY_SQL_PAYMENT_GET;

    if (ngx_carrierpay_ask_int4(ask, 0, merchant->id) != NGX_OK
        || ngx_carrierpay_ask_bool(ask, 1, merchant->live) != NGX_OK
        || ngx_carrierpay_ask_int8(ask, 2, payment_id) != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_get(ngx_carrierpay_core_t *core,
    ngx_carrierpay_merchant_t *merchant, int64_t id)
{
    return ngx_carrierpay_checkout_flow(core, "get",
                                        ngx_carrierpay_checkout_get_steps, id,
                                        merchant);
}


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_identify(ngx_carrierpay_core_t *core,
    ngx_carrierpay_identity_t *identity)
{
    ngx_str_t                  *acr;
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_flow_create(core, "identify",
                                      ngx_carrierpay_checkout_identify_steps,
                                      sizeof(ngx_carrierpay_checkout_t));
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->session.identity = *identity;
    checkout->session.kind = NGX_CARRIERPAY_SESSION_BOUNCE;

    if (identity->acr.len) {
        acr = &checkout->session.identity.acr;
        acr->data = ngx_pstrdup(flow->pool, &identity->acr);

        if (acr->data == NULL) {
            ngx_carrierpay_flow_discard(flow);
            return NULL;
        }
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_page(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce,
    ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "page",
                                        ngx_carrierpay_checkout_page_steps, id,
                                        NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->visitor = *visitor;

    checkout->token.len = bounce->len;
    checkout->token.data = ngx_pstrdup(flow->pool, bounce);

    if (checkout->token.data == NULL
        || ngx_carrierpay_consent_copy(flow->pool, &checkout->consent, consent)
           != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_number(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_msisdn_t *msisdn)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "number",
                                        ngx_carrierpay_checkout_number_steps,
                                        id, NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->typed = 1;
    checkout->session.identity.msisdn = *msisdn;

    return flow;
}


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_session(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *token)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_checkout_flow(core, "session",
                                        ngx_carrierpay_checkout_session_steps,
                                        id, NULL);
    if (flow == NULL) {
        return NULL;
    }

    checkout = flow->data;
    checkout->visitor = *visitor;

    checkout->token.len = token->len;
    checkout->token.data = ngx_pstrdup(flow->pool, token);

    if (checkout->token.data == NULL) {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_int_t
ngx_carrierpay_checkout_load(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (checkout->look.payment_id) {
        ngx_carrierpay_look(&checkout->look);
        return NGX_AGAIN;
    }

    checkout->ask.row = ngx_carrierpay_checkout_load_row;
    checkout->ask.handler = ngx_carrierpay_checkout_load_handler;

    if (ngx_carrierpay_ask(&checkout->ask) != NGX_AGAIN) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static ngx_int_t
ngx_carrierpay_checkout_load_row(ngx_carrierpay_ask_t *ask,
    ngx_carrierpay_pq_result_t *res)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = ask->flow->data;

    return ngx_carrierpay_payment_read(&checkout->payment, res, 0, 0,
                                       ask->flow->pool);
}


static void
ngx_carrierpay_checkout_load_handler(ngx_carrierpay_ask_t *ask)
{
    ngx_carrierpay_checkout_loaded(ask->flow, ask->rc);
}


static void
ngx_carrierpay_checkout_look_handler(ngx_carrierpay_look_t *look)
{
    ngx_carrierpay_checkout_loaded(look->flow, look->rc);
}


static void
ngx_carrierpay_checkout_loaded(ngx_carrierpay_flow_t *flow, ngx_int_t rc)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    switch (rc) {

    case NGX_OK:
        checkout->result = NGX_CARRIERPAY_CHARGE_OK;

        if (checkout->consent.translate && checkout->payment.locale.len) {
            checkout->consent.translate(&checkout->consent,
                                        &checkout->payment.locale);
        }

        break;

    case NGX_DECLINED:
        checkout->result = NGX_CARRIERPAY_CHARGE_NOT_FOUND;
        break;

    default: /* no answer */
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        break;
    }

    ngx_carrierpay_flow_resume(flow, rc == NGX_OK ? NGX_OK : NGX_DONE);
}


ngx_int_t
ngx_carrierpay_checkout_render(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                   url;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    ngx_str_null(&url);

    if (ngx_carrierpay_payment_is(&checkout->payment, "pending")
        && ngx_carrierpay_charge_checkout_url(flow, checkout->payment.id, &url)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_payment_render(&checkout->payment, &url, flow->pool,
                                         &checkout->body);
}


static ngx_int_t
ngx_carrierpay_checkout_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_consume_as(flow,
                                              NGX_CARRIERPAY_SESSION_BOUNCE);
}


static ngx_int_t
ngx_carrierpay_checkout_session_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_consume_as(flow,
                                              NGX_CARRIERPAY_SESSION_PIN);
}


static ngx_int_t
ngx_carrierpay_checkout_consume_as(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (!ngx_carrierpay_token_valid(&checkout->token)
        || !ngx_carrierpay_payment_is(&checkout->payment, "pending"))
    {
        return NGX_DONE;
    }

    checkout->session.flow = flow;
    checkout->session.kind = kind;
    checkout->session.handler = ngx_carrierpay_checkout_consume_handler;

    if (ngx_carrierpay_session_consume(&checkout->session, &checkout->token)
        != NGX_AGAIN)
    {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_checkout_consume_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = s->flow->data;

    if (s->rc == NGX_OK
        && s->identity.payment_id == checkout->payment.id
        && ngx_carrierpay_identity_same_visitor(&s->identity,
                                               &checkout->visitor))
    {
        checkout->identified = (s->kind == NGX_CARRIERPAY_SESSION_PIN);
        ngx_carrierpay_flow_resume(s->flow, NGX_OK);
        return;
    }

    if (s->rc == NGX_ERROR) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_DONE);
}


ngx_int_t
ngx_carrierpay_checkout_lookup(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_lookup_t    *lookup;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    lookup = &checkout->lookup;

    lookup->flow = flow;
    lookup->handler = ngx_carrierpay_checkout_lookup_handler;
    lookup->carrier = checkout->session.identity.carrier;
    lookup->network = !checkout->typed;
    lookup->live = checkout->payment.live;

    ngx_carrierpay_identity_end_user(&checkout->session.identity,
                                     &lookup->end_user);

    return ngx_carrierpay_lookup(lookup);
}


static void
ngx_carrierpay_checkout_lookup_handler(ngx_carrierpay_lookup_t *lookup)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = lookup->flow->data;
    checkout->session.identity.carrier = lookup->carrier;

    ngx_carrierpay_flow_resume(lookup->flow, NGX_OK);
}


ngx_int_t
ngx_carrierpay_checkout_number_carrier(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;
    ngx_carrierpay_identity_t  *identity;

    checkout = flow->data;
    identity = &checkout->session.identity;

    if (!ngx_carrierpay_payment_is(&checkout->payment, "pending")) {
        return NGX_DONE;
    }

    ngx_carrierpay_number_carrier(&flow->core->conf->operators,
                                  &identity->msisdn, &identity->carrier);

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_checkout_evaluate(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                      rc;
    ngx_carrierpay_payment_t      *p;
    ngx_carrierpay_checkout_t     *checkout;
    ngx_carrierpay_identity_t     *identity;
    ngx_carrierpay_eligibility_t  *el;

    checkout = flow->data;
    p = &checkout->payment;
    identity = &checkout->session.identity;
    el = &checkout->el;

    el->flow = flow;
    el->handler = ngx_carrierpay_checkout_evaluate_handler;
    el->merchant_id = p->merchant_id;
    el->live = p->live;
    el->amount = p->amount;
    el->currency = p->currency;
    el->carrier = identity->carrier;

    ngx_carrierpay_identity_end_user(identity, &el->end_user);

    rc = ngx_carrierpay_eligibility_ask(el);

    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    if (rc == NGX_OK) {
        checkout->barred = 1;

    } else {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    return NGX_DONE;
}


static void
ngx_carrierpay_checkout_evaluate_handler(ngx_carrierpay_eligibility_t *el)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = el->flow->data;

    if (el->rc != NGX_OK) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;

    } else if (el->decision.reason.len) {
        checkout->barred = 1;
    }

    ngx_carrierpay_flow_resume(el->flow,
                               el->rc == NGX_OK && !checkout->barred ? NGX_OK
                                                                   : NGX_DONE);
}


/*
 * Which line was found first for this payment: whoever changes his number in
 * the middle of it has to prove the new one.  Redis remembers its index for as
 * long as a page is good.
 */

static ngx_int_t
ngx_carrierpay_checkout_end_user(ngx_carrierpay_flow_t *flow)
{
    u_char                      name[sizeof("cp:ln:") + NGX_INT64_LEN];
    u_char                      index[NGX_CARRIERPAY_SHA256_LEN];
    ngx_str_t                   argv[7];
    ngx_carrierpay_conf_t      *conf;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    conf = flow->core->conf;

    if (checkout->session.identity.unproven) {
        checkout->changed = 1;
        return NGX_DONE;
    }

    ngx_carrierpay_identity_index(&checkout->session.identity, &conf->keyring,
                                  index);

    checkout->token.len = sizeof(index);
    checkout->token.data = ngx_pnalloc(flow->pool, sizeof(index));

    if (checkout->token.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(checkout->token.data, index, sizeof(index));

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = ngx_sprintf(name, "cp:ln:%L", checkout->payment.id) - name;
    argv[2] = checkout->token;
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "GET");
    ngx_str_set(&argv[5], "PX");
    ngx_str_set(&argv[6], "900000");

    checkout->command.handler = ngx_carrierpay_checkout_end_user_handler;
    checkout->command.data = flow;

    if (ngx_carrierpay_redis_send(flow->core->redis, &checkout->command, 7,
                                  argv)
        != NGX_OK)
    {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_checkout_end_user_handler(ngx_carrierpay_redis_command_t *cmd)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = cmd->data;
    checkout = flow->data;

    switch (cmd->reply) {

    case NGX_CARRIERPAY_REDIS_NIL:
        break;

    case NGX_CARRIERPAY_REDIS_STRING:
        checkout->changed = cmd->value.len != checkout->token.len
                            || !ngx_carrierpay_equal(cmd->value.data,
                                                     checkout->token.data,
                                                     checkout->token.len);
        break;

    default: /* refused or lost */
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        ngx_carrierpay_flow_resume(flow, NGX_DONE);
        return;
    }

    ngx_carrierpay_flow_resume(flow, checkout->changed ? NGX_DONE : NGX_OK);
}


/* A page that confirms, or where a PIN is entered, is shown now. */

ngx_int_t
ngx_carrierpay_checkout_store(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                   end_user;
    ngx_carrierpay_session_t   *s;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    s = &checkout->session;

    s->flow = flow;
    s->handler = ngx_carrierpay_checkout_store_handler;

    if (checkout->payment.id) {
        s->kind = checkout->pin.result ? NGX_CARRIERPAY_SESSION_PIN
                                       : NGX_CARRIERPAY_SESSION_CONFIRM;

        ngx_memcpy(s->identity.client_network,
                   checkout->visitor.client_network,
                   sizeof(s->identity.client_network));

        s->consent = checkout->consent;
        ngx_carrierpay_identity_end_user(&s->identity, &end_user);

        if (ngx_carrierpay_consent_show(&s->consent, flow->pool,
                                      &checkout->payment, &s->identity.carrier,
                                        &end_user)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ngx_carrierpay_session_store(s) != NGX_AGAIN) {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
        return NGX_DONE;
    }

    return NGX_AGAIN;
}


static void
ngx_carrierpay_checkout_store_handler(ngx_carrierpay_session_t *s)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = s->flow->data;

    if (s->rc == NGX_OK) {
        checkout->identified = 1;
        checkout->result = NGX_CARRIERPAY_CHARGE_OK;

    } else {
        checkout->result = NGX_CARRIERPAY_CHARGE_UNAVAILABLE;
    }

    ngx_carrierpay_flow_resume(s->flow, NGX_OK);
}
