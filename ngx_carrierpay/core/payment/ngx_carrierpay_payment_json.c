
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_attempt.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_decline.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_json_member.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_payment_json.h"
#include "ngx_carrierpay_token.h"


static size_t ngx_carrierpay_payment_json_size(ngx_carrierpay_payment_t *p,
    ngx_str_t *url);
static ngx_int_t ngx_carrierpay_payment_json_url(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_conf_t *conf, ngx_pool_t *pool, ngx_str_t *url);
static u_char *ngx_carrierpay_payment_json_amounts(u_char *b,
    ngx_carrierpay_payment_t *p);
static u_char *ngx_carrierpay_payment_json_rated(u_char *b,
    ngx_carrierpay_payment_t *p);
static u_char *ngx_carrierpay_payment_json_later(u_char *b,
    ngx_carrierpay_payment_t *p);
static u_char *ngx_carrierpay_payment_json_metadata(u_char *b,
    ngx_str_t *metadata);
static u_char *ngx_carrierpay_payment_json_subscriber(u_char *b,
    ngx_carrierpay_payment_t *p);
static u_char *ngx_carrierpay_payment_json_next(u_char *b,
    ngx_carrierpay_payment_t *p, ngx_str_t *url);


ngx_int_t
ngx_carrierpay_payment_json(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_conf_t *conf, ngx_pool_t *pool, ngx_str_t *json)
{
    u_char           *b;
    ngx_str_t         url;
    const ngx_str_t  *state;

    ngx_str_null(&url);

    if (p->state == NGX_CARRIERPAY_PAYMENT_PENDING
        && ngx_carrierpay_payment_json_url(p, conf, pool, &url) != NGX_OK)
    {
        return NGX_ERROR;
    }

    state = ngx_carrierpay_payment_state_name(p->state);

    b = ngx_pnalloc(pool, ngx_carrierpay_payment_json_size(p, &url));
    if (b == NULL) {
        return NGX_ERROR;
    }

    json->data = b;

    b = ngx_cpymem(b, "{\"id\":\"", sizeof("{\"id\":\"") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_PAYMENT, p->id);
    b = ngx_sprintf(b, "\",\"object\":\"payment\",\"livemode\":%s,"
                    "\"status\":\"%V\",\"outcome\":%s,\"amount\":%L,"
                    "\"currency\":\"%V\"",
                    p->live ? "true" : "false", state,
                    p->outcome_unknown ? "\"unknown\"" : "null",
                    (int64_t) p->amount, &p->currency);

    b = ngx_carrierpay_payment_json_amounts(b, p);
    b = ngx_carrierpay_payment_json_rated(b, p);
    b = ngx_carrierpay_json_member_text(b, "category", &p->category);
    b = ngx_carrierpay_payment_json_later(b, p);
    b = ngx_carrierpay_json_member_text(b, "description", &p->description);
    b = ngx_carrierpay_json_member_text(b, "reference", &p->reference);
    b = ngx_carrierpay_json_member_text(b, "return_url", &p->return_url);

    b = ngx_carrierpay_payment_json_metadata(b, &p->metadata);
    b = ngx_carrierpay_json_member_text(b, "locale", &p->locale);
    b = ngx_carrierpay_payment_json_subscriber(b, p);
    b = ngx_carrierpay_json_member_text(b, "operator", &p->operator);
    b = ngx_carrierpay_decline_json(b, &p->failure_code);
    b = ngx_carrierpay_attempt_json(b, &p->declined);
    b = ngx_carrierpay_payment_json_next(b, p, &url);
    b = ngx_carrierpay_json_member_time(b, "created", p->created);
    b = ngx_carrierpay_json_member_time(b, "expires", p->expires);

    *b++ = '}';

    json->len = b - json->data;

    return NGX_OK;
}


static size_t
ngx_carrierpay_payment_json_size(ngx_carrierpay_payment_t *p, ngx_str_t *url)
{
    /* 1024 is more than all names, words, numbers, times and advices */

    return 1024 + p->metadata.len
           + ngx_carrierpay_json_member_size(&p->category)
           + ngx_carrierpay_json_member_size(&p->description)
           + ngx_carrierpay_json_member_size(&p->reference)
           + ngx_carrierpay_json_member_size(&p->return_url)
           + ngx_carrierpay_json_member_size(&p->locale)
           + ngx_carrierpay_json_member_size(&p->operator)
           + ngx_carrierpay_json_member_size(&p->failure_code)
           + ngx_carrierpay_attempt_json_size(&p->declined)
           + ngx_carrierpay_json_member_size(url);
}


/* Where the shopper goes. */

static ngx_int_t
ngx_carrierpay_payment_json_url(ngx_carrierpay_payment_t *p,
    ngx_carrierpay_conf_t *conf, ngx_pool_t *pool, ngx_str_t *url)
{
    u_char           *b;
    const ngx_str_t  *key;

    key = ngx_carrierpay_keyring_key(&conf->keyring,
                                     NGX_CARRIERPAY_KEY_SESSION);

    url->len = conf->checkout_url.len + NGX_CARRIERPAY_TOKEN_CHECKOUT_LEN;
    url->data = ngx_pnalloc(pool, url->len);

    if (url->data == NULL) {
        return NGX_ERROR;
    }

    b = ngx_cpymem(url->data, conf->checkout_url.data,
                   conf->checkout_url.len);
    (void) ngx_carrierpay_token_checkout(b, key, p->id);

    return NGX_OK;
}


/* What was taken of the amount, and what of that was given or taken back. */

static u_char *
ngx_carrierpay_payment_json_amounts(u_char *b, ngx_carrierpay_payment_t *p)
{
    int64_t  captured;

    captured = (p->state != NGX_CARRIERPAY_PAYMENT_SUCCEEDED) ? 0
               : ngx_carrierpay_payment_taken(p);

    return ngx_sprintf(b, ",\"capture\":\"%s\",\"amount_captured\":%L,"
                       "\"amount_refunded\":%L,\"amount_charged_back\":%L",
                       p->manual ? "manual" : "automatic", captured,
                       p->refunded, p->charged_back);
}


/* What each side has of the amount; the four are the whole of it. */

static u_char *
ngx_carrierpay_payment_json_rated(u_char *b, ngx_carrierpay_payment_t *p)
{
    if (!p->rated) {
        return ngx_sprintf(b, ",\"operator_share\":null,\"tax\":null,"
                           "\"fee\":null,\"net\":null");
    }

    return ngx_sprintf(b, ",\"operator_share\":%L,\"tax\":%L,\"fee\":%L,"
                       "\"net\":%L",
                       (int64_t) p->share, (int64_t) p->tax,
                       (int64_t) p->fee,
                       (int64_t) (ngx_carrierpay_payment_taken(p) - p->share
                                  - p->tax - p->fee));
}


/* What its payer agrees to beside it. */

static u_char *
ngx_carrierpay_payment_json_later(u_char *b, ngx_carrierpay_payment_t *p)
{
    if (p->later_max == 0) {
        return ngx_cpymem(b, ",\"later_charges\":null",
                          sizeof(",\"later_charges\":null") - 1);
    }

    return ngx_sprintf(b, ",\"later_charges\":{\"max_per_month\":%L}",
                       (int64_t) p->later_max);
}


static u_char *
ngx_carrierpay_payment_json_metadata(u_char *b, ngx_str_t *metadata)
{
    if (metadata->len == 0) {
        return ngx_cpymem(b, ",\"metadata\":{}",
                          sizeof(",\"metadata\":{}") - 1);
    }

    return ngx_sprintf(b, ",\"metadata\":%V", metadata);
}


/* Only a line that has paid becomes a subscriber whom the merchant knows. */

static u_char *
ngx_carrierpay_payment_json_subscriber(u_char *b, ngx_carrierpay_payment_t *p)
{
    if (p->state != NGX_CARRIERPAY_PAYMENT_SUCCEEDED) {
        return ngx_cpymem(b, ",\"subscriber\":null",
                          sizeof(",\"subscriber\":null") - 1);
    }

    b = ngx_cpymem(b, ",\"subscriber\":\"", sizeof(",\"subscriber\":\"") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_SUBSCRIBER,
                                p->pseudonym_id);
    *b++ = '"';

    return b;
}


static u_char *
ngx_carrierpay_payment_json_next(u_char *b, ngx_carrierpay_payment_t *p,
    ngx_str_t *url)
{
    const char  *type;

    type = p->approval ? "approve_on_phone" : p->pin ? "enter_pin"
                                                     : "identify";

    if (url->len == 0 && !p->approval) {
        return ngx_cpymem(b, ",\"next_action\":null",
                          sizeof(",\"next_action\":null") - 1);
    }

    b = ngx_sprintf(b, ",\"next_action\":{\"type\":\"%s\"", type);

    return ngx_sprintf(ngx_carrierpay_json_member_text(b, "url", url), "}");
}
