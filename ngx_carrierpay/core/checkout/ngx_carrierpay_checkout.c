
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_checkout.h"
#include "ngx_carrierpay_flow_redis.h"
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_token.h"


static ngx_int_t ngx_carrierpay_checkout_form(ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_form_opened(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_page_consume(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_page_lookup(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_first(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_first_done(
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_carrierpay_checkout_page_session(
    ngx_carrierpay_flow_t *flow);


static ngx_carrierpay_step_t  ngx_carrierpay_checkout_page_steps[] = {
    { "load",                                    /* or NOT_FOUND */
      ngx_carrierpay_payment_load,
      ngx_carrierpay_checkout_load_done, 0 },
    { "form",                                    /* what it came to */
      ngx_carrierpay_checkout_form,
      ngx_carrierpay_checkout_form_opened, 0 },
    { "consume",                                 /* the bounce's token, once */
      ngx_carrierpay_checkout_page_consume,
      ngx_carrierpay_checkout_consumed, 0 },
    { "lookup",                                  /* its carrier */
      ngx_carrierpay_checkout_page_lookup,
      ngx_carrierpay_checkout_lookup_done, 0 },
    { "evaluate",                                /* may it pay? */
      ngx_carrierpay_checkout_evaluate,
      ngx_carrierpay_checkout_evaluate_done, 0 },
    { "first",                              /* the payment's first, or a PIN */
      ngx_carrierpay_checkout_first,
      ngx_carrierpay_checkout_first_done, 0 },
    { "session",                                /* of the page that confirms */
      ngx_carrierpay_checkout_page_session,
      ngx_carrierpay_checkout_stored, 0 },
    { NULL, NULL, NULL, 0 }
};


ngx_carrierpay_flow_t *
ngx_carrierpay_checkout_page(ngx_carrierpay_core_t *core, int64_t id,
    ngx_carrierpay_identity_t *visitor, ngx_str_t *bounce, ngx_str_t *browser,
    ngx_uint_t redirected, ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_flow_t      *flow;
    ngx_carrierpay_checkout_t  *checkout;

    flow = ngx_carrierpay_flow_create(&core->flows, "page",
                                      ngx_carrierpay_checkout_page_steps,
                                      sizeof(ngx_carrierpay_checkout_t));

    if (flow == NULL
        || ngx_carrierpay_checkout_init(flow, NULL, id, bounce, consent)
           != NGX_OK)
    {
        return NULL;
    }

    checkout = flow->data;
    checkout->visitor = *visitor;
    checkout->redirected = redirected;

    if (ngx_carrierpay_flow_copy(flow, &checkout->form.token, browser)
        != NGX_OK)
    {
        ngx_carrierpay_flow_discard(flow);
        return NULL;
    }

    return flow;
}


ngx_int_t
ngx_carrierpay_checkout_init(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_merchant_t *merchant, int64_t payment_id,
    ngx_str_t *token, ngx_carrierpay_consent_t *consent)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    ngx_carrierpay_payment_read_init(flow, merchant, payment_id);

    if ((token
         && ngx_carrierpay_flow_copy(flow, &checkout->token, token) != NGX_OK)
        || (consent
            && ngx_carrierpay_consent_copy(flow->pool, &checkout->consent,
                                           consent)
               != NGX_OK))
    {
        ngx_carrierpay_flow_discard(flow);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_checkout_load_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
    ngx_str_t                  *locale;
    ngx_carrierpay_consent_t   *consent;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    consent = &checkout->consent;
    locale = &checkout->read.payment.locale;

    rc = ngx_carrierpay_payment_load_done(flow);

    if (rc == NGX_OK && consent->translate && locale->len) {
        consent->translate(consent, locale);
    }

    return rc;
}


static ngx_int_t
ngx_carrierpay_checkout_form(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (!checkout->redirected
        && checkout->read.payment.state != NGX_CARRIERPAY_PAYMENT_PENDING)
    {
        return NGX_OK;
    }

    return ngx_carrierpay_form_result_read(flow, &checkout->form);
}


static ngx_int_t
ngx_carrierpay_checkout_form_opened(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    return ngx_carrierpay_form_result_opened(flow, &checkout->form);
}


static ngx_int_t
ngx_carrierpay_checkout_page_consume(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_consume(flow,
                                           NGX_CARRIERPAY_SESSION_BOUNCE);
}


ngx_int_t
ngx_carrierpay_checkout_consume(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (!ngx_carrierpay_token_valid(&checkout->token)
        || checkout->read.payment.state != NGX_CARRIERPAY_PAYMENT_PENDING)
    {
        return NGX_DONE;
    }

    return ngx_carrierpay_session_consume(flow, &checkout->session, kind,
                                          &checkout->token);
}


ngx_int_t
ngx_carrierpay_checkout_consumed(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_session_t   *s;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    s = &checkout->session;

    if (s->rc == NGX_OK
        && s->identity.payment_id == checkout->read.payment.id
        && ngx_carrierpay_identity_same_visitor(&s->identity,
                                                &checkout->visitor))
    {
        return NGX_OK;
    }

    if (s->rc == NGX_ERROR) {
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }

    return NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_checkout_page_lookup(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_lookup(flow, 0);
}


ngx_int_t
ngx_carrierpay_checkout_lookup(ngx_carrierpay_flow_t *flow, ngx_uint_t typed)
{
    ngx_carrierpay_lookup_t    *lookup;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    lookup = &checkout->lookup;

    lookup->carrier = checkout->session.identity.carrier;
    lookup->network = !typed;
    lookup->live = checkout->read.payment.live;

    ngx_carrierpay_identity_end_user(&checkout->session.identity,
                                     &lookup->end_user);

    return ngx_carrierpay_lookup(flow, lookup);
}


ngx_int_t
ngx_carrierpay_checkout_lookup_done(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    checkout->session.identity.carrier = checkout->lookup.carrier;

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_checkout_evaluate(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                            rc;
    ngx_carrierpay_checkout_t           *checkout;
    ngx_carrierpay_payment_t            *p;
    ngx_carrierpay_eligibility_query_t  *query;

    checkout = flow->data;
    p = &checkout->read.payment;
    query = &checkout->eligibility;

    query->merchant_id = p->merchant_id;
    query->live = p->live;
    query->amount = p->amount;
    query->currency = p->currency;
    query->category = p->category;
    query->carrier = checkout->session.identity.carrier;

    ngx_carrierpay_identity_end_user(&checkout->session.identity,
                                     &query->end_user);

    rc = ngx_carrierpay_eligibility_query(flow, query);

    if (rc == NGX_OK) {
        checkout->barred = 1;
        return NGX_DONE;
    }

    return rc;
}


ngx_int_t
ngx_carrierpay_checkout_evaluate_done(ngx_carrierpay_flow_t *flow)
{
    ngx_int_t                   rc;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    rc = ngx_carrierpay_eligibility_answered(flow, &checkout->eligibility);

    if (rc == NGX_OK && checkout->eligibility.decision.reason.len) {
        checkout->barred = 1;
        return NGX_DONE;
    }

    return rc;
}


/*
 * A token that was made in one place and is brought from another one may have
 * been taken from its shopper.
 *
 * Redis remembers which end user was found first for this payment, for as
 * long as a page is good: a shopper whose number changes in the middle of a
 * payment has to prove the new one.
 */

static ngx_int_t
ngx_carrierpay_checkout_first(ngx_carrierpay_flow_t *flow)
{
    u_char                      name[sizeof("cp:ln:") + NGX_INT64_LEN];
    ngx_str_t                   argv[7];
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    if (checkout->session.identity.unproven
        || !ngx_carrierpay_identity_same_place(&checkout->session.identity,
                                               &checkout->visitor))
    {
        checkout->changed = 1;
        return NGX_DONE;
    }

    ngx_carrierpay_identity_index(&checkout->session.identity,
                                  &flow->core->conf->keyring,
                                  checkout->eligibility.index);

    ngx_str_set(&argv[0], "SET");
    argv[1].data = name;
    argv[1].len = ngx_sprintf(name, "cp:ln:%L", checkout->read.payment.id)
                  - name;
    argv[2].data = checkout->eligibility.index;
    argv[2].len = sizeof(checkout->eligibility.index);
    ngx_str_set(&argv[3], "NX");
    ngx_str_set(&argv[4], "GET");
    ngx_str_set(&argv[5], "PX");
    ngx_str_set(&argv[6], "900000");

    return ngx_carrierpay_flow_redis(flow, &checkout->command, 7, argv);
}


static ngx_int_t
ngx_carrierpay_checkout_first_done(ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                  *value;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;

    switch (checkout->command.reply) {

    case NGX_CARRIERPAY_REDIS_NIL:
        return NGX_OK;

    case NGX_CARRIERPAY_REDIS_STRING:
        value = &checkout->command.value;

        if (value->len == sizeof(checkout->eligibility.index)
            && ngx_carrierpay_equal(value->data, checkout->eligibility.index,
                                    value->len))
        {
            return NGX_OK;
        }

        checkout->changed = 1;
        return NGX_DONE;

    default: /* refused or lost */
        return ngx_carrierpay_flow_leave(flow,
                                         NGX_CARRIERPAY_FLOW_UNAVAILABLE);
    }
}


static ngx_int_t
ngx_carrierpay_checkout_page_session(ngx_carrierpay_flow_t *flow)
{
    return ngx_carrierpay_checkout_store(flow,
                                         NGX_CARRIERPAY_SESSION_CONFIRM);
}


ngx_int_t
ngx_carrierpay_checkout_store(ngx_carrierpay_flow_t *flow,
    ngx_carrierpay_session_e kind)
{
    ngx_str_t                   end_user;
    ngx_carrierpay_session_t   *s;
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    s = &checkout->session;

    ngx_memcpy(s->identity.client_network, checkout->visitor.client_network,
               sizeof(s->identity.client_network));
    ngx_memcpy(s->identity.browser, checkout->visitor.browser,
               sizeof(s->identity.browser));

    s->consent = checkout->consent;
    ngx_carrierpay_identity_end_user(&s->identity, &end_user);

    if (ngx_carrierpay_consent_show(&s->consent, flow->pool,
                                    &checkout->read.payment,
                                    &s->identity.carrier, &end_user)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_carrierpay_session_store(flow, s, kind);
}


ngx_int_t
ngx_carrierpay_checkout_stored(ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_checkout_t  *checkout;

    checkout = flow->data;
    checkout->identified = 1;

    return ngx_carrierpay_session_stored(flow, &checkout->session);
}
