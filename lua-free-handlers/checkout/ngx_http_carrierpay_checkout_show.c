
/*
 * From a payment and its state to a page.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_msisdn.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_reply.h"


#define ngx_http_carrierpay_value(name)                                       \
    values[NGX_HTTP_CARRIERPAY_VALUE_##name]


typedef ngx_int_t (*ngx_http_carrierpay_show_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);


typedef struct {
    const char                    *state;
    ngx_http_carrierpay_show_pt    show;
} ngx_http_carrierpay_show_t;


static ngx_int_t ngx_http_carrierpay_show_pending(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_confirm(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_barred(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status, ngx_str_t *values);
static void ngx_http_carrierpay_show_reason(
    ngx_http_carrierpay_checkout_t *co, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_line(ngx_http_request_t *r,
    ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_identify(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_processing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_succeeded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_failed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_expired(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_canceled(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);

static ngx_int_t ngx_http_carrierpay_show_values(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url);
static ngx_int_t ngx_http_carrierpay_show_again(ngx_http_request_t *r,
    ngx_str_t *url);
static void ngx_http_carrierpay_show_texts(ngx_http_carrierpay_checkout_t *co,
    ngx_str_t *values, const char *heading, const char *reason,
    const char *advice);
static ngx_int_t ngx_http_carrierpay_show_refresh(ngx_http_request_t *r,
    ngx_uint_t seconds, ngx_str_t *url);


static ngx_http_carrierpay_show_t  ngx_http_carrierpay_shows[] = {
    { "processing",  ngx_http_carrierpay_show_processing },
    { "succeeded",   ngx_http_carrierpay_show_succeeded },
    { "failed",      ngx_http_carrierpay_show_failed },
    { "expired",     ngx_http_carrierpay_show_expired },
    { "canceled",    ngx_http_carrierpay_show_canceled },
    { NULL, NULL }
};


/* how people write a currency; others are written by their code */

static struct {
    const char  *code;
    ngx_str_t    sign;
} ngx_http_carrierpay_signs[] = {
    { "EUR", ngx_string("€") },
    { "GBP", ngx_string("£") },
    { "XAF", ngx_string("FCFA") },
    { "XOF", ngx_string("F CFA") },
    { NULL, ngx_null_string }
};


ngx_int_t
ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit)
{
    ngx_str_t                    values[NGX_HTTP_CARRIERPAY_VALUE_MAX];
    ngx_carrierpay_payment_t    *p;
    ngx_http_carrierpay_show_t  *show;

    p = &visit->payment;

    ngx_memzero(values, sizeof(values));

    if (ngx_http_carrierpay_show_values(r, co, p, values) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_payment_is(p, "pending")) {
        return ngx_http_carrierpay_show_pending(r, co, visit, values);
    }

    for (show = ngx_http_carrierpay_shows; show->state; show++) {
        if (ngx_carrierpay_payment_is(p, show->state)) {
            return show->show(r, co, p, values);
        }
    }

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "no page for a payment in state \"%V\"", &p->state);

    return NGX_ERROR;
}


/*
 * Who comes without a word from the plain listener is sent there: once, since
 * the way back says how it went.
 */

static ngx_int_t
ngx_http_carrierpay_show_pending(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit,
    ngx_str_t *values)
{
    ngx_str_t  url;

    if (visit->payment.expires <= ngx_carrierpay_now()) {
        return ngx_http_carrierpay_show_expired(r, co, &visit->payment,
                                                values);
    }

    if (co->verdict) {
        return ngx_http_carrierpay_show_barred(r, co,
                                           NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
                                           values);
    }

    if (visit->barred) {
        co->verdict = &visit->el.verdict;
        co->line = visit->session.identity.msisdn;

        return ngx_http_carrierpay_show_barred(r, co, co->msisdn.len
                                         ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
                                         : NGX_HTTP_OK, values);
    }

    if (visit->identified) {
        return ngx_http_carrierpay_show_confirm(r, co, visit, values);
    }

    if (co->bounce.len || co->reason.len || co->alert) {
        return ngx_http_carrierpay_show_identify(r, co, values);
    }

    if (ngx_http_carrierpay_show_again(r, &url) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &url);
}


static ngx_int_t
ngx_http_carrierpay_show_confirm(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit,
    ngx_str_t *values)
{
    ngx_carrierpay_session_t   *session;
    ngx_carrierpay_identity_t  *who;

    session = &visit->session;
    who = &session->identity;

    /* an operator's reference tells a shopper nothing: he has not seen it */

    if (who->msisdn.len
        && ngx_http_carrierpay_show_line(r, &who->msisdn, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(OPERATOR) = who->owner.operator->title;
    ngx_http_carrierpay_value(TOKEN).data = session->token;
    ngx_http_carrierpay_value(TOKEN).len = NGX_CARRIERPAY_TOKEN_LEN;

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                          NGX_HTTP_OK, values);
}


/* who your operator is, why not, and what else you can do */

static ngx_int_t
ngx_http_carrierpay_show_barred(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status, ngx_str_t *values)
{
    ngx_carrierpay_owner_t  *owner;

    owner = &co->verdict->owner;

    if (owner->mvno) {
        ngx_http_carrierpay_value(OPERATOR) = owner->mvno->title;
        ngx_http_carrierpay_value(HOST) = owner->mvno->host->title;

    } else if (owner->operator) {
        ngx_http_carrierpay_value(OPERATOR) = owner->operator->title;
    }

    ngx_http_carrierpay_show_reason(co, values);

    if ((co->line.len
         && ngx_http_carrierpay_show_line(r, &co->line, values) != NGX_OK)
        || ngx_http_carrierpay_show_again(r,
                                          &ngx_http_carrierpay_value(AGAIN))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_BARRED,
                                          status, values);
}


/* a reason that the configuration has invented is told in general */

static void
ngx_http_carrierpay_show_reason(ngx_http_carrierpay_checkout_t *co,
    ngx_str_t *values)
{
    const ngx_str_t  *text, *refused, *reason;

    reason = &co->verdict->reason;

    text = ngx_carrierpay_language_text(co->lang, "code_", reason);
    refused = ngx_carrierpay_language_text(co->lang, "code_", NULL);

    if (text == refused) {
        text = ngx_carrierpay_language_text(co->lang, "barred_", NULL);
    }

    ngx_http_carrierpay_value(REASON) = *text;
    ngx_http_carrierpay_value(ADVICE) =
                *ngx_carrierpay_language_text(co->lang, "instead_", reason);
}


static ngx_int_t
ngx_http_carrierpay_show_line(ngx_http_request_t *r,
    ngx_carrierpay_msisdn_t *msisdn, ngx_str_t *values)
{
    u_char  *p;

    p = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MSISDN_MASK_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(LINE).data = p;
    ngx_http_carrierpay_value(LINE).len =
                                    ngx_carrierpay_msisdn_mask(p, msisdn) - p;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_show_identify(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_str_t *values)
{
    ngx_uint_t  status;
    ngx_str_t   used = ngx_string("used"), absent = ngx_string("absent");
    ngx_str_t  *why;

    status = NGX_HTTP_OK;

    why = co->bounce.len ? &used : co->reason.len ? &co->reason : &absent;

    ngx_http_carrierpay_value(REASON) =
                       *ngx_carrierpay_language_text(co->lang, "why_", why);

    if (ngx_http_carrierpay_value(REASON).len == 0) {
        ngx_http_carrierpay_show_texts(co, values, NULL, "why_absent", NULL);
    }

    if (co->alert) {
        status = co->retry ? NGX_HTTP_TOO_MANY_REQUESTS
                           : NGX_HTTP_CARRIERPAY_UNPROCESSABLE;
        ngx_http_carrierpay_value(NUMBER) = co->number;
        ngx_http_carrierpay_value(ALERT) =
                   *ngx_carrierpay_language_text(co->lang, co->alert, NULL);
    }

    if (ngx_http_carrierpay_show_again(r, &ngx_http_carrierpay_value(AGAIN))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY,
                                          status, values);
}


static ngx_int_t
ngx_http_carrierpay_show_processing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(co, values, "processing_title",
                                   "processing_text", "processing_advice");

    ngx_str_set(&ngx_http_carrierpay_value(MOOD), "wait");

    /* it looks again by itself: the shop need not be told an outcome yet */

    ngx_str_null(&ngx_http_carrierpay_value(RETURN));

    if (ngx_http_carrierpay_show_refresh(r, 3, NULL) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                          NGX_HTTP_OK, values);
}


static ngx_int_t
ngx_http_carrierpay_show_succeeded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_value(OPERATOR) = p->operator_name;

    if (ngx_http_carrierpay_value(RETURN).len
        && ngx_http_carrierpay_show_refresh(r, 5,
                                           &ngx_http_carrierpay_value(RETURN))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_RECEIPT,
                                          NGX_HTTP_OK, values);
}


static ngx_int_t
ngx_http_carrierpay_show_failed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(co, values, "failed_title", NULL,
                                   "failed_advice");

    ngx_http_carrierpay_value(REASON) =
                       *ngx_carrierpay_language_text(co->lang, "code_",
                                                     &p->failure_code);
    ngx_str_set(&ngx_http_carrierpay_value(MOOD), "bad");

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                          NGX_HTTP_OK, values);
}


static ngx_int_t
ngx_http_carrierpay_show_expired(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(co, values, "expired_title",
                                   "expired_text", NULL);

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                          NGX_HTTP_OK, values);
}


static ngx_int_t
ngx_http_carrierpay_show_canceled(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(co, values, "canceled_title",
                                   "canceled_text", NULL);

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                          NGX_HTTP_OK, values);
}


ngx_int_t
ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status, const char *title,
    const ngx_str_t *reason)
{
    ngx_str_t  values[NGX_HTTP_CARRIERPAY_VALUE_MAX];

    ngx_memzero(values, sizeof(values));

    ngx_http_carrierpay_show_texts(co, values, title, NULL, NULL);

    ngx_http_carrierpay_value(REASON) = *reason;
    ngx_str_set(&ngx_http_carrierpay_value(MOOD), "bad");

    if (co->payment_id
        && ngx_http_carrierpay_show_again(r,
                                          &ngx_http_carrierpay_value(AGAIN))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_pages_send(r, co->pages, co->lang,
                                          NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                          status, values);
}


ngx_int_t
ngx_http_carrierpay_checkout_redirect(ngx_http_request_t *r)
{
    ngx_str_t                   path;
    ngx_http_carrierpay_ctx_t  *ctx;
    ngx_http_core_loc_conf_t   *clcf;

    ctx = ngx_http_carrierpay_ctx(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    path.len = clcf->name.len + ctx->id.len;
    path.data = ngx_pnalloc(r->pool, path.len);
    if (path.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(path.data, "%V%V", &clcf->name, &ctx->id);

    return ngx_http_carrierpay_reply_redirect(r, &path);
}


/* what all pages of a payment say; the visit's strings live long enough */

static ngx_int_t
ngx_http_carrierpay_show_values(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    u_char                     *id;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);

    ngx_http_carrierpay_value(CHECKOUT) = ctx->id;
    ngx_http_carrierpay_value(MERCHANT) = p->merchant_name;
    ngx_http_carrierpay_value(DESCRIPTION) = p->description;

    if (!p->live) {
        ngx_str_set(&ngx_http_carrierpay_value(TEST), "1");
    }

    id = ngx_pnalloc(r->pool, NGX_CARRIERPAY_ID_LEN);
    if (id == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(REFERENCE).data = id;
    ngx_http_carrierpay_value(REFERENCE).len =
          ngx_carrierpay_id_print(id, NGX_CARRIERPAY_ID_PAYMENT, p->id) - id;

    if (ngx_http_carrierpay_show_price(r, co, p, values) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_return(r, p,
                                           &ngx_http_carrierpay_value(RETURN));
}


static ngx_int_t
ngx_http_carrierpay_show_price(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    u_char                           *b;
    ngx_uint_t                        i;
    const ngx_carrierpay_currency_t  *currency;

    currency = ngx_carrierpay_currency_find(p->currency.data, p->currency.len);

    b = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MONEY_LEN);

    if (b == NULL || currency == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(AMOUNT).data = b;
    ngx_http_carrierpay_value(AMOUNT).len =
                       ngx_carrierpay_money_print_locale(b, p->amount,
                                                         currency,
                                                         co->lang->locale)
                       - b;

    ngx_http_carrierpay_value(CURRENCY) = p->currency;

    for (i = 0; ngx_http_carrierpay_signs[i].code; i++) {
        if (ngx_memcmp(ngx_http_carrierpay_signs[i].code, currency->code, 3)
            == 0)
        {
            ngx_http_carrierpay_value(CURRENCY) =
                                           ngx_http_carrierpay_signs[i].sign;
        }
    }

    return NGX_OK;
}


/* the merchant's URL with the payment and its state; it has no fragment */

static ngx_int_t
ngx_http_carrierpay_show_return(ngx_http_request_t *r,
    ngx_carrierpay_payment_t *p, ngx_str_t *url)
{
    u_char     *b;
    ngx_str_t  *base;

    base = &p->return_url;

    if (base->len == 0) {
        return NGX_OK;
    }

    b = ngx_pnalloc(r->pool, base->len + sizeof("?payment=&status=") - 1
                             + NGX_CARRIERPAY_ID_LEN + p->state.len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    url->data = b;

    b = ngx_cpymem(b, base->data, base->len);
    *b++ = ngx_strlchr(base->data, base->data + base->len, '?') ? '&' : '?';
    b = ngx_cpymem(b, "payment=", sizeof("payment=") - 1);
    b = ngx_carrierpay_id_print(b, NGX_CARRIERPAY_ID_PAYMENT, p->id);
    b = ngx_sprintf(b, "&status=%V", &p->state);

    url->len = b - url->data;

    return NGX_OK;
}


/* where the shopper's line can be recognised: the plain listener */

static ngx_int_t
ngx_http_carrierpay_show_again(ngx_http_request_t *r, ngx_str_t *url)
{
    ngx_carrierpay_conf_t      *conf;
    ngx_http_carrierpay_ctx_t  *ctx;

    ctx = ngx_http_carrierpay_ctx(r);
    conf = ngx_http_carrierpay_conf(r);

    url->len = conf->checkout_url.len + ctx->id.len;
    url->data = ngx_pnalloc(r->pool, url->len);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(url->data, "%V%V", &conf->checkout_url, &ctx->id);

    return NGX_OK;
}


static void
ngx_http_carrierpay_show_texts(ngx_http_carrierpay_checkout_t *co,
    ngx_str_t *values, const char *heading, const char *reason,
    const char *advice)
{
    if (heading) {
        ngx_http_carrierpay_value(HEADING) =
                    *ngx_carrierpay_language_text(co->lang, heading, NULL);
    }

    if (reason) {
        ngx_http_carrierpay_value(REASON) =
                     *ngx_carrierpay_language_text(co->lang, reason, NULL);
    }

    if (advice) {
        ngx_http_carrierpay_value(ADVICE) =
                     *ngx_carrierpay_language_text(co->lang, advice, NULL);
    }
}


/* url NULL: the page itself */

static ngx_int_t
ngx_http_carrierpay_show_refresh(ngx_http_request_t *r, ngx_uint_t seconds,
    ngx_str_t *url)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN + sizeof("; url=") - 1
                                      + (url ? url->len : 0));
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", seconds) - value.data;

    if (url) {
        value.len = ngx_sprintf(value.data + value.len, "; url=%V", url)
                    - value.data;
    }

    return ngx_http_carrierpay_reply_header(r, "Refresh", &value);
}
