
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_fill.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_checkout_url.h"
#include "ngx_http_carrierpay_countries.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_values.h"


typedef struct {
    const char                     *state;
    ngx_uint_t                      status;
    const char                     *heading;
    const char                     *reason;
    const char                     *advice;
    ngx_http_carrierpay_fill_pt     fill;
} ngx_http_carrierpay_page_row_t;


static ngx_http_carrierpay_page_e ngx_http_carrierpay_show_page(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_http_carrierpay_page_e ngx_http_carrierpay_show_pending(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout);
static ngx_int_t ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_checkout_t *checkout,
    ngx_str_t *values);
static void ngx_http_carrierpay_show_phrase(
    ngx_http_carrierpay_checkout_request_t *cr, const char *name,
    ngx_str_t *value);


/* by ngx_http_carrierpay_page_e; see ngx_http_carrierpay_page_list.h */

#define ngx_http_carrierpay_page_row(name, template, state, status, heading,  \
    reason, advice, fill)                                                     \
    { state, status, heading, reason, advice,                                 \
      ngx_http_carrierpay_fill_##fill },

static ngx_http_carrierpay_page_row_t  ngx_http_carrierpay_page_rows[] = {
    { NULL, 0, NULL, NULL, NULL, NULL },
    NGX_HTTP_CARRIERPAY_PAGES(ngx_http_carrierpay_page_row)
};


ngx_int_t
ngx_http_carrierpay_checkout_show(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_str_t                   url, values[NGX_HTTP_CARRIERPAY_VALUE_MAX];
    ngx_http_carrierpay_page_e  page;

    page = ngx_http_carrierpay_show_page(r, cr, checkout);

    if (page == NGX_HTTP_CARRIERPAY_PAGE_MAX) {
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0,
                      "no page for a payment in state \"%V\"",
                      &checkout->payment.state);
        return NGX_ERROR;
    }

    if (page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE) {

        if (ngx_http_carrierpay_checkout_url_plain(r, &url) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_reply_redirect(r, &url);
    }

    cr->frames = checkout->brand.frames;

    ngx_memzero(values, sizeof(values));

    if (ngx_http_carrierpay_values_payment(r, cr, checkout, values)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_show_send(r, cr, page, checkout, values);
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


/* The page; BY_STATE: the plain listener is to identify the shopper. */

static ngx_http_carrierpay_page_e
ngx_http_carrierpay_show_page(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_carrierpay_payment_t    *p;
    ngx_http_carrierpay_page_e   page;

    p = &checkout->payment;

    if (cr->page == NGX_HTTP_CARRIERPAY_PAGE_STOP) {

        if (cr->stopped) {
            return NGX_HTTP_CARRIERPAY_PAGE_STOPPED;
        }

        /* only a shopper who has paid has purchases to block */

        return p->msisdn.len ? NGX_HTTP_CARRIERPAY_PAGE_STOP
                             : NGX_HTTP_CARRIERPAY_PAGE_STOP_NONE;
    }

    page = ngx_http_carrierpay_checkout_state_page(p);

    return page == NGX_HTTP_CARRIERPAY_PAGE_BY_STATE
           ? ngx_http_carrierpay_show_pending(r, cr, checkout) : page;
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
        cr->decision = &checkout->el.decision;
        cr->end_user = s->identity.msisdn;
        cr->refused = (cr->msisdn.len != 0);
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

    if (cr->sms_token.len && cr->alert == NULL) {
        ngx_http_carrierpay_countries_default(r, cr->lang, &cr->country,
                                              &country);

        if (ngx_http_carrierpay_countries_code(r, &country, &code) == NGX_OK) {
            return NGX_HTTP_CARRIERPAY_PAGE_SMS_CODE;
        }

        cr->alert = "mo_unavailable";
    }

    return (cr->bounce.len || cr->reason.len || cr->alert || cr->framed)
           ? NGX_HTTP_CARRIERPAY_PAGE_IDENTIFY
           : NGX_HTTP_CARRIERPAY_PAGE_BY_STATE;
}


static ngx_int_t
ngx_http_carrierpay_show_send(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_checkout_t *checkout,
    ngx_str_t *values)
{
    ngx_uint_t                       status;
    ngx_http_carrierpay_page_row_t  *row;

    row = &ngx_http_carrierpay_page_rows[page];

    ngx_http_carrierpay_value(STATE).data = (u_char *) row->state;
    ngx_http_carrierpay_value(STATE).len = ngx_strlen(row->state);

    ngx_http_carrierpay_show_phrase(cr, row->heading,
                                    &ngx_http_carrierpay_value(HEADING));
    ngx_http_carrierpay_show_phrase(cr, row->reason,
                                    &ngx_http_carrierpay_value(REASON));
    ngx_http_carrierpay_show_phrase(cr, row->advice,
                                    &ngx_http_carrierpay_value(ADVICE));

    if (row->fill(r, cr, checkout, values) != NGX_OK) {
        return NGX_ERROR;
    }

    status = row->status ? row->status
             : cr->retry ? NGX_HTTP_TOO_MANY_REQUESTS
             : cr->alert || cr->refused ? NGX_HTTP_CARRIERPAY_UNPROCESSABLE
             : NGX_HTTP_OK;

    return ngx_http_carrierpay_pages_send(r, cr->pages, cr->lang, page,
                                          status, &cr->frames, values);
}


static void
ngx_http_carrierpay_show_phrase(ngx_http_carrierpay_checkout_request_t *cr,
    const char *name, ngx_str_t *value)
{
    if (name) {
        *value = *ngx_carrierpay_language_text(cr->lang, name, NULL);
    }
}
