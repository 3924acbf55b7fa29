
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_random.h"
#include "ngx_carrierpay_time.h"
#include "ngx_carrierpay_token.h"
#include "ngx_http_carrierpay_checkout_state.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_result.h"


#define NGX_HTTP_CARRIERPAY_RESULT_COOKIE                                     \
    NGX_HTTP_CARRIERPAY_CHECKOUT_COOKIE                                       \
    "=%*s; Path=%V%V; Secure; HttpOnly; SameSite=%s"


/* the texts of an entry, in this order behind its fixed fields */

typedef enum {
    NGX_HTTP_CARRIERPAY_RESULT_COUNTRY = 0,
    NGX_HTTP_CARRIERPAY_RESULT_NUMBER,
    NGX_HTTP_CARRIERPAY_RESULT_EMAIL,
    NGX_HTTP_CARRIERPAY_RESULT_TOKEN,
    NGX_HTTP_CARRIERPAY_RESULT_OPERATOR,   /* empty: none */
    NGX_HTTP_CARRIERPAY_RESULT_MVNO,
    NGX_HTTP_CARRIERPAY_RESULT_DECISION,   /* empty: the end user may pay */
    NGX_HTTP_CARRIERPAY_RESULT_N
} ngx_http_carrierpay_result_text_e;


/* The size of this struct and of the two lists say which version wrote it. */

typedef struct {
    uint32_t                  size;
    uint32_t                  nphrases;
    uint32_t                  npages;
    int64_t                   payment_id;
    int64_t                   at;          /* ms; the times start here */
    uint32_t                  state;       /* of the payment: its page */
    uint32_t                  declined;    /* the length of what it tells of
                                              attempts: another one changes
                                              it */
    uint32_t                  page;
    uint32_t                  alert;
    uint32_t                  note;
    uint32_t                  retry;
    uint32_t                  later;
    uint32_t                  dead;
    uint32_t                  tries;
    uint32_t                  sent;
    uint32_t                  wait;
    uint32_t                  left;
    uint32_t                  refused;
    uint32_t                  typed;
    ngx_carrierpay_msisdn_t   msisdn;
    uint32_t                  lens[NGX_HTTP_CARRIERPAY_RESULT_N];
} ngx_http_carrierpay_result_entry_t;


static void ngx_http_carrierpay_result_texts(
    ngx_http_carrierpay_checkout_request_t *cr, ngx_str_t *texts);
static ngx_int_t ngx_http_carrierpay_result_unpack(ngx_http_request_t *r,
    ngx_str_t *text, ngx_http_carrierpay_result_entry_t *entry,
    ngx_str_t *texts);
static ngx_uint_t ngx_http_carrierpay_result_asked(
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_result_entry_t *entry);
static ngx_uint_t ngx_http_carrierpay_result_is(ngx_str_t *value,
    const char *text);
static ngx_int_t ngx_http_carrierpay_result_end_user(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_result_entry_t *entry, ngx_str_t *texts);
static ngx_uint_t ngx_http_carrierpay_result_remains(ngx_uint_t seconds,
    int64_t since);


/* A frame of another site gets a jar of its own for each such site. */

ngx_int_t
ngx_http_carrierpay_result_begin(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr)
{
    u_char                      token[NGX_CARRIERPAY_TOKEN_LEN];
    ngx_str_t                   value;
    const char                 *site;
    ngx_http_core_loc_conf_t   *clcf;
    ngx_http_carrierpay_ctx_t  *ctx;

    if (cr->browser.len) {
        return NGX_OK;
    }

    ctx = ngx_http_carrierpay_ctx(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    site = cr->framed ? "None; Partitioned" : "Lax";

    value.data = ngx_pnalloc(r->pool,
                             sizeof(NGX_HTTP_CARRIERPAY_RESULT_COOKIE)
                             + sizeof(token) + clcf->name.len + ctx->id.len
                             + ngx_strlen(site));

    if (value.data == NULL || ngx_carrierpay_random_token(token) != NGX_OK) {
        return NGX_ERROR;
    }

    value.len = ngx_sprintf(value.data, NGX_HTTP_CARRIERPAY_RESULT_COOKIE,
                            sizeof(token), token, &clcf->name, &ctx->id, site)
                - value.data;

    return ngx_http_carrierpay_reply_header(r, "Set-Cookie", &value);
}


ngx_int_t
ngx_http_carrierpay_result_pack(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_payment_t *p,
    ngx_str_t *text)
{
    u_char                              *b;
    ngx_str_t                            texts[NGX_HTTP_CARRIERPAY_RESULT_N];
    ngx_uint_t                           i;
    ngx_http_carrierpay_result_entry_t   entry;

    ngx_http_carrierpay_result_texts(cr, texts);
    ngx_memzero(&entry, sizeof(entry));

    entry.size = sizeof(entry);
    entry.nphrases = NGX_CARRIERPAY_PHRASE_MAX;
    entry.npages = NGX_HTTP_CARRIERPAY_PAGE_MAX;
    entry.payment_id = p->id;
    entry.at = ngx_carrierpay_now();
    entry.state = ngx_http_carrierpay_checkout_state_page(p);
    entry.declined = p->declined.len;
    entry.page = page;
    entry.alert = cr->alert;
    entry.note = cr->note;
    entry.retry = cr->retry;
    entry.later = cr->later;
    entry.dead = cr->dead;
    entry.tries = cr->tries;
    entry.sent = cr->sent.result;
    entry.wait = cr->sent.wait;
    entry.left = cr->sent.left;
    entry.refused = cr->refused;
    entry.typed = cr->typed;
    entry.msisdn = cr->decision ? cr->end_user : cr->identity.msisdn;

    text->len = sizeof(entry);

    for (i = 0; i < NGX_HTTP_CARRIERPAY_RESULT_N; i++) {
        entry.lens[i] = texts[i].len;
        text->len += texts[i].len;
    }

    text->data = ngx_pnalloc(r->pool, text->len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    b = ngx_cpymem(text->data, &entry, sizeof(entry));

    for (i = 0; i < NGX_HTTP_CARRIERPAY_RESULT_N; i++) {
        if (texts[i].len) {
            b = ngx_cpymem(b, texts[i].data, texts[i].len);
        }
    }

    return NGX_OK;
}


static void
ngx_http_carrierpay_result_texts(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_str_t *texts)
{
    ngx_carrierpay_carrier_t  *carrier;

    carrier = cr->decision ? &cr->decision->carrier : &cr->identity.carrier;

    ngx_memzero(texts, NGX_HTTP_CARRIERPAY_RESULT_N * sizeof(ngx_str_t));

    texts[NGX_HTTP_CARRIERPAY_RESULT_COUNTRY] = cr->country;
    texts[NGX_HTTP_CARRIERPAY_RESULT_NUMBER] = cr->number;
    texts[NGX_HTTP_CARRIERPAY_RESULT_EMAIL] = cr->email;
    texts[NGX_HTTP_CARRIERPAY_RESULT_TOKEN] = cr->token;

    if (carrier->operator) {
        texts[NGX_HTTP_CARRIERPAY_RESULT_OPERATOR] = carrier->operator->name;
    }

    if (carrier->mvno) {
        texts[NGX_HTTP_CARRIERPAY_RESULT_MVNO] = carrier->mvno->name;
    }

    if (cr->decision) {
        texts[NGX_HTTP_CARRIERPAY_RESULT_DECISION] = cr->decision->reason;
    }
}


ngx_int_t
ngx_http_carrierpay_result_resume(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_checkout_t *checkout)
{
    ngx_int_t                            rc;
    ngx_str_t                            texts[NGX_HTTP_CARRIERPAY_RESULT_N];
    ngx_carrierpay_payment_t            *p;
    ngx_http_carrierpay_result_entry_t   entry;

    p = &checkout->read.payment;

    rc = ngx_http_carrierpay_result_unpack(r, &checkout->form.text, &entry,
                                          texts);

    if (rc != NGX_OK) {
        return rc;
    }

    if (entry.payment_id != p->id
        || entry.state != ngx_http_carrierpay_checkout_state_page(p)
        || entry.declined != p->declined.len)
    {
        return NGX_DECLINED;
    }

    cr->country = texts[NGX_HTTP_CARRIERPAY_RESULT_COUNTRY];
    cr->number = texts[NGX_HTTP_CARRIERPAY_RESULT_NUMBER];

    if (!ngx_http_carrierpay_result_asked(cr, &entry)) {
        return NGX_DECLINED;
    }

    if (cr->redirected.len) {
        cr->alert = entry.alert;
        cr->note = entry.note;
        cr->retry = ngx_http_carrierpay_result_remains(entry.retry, entry.at);
        cr->later = ngx_http_carrierpay_result_remains(entry.later, entry.at);
        cr->tries = entry.tries;
        cr->refused = entry.refused;
    }

    cr->page = entry.page;
    cr->dead = entry.dead;
    cr->sent.result = entry.sent;
    cr->sent.left = entry.left;
    cr->sent.wait = ngx_http_carrierpay_result_remains(entry.wait, entry.at);
    cr->typed = entry.typed;
    cr->email = texts[NGX_HTTP_CARRIERPAY_RESULT_EMAIL];
    cr->token = texts[NGX_HTTP_CARRIERPAY_RESULT_TOKEN];

    return ngx_http_carrierpay_result_end_user(r, cr, &entry, texts);
}


/* The texts are copied, since the flow that has read them ends before. */

static ngx_int_t
ngx_http_carrierpay_result_unpack(ngx_http_request_t *r, ngx_str_t *text,
    ngx_http_carrierpay_result_entry_t *entry, ngx_str_t *texts)
{
    u_char      *p, *last;
    ngx_uint_t   i;

    if (text->len < sizeof(*entry)) {
        return NGX_DECLINED;
    }

    ngx_memcpy(entry, text->data, sizeof(*entry));

    if (entry->size != sizeof(*entry)
        || entry->nphrases != NGX_CARRIERPAY_PHRASE_MAX
        || entry->npages != NGX_HTTP_CARRIERPAY_PAGE_MAX)
    {
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(r->pool, text->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_cpymem(p, text->data, text->len);
    p += sizeof(*entry);

    for (i = 0; i < NGX_HTTP_CARRIERPAY_RESULT_N; i++) {

        if (entry->lens[i] > (size_t) (last - p)) {
            return NGX_DECLINED;
        }

        texts[i].data = p;
        texts[i].len = entry->lens[i];
        p += entry->lens[i];
    }

    return NGX_OK;
}


/*
 * The page that a form has led to is shown as often as it is asked for.  Any
 * other way to the payment leads to the page of the PIN that is out, unless
 * the shopper wants another number, or that page's token is used or lost.
 */

static ngx_uint_t
ngx_http_carrierpay_result_asked(ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_result_entry_t *entry)
{
    return cr->redirected.len
           || (entry->page == NGX_HTTP_CARRIERPAY_PAGE_PIN
               && !ngx_http_carrierpay_result_is(&cr->reason, "other")
               && !ngx_http_carrierpay_result_is(&cr->reason, "used")
               && !ngx_http_carrierpay_result_is(&cr->reason, "lost"));
}


static ngx_uint_t
ngx_http_carrierpay_result_is(ngx_str_t *value, const char *text)
{
    return value->len == ngx_strlen(text)
           && ngx_memcmp(value->data, text, value->len) == 0;
}


/* An operator that is not configured any more has no name on the page. */

static ngx_int_t
ngx_http_carrierpay_result_end_user(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_result_entry_t *entry, ngx_str_t *texts)
{
    ngx_str_t                  *name;
    ngx_carrierpay_carrier_t   *carrier;
    ngx_carrierpay_operator_t  *op;

    carrier = &cr->identity.carrier;
    cr->identity.msisdn = entry->msisdn;

    name = &texts[NGX_HTTP_CARRIERPAY_RESULT_OPERATOR];
    op = ngx_carrierpay_operator_find(&ngx_http_carrierpay_conf(r)->operators,
                                      name);

    name = &texts[NGX_HTTP_CARRIERPAY_RESULT_MVNO];
    carrier->operator = op;
    carrier->mvno = op ? ngx_carrierpay_mvno_find(op, name) : NULL;

    if (texts[NGX_HTTP_CARRIERPAY_RESULT_DECISION].len == 0) {
        return NGX_OK;
    }

    cr->decision = ngx_pcalloc(r->pool, sizeof(ngx_carrierpay_decision_t));
    if (cr->decision == NULL) {
        return NGX_ERROR;
    }

    cr->decision->carrier = *carrier;
    cr->decision->reason = texts[NGX_HTTP_CARRIERPAY_RESULT_DECISION];
    cr->end_user = entry->msisdn;

    return NGX_OK;
}


/* What is left of so many seconds from then on. */

static ngx_uint_t
ngx_http_carrierpay_result_remains(ngx_uint_t seconds, int64_t since)
{
    int64_t  ms;

    ms = since + (int64_t) seconds * 1000 - ngx_carrierpay_now();

    return ms > 0 ? ngx_min((ngx_uint_t) (ms + 999) / 1000, seconds) : 0;
}
