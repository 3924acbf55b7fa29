
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_form_result.h"
#include "ngx_http_carrierpay_checkout_fill.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_flow_wait.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_result.h"
#include "ngx_http_carrierpay_values.h"


typedef struct {
    const char                     *state;
    ngx_uint_t                      status;
    ngx_carrierpay_phrase_e         heading;
    ngx_carrierpay_phrase_e         reason;
    ngx_carrierpay_phrase_e         advice;
    ngx_http_carrierpay_fill_pt     fill;
} ngx_http_carrierpay_page_row_t;


static ngx_http_carrierpay_page_e ngx_http_carrierpay_show_pending(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_show_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p);
static ngx_int_t ngx_http_carrierpay_show_stored(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p,
    ngx_str_t *values);
static ngx_int_t ngx_http_carrierpay_show_retry(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr);


/* by ngx_http_carrierpay_page_e; see ngx_http_carrierpay_page_list.h */

#define ngx_http_carrierpay_page_row(name, template, state, status, heading,  \
    reason, advice, fill)                                                     \
    { state, status, NGX_CARRIERPAY_PHRASE_##heading,                         \
      NGX_CARRIERPAY_PHRASE_##reason, NGX_CARRIERPAY_PHRASE_##advice,         \
      ngx_http_carrierpay_fill_##fill },

static ngx_http_carrierpay_page_row_t  ngx_http_carrierpay_page_rows[] = {
    { NULL, 0, 0, 0, 0, NULL },
    NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_page_row)
};


ngx_int_t
ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                    url;
    ngx_http_carrierpay_page_e   page;
    ngx_carrierpay_payment_t    *p;

    p = &checkout->read.payment;
    page = ngx_http_carrierpay_checkout_state_page(p);

    if (page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE) {
        page = ngx_http_carrierpay_show_pending(r, cr, checkout);
    }

    if (page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE) {

        if (ngx_http_carrierpay_checkout_url_plain(r, &url) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_reply_redirect(r, &url);
    }

    return ngx_http_carrierpay_checkout_show_page(r, cr, page,
                                                  &checkout->read);
}


ngx_int_t
ngx_http_carrierpay_checkout_show_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_read_t *read)
{
    ngx_str_t  values[NGX_HTTP_CARRIERPAY_VALUE_MAX];

    if (r->method == NGX_HTTP_POST && cr->browser.len) {
        return ngx_http_carrierpay_show_later(r, cr, page, &read->payment);
    }

    cr->frames = read->brand.frames;

    ngx_memzero(values, sizeof(values));

    if (ngx_http_carrierpay_values_payment(r, cr, read, values) != NGX_OK
        || ngx_http_carrierpay_result_begin(r, cr) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr, page, &read->payment, values);
}


/*
 * A form leads to a page that is got: Back and a reload send nothing again.  A
 * browser that keeps no cookie gets the page as the answer to its form, since
 * nothing but a link would name the result.
 */

static ngx_int_t
ngx_http_carrierpay_show_later(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p)
{
    ngx_str_t               text;
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    if (ngx_http_carrierpay_result_pack(r, cr, page, p, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    core = ngx_http_carrierpay_core(r);
    flow = core ? ngx_carrierpay_form_result_store(core, &cr->browser, &text)
                : NULL;

    if (flow == NULL) {
        cr->retry = 2;
        return ngx_http_carrierpay_checkout_message(r, cr,
                                        NGX_HTTP_CARRIERPAY_PAGE_UNAVAILABLE);
    }

    return ngx_http_carrierpay_flow_wait(r, flow,
                                    NGX_HTTP_CARRIERPAY_CHECKOUT_PAGE_TIMEOUT,
                                    ngx_http_carrierpay_show_stored);
}


static ngx_int_t
ngx_http_carrierpay_show_stored(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_str_t                                url;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);
    cr = ctx->data;

    if (flow->result != NGX_CARRIERPAY_FLOW_OK) {
        cr->retry = 2;
        return ngx_http_carrierpay_checkout_message(r, cr,
                                        NGX_HTTP_CARRIERPAY_PAGE_UNAVAILABLE);
    }

    if (ngx_http_carrierpay_checkout_url_self(r, "?v=1", &url) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_redirect(r, &url);
}


ngx_int_t
ngx_http_carrierpay_checkout_message(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page)
{
    ngx_str_t  values[NGX_HTTP_CARRIERPAY_VALUE_MAX];

    ngx_memzero(values, sizeof(values));
    ngx_str_null(&cr->frames);

    return ngx_http_carrierpay_show_send(r, cr, page, NULL, values);
}


/*
 * A shopper comes to a pending payment's page without an identity and is
 * redirected to the plain listener once, since the way back says what came of
 * it; and not out of a frame, where browsers show nothing that is not HTTPS.
 */

static ngx_http_carrierpay_page_e
ngx_http_carrierpay_show_pending(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                 country, code;
    ngx_carrierpay_session_t  *s;

    if (cr->decision) {
        cr->refused = 1;
        return NGX_HTTP_CARRIERPAY_PAGE_BARRED;
    }

    s = &checkout->session;

    if (checkout->barred) {
        cr->decision = &checkout->eligibility.decision;
        cr->end_user = s->identity.msisdn;
        cr->typed = (cr->msisdn.len != 0);
        cr->refused = cr->typed;
        return NGX_HTTP_CARRIERPAY_PAGE_BARRED;
    }

    if (cr->page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE
        && checkout->identified)
    {
        cr->identity = s->identity;
        cr->token.data = s->token;
        cr->token.len = NGX_CARRIERPAY_TOKEN_LEN;
        return NGX_HTTP_CARRIERPAY_PAGE_CONFIRM;
    }

    if (cr->page != NGX_HTTP_CARRIERPAY_PAGE_BY_STATE) {
        return cr->page;
    }

    if (cr->sms_token.len && cr->alert == NGX_CARRIERPAY_PHRASE_NONE) {
        ngx_http_carrierpay_countries_default(r, cr->lang, &cr->country,
                                           &checkout->read.payment.currency,
                                              &country);

        if (ngx_http_carrierpay_countries_code(r, &country, &code) == NGX_OK) {
            return NGX_HTTP_CARRIERPAY_PAGE_SMS_CODE;
        }

        cr->alert = NGX_CARRIERPAY_PHRASE_MO_UNAVAILABLE;
    }

    /* a script that polls follows no redirect to the plain listener */

    return (cr->bounce.len || cr->reason.len || cr->alert || cr->framed
            || ngx_http_carrierpay_guard_script(r))
           ? NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY
           : NGX_HTTP_CARRIERPAY_PAGE_BY_STATE;
}


static ngx_int_t
ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    ngx_uint_t                       status;
    ngx_http_carrierpay_page_row_t  *row;

    row = &ngx_http_carrierpay_page_rows[page];

    ngx_http_carrierpay_value(STATE).data = (u_char *) row->state;
    ngx_http_carrierpay_value(STATE).len = ngx_strlen(row->state);

    ngx_http_carrierpay_value(HEADING) =
                      *ngx_carrierpay_language_text(cr->lang, row->heading);
    ngx_http_carrierpay_value(REASON) =
                       *ngx_carrierpay_language_text(cr->lang, row->reason);
    ngx_http_carrierpay_value(ADVICE) =
                       *ngx_carrierpay_language_text(cr->lang, row->advice);

    if (row->fill(r, cr, p, values) != NGX_OK
        || (cr->retry && ngx_http_carrierpay_show_retry(r, cr) != NGX_OK))
    {
        return NGX_ERROR;
    }

    status = cr->status ? cr->status
             : row->status ? row->status
             : cr->retry ? NGX_HTTP_TOO_MANY_REQUESTS
             : cr->alert || cr->refused ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
             : NGX_HTTP_OK;

    return ngx_http_carrierpay_pages_send(r, cr->pages, cr->lang, page,
                                          status, &cr->frames, values);
}


static ngx_int_t
ngx_http_carrierpay_show_retry(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    ngx_str_t  value;

    value.data = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, "%ui", cr->retry) - value.data;

    return ngx_http_carrierpay_reply_header(r, "Retry-After", &value);
}
