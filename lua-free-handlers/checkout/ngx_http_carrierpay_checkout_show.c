
/*
 * From a payment, its state and the visit's step to a page.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_values.h"


typedef ngx_int_t (*ngx_http_carrierpay_show_pt)(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);


typedef struct {
    const char                    *state;
    ngx_http_carrierpay_show_pt    show;
} ngx_http_carrierpay_show_t;


static ngx_int_t ngx_http_carrierpay_show_pending(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_unidentified(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_confirm(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_pin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_pin_tries(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_mo(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_mo_text(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *code,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_barred(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status,
    ngx_str_t *values);
static void ngx_http_carrierpay_show_reason(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_identify(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_processing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_succeeded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_failed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_expired(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_canceled(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_stop(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);

static void ngx_http_carrierpay_show_texts(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values,
    const char *heading, const char *reason, const char *advice);
static ngx_int_t ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_uint_t status, const char *state,
    ngx_str_t *values);


static ngx_http_carrierpay_show_t  ngx_http_carrierpay_shows[] = {
    { "processing",  ngx_http_carrierpay_show_processing },
    { "succeeded",   ngx_http_carrierpay_show_succeeded },
    { "failed",      ngx_http_carrierpay_show_failed },
    { "expired",     ngx_http_carrierpay_show_expired },
    { "canceled",    ngx_http_carrierpay_show_canceled },
    { NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                    values[NGX_HTTP_CARRIERPAY_VALUE_MAX];
    ngx_carrierpay_payment_t    *p;
    ngx_http_carrierpay_show_t  *show;

    p = &checkout->payment;
    cr->frames = checkout->brand.frames;

    ngx_memzero(values, sizeof(values));

    if (ngx_http_carrierpay_values_payment(r, cr, checkout, values)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cr->step == NGX_HTTP_CARRIERPAY_STEP_STOP) {
        return ngx_http_carrierpay_show_stop(r, cr, p, values);
    }

    if (ngx_carrierpay_payment_is(p, "pending")) {
        return ngx_http_carrierpay_show_pending(r, cr, checkout, values);
    }

    for (show = ngx_http_carrierpay_shows; show->state; show++) {
        if (ngx_carrierpay_payment_is(p, show->state)) {
            return show->show(r, cr, p, values);
        }
    }

    ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                  "no page for a payment in state \"%V\"", &p->state);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_carrierpay_show_pending(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout, ngx_str_t *values)
{
    ngx_carrierpay_session_t  *s;

    if (checkout->payment.expires <= ngx_carrierpay_now()) {
        return ngx_http_carrierpay_show_expired(r, cr, &checkout->payment,
                                                values);
    }

    if (cr->decision) {
        return ngx_http_carrierpay_show_barred(r, cr,
                                           NGX_HTTP_CARRIERPAY_UNPROCESSABLE,
                                           values);
    }

    s = &checkout->session;

    if (checkout->barred) {
        cr->decision = &checkout->el.decision;
        cr->end_user = s->identity.msisdn;

        return ngx_http_carrierpay_show_barred(r, cr, cr->msisdn.len
                                         ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
                                         : NGX_HTTP_OK, values);
    }

    if (cr->step == NGX_HTTP_CARRIERPAY_STEP_PIN) {
        return ngx_http_carrierpay_show_pin(r, cr, values);
    }

    if (cr->step == NGX_HTTP_CARRIERPAY_STEP_LOOK && checkout->identified) {
        cr->identity = s->identity;
        cr->token.data = s->token;
        cr->token.len = NGX_CARRIERPAY_TOKEN_LEN;
        cr->step = NGX_HTTP_CARRIERPAY_STEP_CONFIRM;
    }

    if (cr->step == NGX_HTTP_CARRIERPAY_STEP_CONFIRM) {
        return ngx_http_carrierpay_show_confirm(r, cr, values);
    }

    if (cr->mo.len && cr->alert == NULL) {
        return ngx_http_carrierpay_show_mo(r, cr, values);
    }

    return ngx_http_carrierpay_show_unidentified(r, cr, values);
}


/*
 * Who comes without a word from the plain listener is sent there: once, since
 * the way back says how it went; and not out of a frame, where browsers show
 * nothing that is not HTTPS.
 */

static ngx_int_t
ngx_http_carrierpay_show_unidentified(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    ngx_str_t  url;

    if (cr->bounce.len || cr->reason.len || cr->alert || cr->framed) {
        return ngx_http_carrierpay_show_identify(r, cr, values);
    }

    if (ngx_http_carrierpay_values_again(r, &url) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &url);
}


static ngx_int_t
ngx_http_carrierpay_show_confirm(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    ngx_http_carrierpay_values_told(cr, values);
    ngx_http_carrierpay_values_carrier(&cr->identity.carrier, values);
    ngx_http_carrierpay_value(TOKEN) = cr->token;

    if (ngx_http_carrierpay_values_end_user(r, &cr->identity.msisdn, values)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_CONFIRM,
                                         cr->alert
                                         ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
                                         : NGX_HTTP_OK, "confirm", values);
}


static ngx_int_t
ngx_http_carrierpay_show_pin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    ngx_uint_t  status;

    ngx_http_carrierpay_values_told(cr, values);
    ngx_http_carrierpay_values_carrier(&cr->identity.carrier, values);
    ngx_http_carrierpay_value(TOKEN) = cr->token;

    /* what can still be asked for is known when it was asked for just now */

    if (cr->sent.result == NGX_CARRIERPAY_PIN_UNAVAILABLE || cr->sent.left) {
        ngx_str_set(&ngx_http_carrierpay_value(RESEND), "1");
    }

    if ((cr->sent.wait
         && ngx_http_carrierpay_values_wait(r, cr, cr->sent.wait, values)
            != NGX_OK)
        || ngx_http_carrierpay_values_end_user(r, &cr->identity.msisdn, values)
           != NGX_OK
        || ngx_http_carrierpay_show_pin_tries(r, cr, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    status = cr->retry ? NGX_HTTP_TOO_MANY_REQUESTS
             : cr->alert ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE : NGX_HTTP_OK;

    return ngx_http_carrierpay_show_send(r, cr, NGX_HTTP_CARRIERPAY_PAGE_PIN,
                                         status, "pin", values);
}


static ngx_int_t
ngx_http_carrierpay_show_pin_tries(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    u_char  *p;

    if (cr->tries == 1) {
        ngx_str_set(&ngx_http_carrierpay_value(LAST), "1");

    } else if (cr->tries) {
        p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_http_carrierpay_value(LEFT).data = p;
        ngx_http_carrierpay_value(LEFT).len = ngx_sprintf(p, "%ui", cr->tries)
                                              - p;
    }

    return NGX_OK;
}


/* it waits for an SMS with the code that follows from its token */

static ngx_int_t
ngx_http_carrierpay_show_mo(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    u_char     *query;
    ngx_str_t   country, code;

    ngx_http_carrierpay_countries_guess(r, cr->lang, &cr->country, &country);

    if (ngx_http_carrierpay_countries_code(r, &country, &code) != NGX_OK) {
        cr->alert = "mo_unavailable";
        return ngx_http_carrierpay_show_identify(r, cr, values);
    }

    query = ngx_pnalloc(r->pool, sizeof("?m=&c=") + cr->mo.len + country.len);
    if (query == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(query, "?m=%V&c=%V%Z", &cr->mo, &country);

    if (ngx_http_carrierpay_values_self(r, (char *) query,
                                        &ngx_http_carrierpay_value(LIVE))
        != NGX_OK
        || ngx_http_carrierpay_show_mo_text(r, cr, &code, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr, NGX_HTTP_CARRIERPAY_PAGE_MO,
                                         NGX_HTTP_OK, "mo", values);
}


static ngx_int_t
ngx_http_carrierpay_show_mo_text(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *code,
    ngx_str_t *values)
{
    u_char           *p, digits[NGX_CARRIERPAY_TOKEN_DIGITS];
    ngx_str_t         number;
    const ngx_str_t  *word;

    ngx_carrierpay_token_code(digits, cr->mo.data);
    number.data = digits;
    number.len = sizeof(digits);

    word = ngx_carrierpay_language_text(cr->lang, "mo_word", NULL);

    p = ngx_pnalloc(r->pool, 2 * (word->len + sizeof(digits))
                             + sizeof(" sms:?&body=%20") + code->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_http_carrierpay_value(MO_NUMBER) = *code;

    ngx_http_carrierpay_value(MO_TEXT).data = p;
    p = ngx_sprintf(p, "%V %V", word, &number);
    ngx_http_carrierpay_value(MO_TEXT).len =
                              p - ngx_http_carrierpay_value(MO_TEXT).data;

    /* iOS wants an ampersand before the body, Android a question mark */

    ngx_http_carrierpay_value(MO_URL).data = p;
    p = ngx_sprintf(p, "sms:%V?&body=%V%%20%V", code, word, &number);
    ngx_http_carrierpay_value(MO_URL).len =
                               p - ngx_http_carrierpay_value(MO_URL).data;

    return NGX_OK;
}


/* who your operator is, why not, and what else you can do */

static ngx_int_t
ngx_http_carrierpay_show_barred(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status,
    ngx_str_t *values)
{
    ngx_http_carrierpay_values_carrier(&cr->decision->carrier, values);
    ngx_http_carrierpay_show_reason(cr, values);

    if (ngx_http_carrierpay_values_end_user(r, &cr->end_user, values) != NGX_OK
        || ngx_http_carrierpay_values_number(r, cr, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_str_null(&ngx_http_carrierpay_value(NUMBER));
    ngx_str_null(&ngx_http_carrierpay_value(GUESS));

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_BARRED,
                                         status, "barred", values);
}


/* a reason that the configuration has invented is told in general */

static void
ngx_http_carrierpay_show_reason(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *values)
{
    const ngx_str_t  *text, *refused, *reason;

    reason = &cr->decision->reason;

    text = ngx_carrierpay_language_text(cr->lang, "code_", reason);
    refused = ngx_carrierpay_language_text(cr->lang, "code_", NULL);

    if (text == refused) {
        text = ngx_carrierpay_language_text(cr->lang, "barred_", NULL);
    }

    ngx_http_carrierpay_value(REASON) = *text;
    ngx_http_carrierpay_value(ADVICE) =
                  *ngx_carrierpay_language_text(cr->lang, "instead_", reason);
}


static ngx_int_t
ngx_http_carrierpay_show_identify(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *values)
{
    ngx_str_t         used = ngx_string("used"), absent = ngx_string("absent");
    ngx_str_t        *why;
    ngx_uint_t        status;
    const ngx_str_t  *text;

    status = cr->retry ? NGX_HTTP_TOO_MANY_REQUESTS
             : cr->alert ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE : NGX_HTTP_OK;

    why = cr->bounce.len ? &used : cr->reason.len ? &cr->reason : &absent;
    text = ngx_carrierpay_language_text(cr->lang, "why_", why);

    ngx_http_carrierpay_value(REASON) = text->len
                    ? *text
                    : *ngx_carrierpay_language_text(cr->lang, "why_", &absent);

    ngx_http_carrierpay_values_told(cr, values);

    if (ngx_http_carrierpay_values_number(r, cr, values) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY,
                                         status, "identify", values);
}


/* it looks again by itself: the shop need not be told an outcome yet */

static ngx_int_t
ngx_http_carrierpay_show_processing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    const char  *state;

    if (p->approval) {
        state = "approve";
        ngx_http_carrierpay_show_texts(cr, values, "approve_title",
                                       "approve_text", "approve_advice");

    } else {
        state = "processing";
        ngx_http_carrierpay_show_texts(cr, values, "processing_title",
                                       "processing_text",
                                       "processing_advice");
    }

    if (ngx_http_carrierpay_values_self(r, "",
                                        &ngx_http_carrierpay_value(LIVE))
        != NGX_OK
        || ngx_http_carrierpay_values_subscriber(r, p, values) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr, NGX_HTTP_CARRIERPAY_PAGE_WAIT,
                                         NGX_HTTP_OK, state, values);
}


static ngx_int_t
ngx_http_carrierpay_show_succeeded(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    if (cr->said.len == sizeof("sent") - 1
        && ngx_memcmp(cr->said.data, "sent", sizeof("sent") - 1) == 0)
    {
        cr->note = "mail_sent";

    } else if (cr->said.len == sizeof("many") - 1
               && ngx_memcmp(cr->said.data, "many", sizeof("many") - 1) == 0)
    {
        cr->note = "mail_many";
    }

    ngx_http_carrierpay_values_told(cr, values);
    ngx_http_carrierpay_value(EMAIL) = cr->email;

    if (ngx_http_carrierpay_conf(r)->smtp.max) {
        ngx_str_set(&ngx_http_carrierpay_value(MAIL), "1");
    }

    if (ngx_http_carrierpay_values_subscriber(r, p, values) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_RECEIPT,
                                         cr->alert
                                         ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
                                         : NGX_HTTP_OK, "succeeded", values);
}


static ngx_int_t
ngx_http_carrierpay_show_failed(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(cr, values, "failed_title", NULL,
                                   "failed_advice");

    ngx_http_carrierpay_value(REASON) =
        *ngx_carrierpay_language_text(cr->lang, "code_", &p->failure_code);
    ngx_str_set(&ngx_http_carrierpay_value(MOOD), "bad");

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                         NGX_HTTP_OK, "failed", values);
}


static ngx_int_t
ngx_http_carrierpay_show_expired(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(cr, values, "expired_title",
                                   "expired_text", NULL);

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                         NGX_HTTP_OK, "expired", values);
}


static ngx_int_t
ngx_http_carrierpay_show_canceled(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_http_carrierpay_show_texts(cr, values, "canceled_title",
                                   "canceled_text", NULL);

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                         NGX_HTTP_OK, "canceled", values);
}


/* only who has paid has something to block */

static ngx_int_t
ngx_http_carrierpay_show_stop(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_str_null(&ngx_http_carrierpay_value(RETURN));

    if (ngx_http_carrierpay_values_subscriber(r, p, values) != NGX_OK) {
        return NGX_ERROR;
    }

    if (p->msisdn.len && !cr->stopped) {
        return ngx_http_carrierpay_show_send(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_STOP,
                                             NGX_HTTP_OK, "stop", values);
    }

    ngx_str_null(&ngx_http_carrierpay_value(REFERENCE));

    if (cr->stopped) {
        ngx_http_carrierpay_show_texts(cr, values, "stopped_title",
                                       "stopped_text", "stopped_advice");

        return ngx_http_carrierpay_show_send(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                             NGX_HTTP_OK, "stopped", values);
    }

    ngx_http_carrierpay_show_texts(cr, values, "stop_none_title",
                                   "stop_none_text", NULL);

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                         NGX_HTTP_NOT_FOUND, "stop", values);
}


ngx_int_t
ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_uint_t status,
    const char *title, const char *reason)
{
    ngx_str_t  values[NGX_HTTP_CARRIERPAY_VALUE_MAX];

    ngx_memzero(values, sizeof(values));
    ngx_str_null(&cr->frames);

    ngx_http_carrierpay_show_texts(cr, values, title, reason, NULL);

    ngx_str_set(&ngx_http_carrierpay_value(MOOD), "bad");

    if (cr->payment_id
        && ngx_http_carrierpay_values_again(r,
                                            &ngx_http_carrierpay_value(AGAIN))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr,
                                         NGX_HTTP_CARRIERPAY_PAGE_MESSAGE,
                                         status, "message", values);
}


static void
ngx_http_carrierpay_show_texts(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *values, const char *heading, const char *reason,
    const char *advice)
{
    if (heading) {
        ngx_http_carrierpay_value(HEADING) =
                    *ngx_carrierpay_language_text(cr->lang, heading, NULL);
    }

    if (reason) {
        ngx_http_carrierpay_value(REASON) =
                     *ngx_carrierpay_language_text(cr->lang, reason, NULL);
    }

    if (advice) {
        ngx_http_carrierpay_value(ADVICE) =
                     *ngx_carrierpay_language_text(cr->lang, advice, NULL);
    }
}


static ngx_int_t
ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_uint_t status, const char *state,
    ngx_str_t *values)
{
    ngx_http_carrierpay_value(STATE).data = (u_char *) state;
    ngx_http_carrierpay_value(STATE).len = ngx_strlen(state);

    return ngx_http_carrierpay_pages_send(r, cr->pages, cr->lang, page,
                                          status, &cr->frames, values);
}
