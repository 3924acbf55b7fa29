
/*
 * The shopper's side of HTTPS: /pay/cs_…, where a tap pays.
 *
 *   GET  cs_…           the page that the payment's state asks for
 *   POST cs_…/confirm   the tap; then 303 to the page
 *   POST cs_…/number    a typed number
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_charge_confirm.h"
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_visit.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_pages.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_watch.h"


/* a look is answered soon; a tap waits for the operator */

#define NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT     2000
#define NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT  25000

#define NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX         4096
#define NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX       32


typedef struct {
    ngx_http_carrierpay_pages_t   pages;
    ngx_uint_t                    used;
} ngx_http_carrierpay_checkout_main_conf_t;


typedef struct {
    ngx_uint_t                    enable;
} ngx_http_carrierpay_checkout_loc_conf_t;


static ngx_int_t ngx_http_carrierpay_checkout_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_checkout_page(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_checkout_looked(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_note(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit);
static ngx_int_t ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_checkout_confirmed(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow);
static ngx_int_t ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge);
static ngx_int_t ngx_http_carrierpay_checkout_number(ngx_http_request_t *r,
    ngx_str_t *body);
static const char *ngx_http_carrierpay_checkout_typed(ngx_http_request_t *r,
    ngx_str_t *number, ngx_carrierpay_msisdn_t *msisdn);

static ngx_int_t ngx_http_carrierpay_checkout_miss(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_checkout_unavailable(
    ngx_http_request_t *r, ngx_http_carrierpay_checkout_t *co);

static void *ngx_http_carrierpay_checkout_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_checkout_init_main_conf(ngx_conf_t *cf,
    void *conf);
static void *ngx_http_carrierpay_checkout_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_checkout_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_carrierpay_checkout_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_checkout_routes[] = {

    { NGX_HTTP_GET, ngx_string("/{id}"),
      0, ngx_http_carrierpay_checkout_page },

    { NGX_HTTP_POST, ngx_string("/{id}/confirm"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_confirm },

    { NGX_HTTP_POST, ngx_string("/{id}/number"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_number },

    { 0, ngx_null_string, 0, NULL }
};


static ngx_command_t  ngx_http_carrierpay_checkout_commands[] = {

    { ngx_string("carrierpay_checkout"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_checkout_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_checkout_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    ngx_http_carrierpay_checkout_create_main_conf, /* create main conf */
    ngx_http_carrierpay_checkout_init_main_conf,   /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_checkout_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_checkout_merge_loc_conf    /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_checkout_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_checkout_module_ctx,      /* module context */
    ngx_http_carrierpay_checkout_commands,         /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    NULL,                                          /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_checkout_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_checkout_routes,
                                     &path, ngx_http_carrierpay_checkout_miss);
}


static ngx_int_t
ngx_http_carrierpay_checkout_page(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_str_t                       *style;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);

    co = ngx_http_carrierpay_checkout_visit(r);
    if (co == NULL) {
        return NGX_ERROR;
    }

    style = &co->pages->style;

    if (ctx->id.len == style->len
        && ngx_memcmp(ctx->id.data, style->data, style->len) == 0)
    {
        return ngx_http_carrierpay_pages_style(r);
    }

    (void) ngx_http_arg(r, (u_char *) "t", 1, &co->bounce);
    (void) ngx_http_arg(r, (u_char *) "n", 1, &co->reason);

    return ngx_http_carrierpay_checkout_look(r, co);
}


ngx_int_t
ngx_http_carrierpay_checkout_look(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    ngx_msec_t              timeout;
    ngx_carrierpay_core_t  *core;
    ngx_carrierpay_flow_t  *flow;

    if (co->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);
    }

    core = ngx_http_carrierpay_core(r);

    if (core == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    flow = co->msisdn.len ? ngx_carrierpay_visit_number(core, co->payment_id,
                                                        &co->msisdn)
                          : ngx_carrierpay_visit_page(core, co->payment_id,
                                                      &co->visitor,
                                                      &co->bounce,
                                                      &co->consent);
    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    timeout = NGX_HTTP_CARRIERPAY_CHECKOUT_LOOK_TIMEOUT
              + ngx_carrierpay_lookup_timeout(&core->conf->operators);

    return ngx_http_carrierpay_watch(r, flow, timeout,
                                     ngx_http_carrierpay_checkout_looked);
}


static ngx_int_t
ngx_http_carrierpay_checkout_looked(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_visit_t          *visit;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;
    visit = flow->data;

    if (flow->late || flow->rc == NGX_ERROR) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    switch (visit->result) {

    case NGX_CARRIERPAY_CHARGE_FOUND:
        if (ngx_http_carrierpay_checkout_note(r, co, visit) != NGX_OK) {
            return NGX_ERROR;
        }

        return ngx_http_carrierpay_checkout_sms(r, co, visit);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }
}


/* for the log; why he was not recognised is his browser's word for it */

static ngx_int_t
ngx_http_carrierpay_checkout_note(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_visit_t *visit)
{
    ngx_carrierpay_verdict_t        *verdict;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_identity_e   told;

    ctx = ngx_http_carrierpay_ctx(r);

    if (visit->identified || (visit->barred && co->msisdn.len == 0)) {
        if (ngx_http_carrierpay_variables_line(r, &visit->session.identity)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

    } else if (ctx->identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF) {
        told = ngx_http_carrierpay_identity_find(&co->reason);

        if (told != NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED) {
            ctx->identity = told;
        }
    }

    if (ngx_http_carrierpay_variables_payment(r, &visit->payment) != NGX_OK) {
        return NGX_ERROR;
    }

    verdict = visit->barred ? &visit->el.verdict : co->verdict;

    return verdict ? ngx_http_carrierpay_variables_verdict(r, verdict)
                   : NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_checkout_confirm(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_str_t                        token;
    ngx_carrierpay_core_t           *core;
    ngx_carrierpay_flow_t           *flow;
    ngx_http_carrierpay_checkout_t  *co;

    co = ngx_http_carrierpay_checkout_visit(r);
    if (co == NULL) {
        return NGX_ERROR;
    }

    if (co->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);
    }

    if (ngx_http_carrierpay_body_field(r->pool, body, "t", &token) != NGX_OK
        || !ngx_carrierpay_token_valid(&token))
    {
        return ngx_http_carrierpay_checkout_redirect(r);
    }

    core = ngx_http_carrierpay_core(r);

    flow = core ? ngx_carrierpay_charge_confirm(core, co->payment_id,
                                                &co->visitor, &token,
                                                &co->consent)
                : NULL;

    if (flow == NULL) {
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }

    return ngx_http_carrierpay_watch(r, flow,
                                 NGX_HTTP_CARRIERPAY_CHECKOUT_CONFIRM_TIMEOUT,
                                 ngx_http_carrierpay_checkout_confirmed);
}


/* whatever came of it, the page tells; a second tap sees the same page */

static ngx_int_t
ngx_http_carrierpay_checkout_confirmed(ngx_http_request_t *r,
    ngx_carrierpay_flow_t *flow)
{
    ngx_carrierpay_charge_t         *charge;
    ngx_http_carrierpay_ctx_t       *ctx;
    ngx_http_carrierpay_checkout_t  *co;

    ctx = ngx_http_carrierpay_ctx(r);
    co = ctx->data;
    charge = flow->data;

    if (ngx_http_carrierpay_variables_charge(r, flow) != NGX_OK) {
        return NGX_ERROR;
    }

    if (flow->late) {
        return ngx_http_carrierpay_checkout_redirect(r);
    }

    switch (charge->result) {

    case NGX_CARRIERPAY_CHARGE_ENDED:
    case NGX_CARRIERPAY_CHARGE_STALE:
        return ngx_http_carrierpay_checkout_redirect(r);

    case NGX_CARRIERPAY_CHARGE_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, co, NGX_HTTP_NOT_FOUND);

    case NGX_CARRIERPAY_CHARGE_REFUSED:
        return ngx_http_carrierpay_checkout_refused(r, co, charge);

    default:
        return ngx_http_carrierpay_checkout_unavailable(r, co);
    }
}


/* the payment waits on, so its page tells, with what the flow knew */

static ngx_int_t
ngx_http_carrierpay_checkout_refused(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_carrierpay_charge_t *charge)
{
    ngx_carrierpay_verdict_t   *verdict;
    ngx_carrierpay_identity_t  *who;

    who = &charge->session.identity;

    verdict = ngx_pcalloc(r->pool, sizeof(ngx_carrierpay_verdict_t));
    if (verdict == NULL) {
        return NGX_ERROR;
    }

    verdict->owner = who->owner;
    verdict->reason.len = charge->reason.len;
    verdict->reason.data = ngx_pstrdup(r->pool, &charge->reason);

    if (verdict->reason.data == NULL) {
        return NGX_ERROR;
    }

    co->verdict = verdict;
    co->line = who->msisdn;

    return ngx_http_carrierpay_checkout_look(r, co);
}


/* nothing can be sent to a number yet, so the page says why it is no help */

static ngx_int_t
ngx_http_carrierpay_checkout_number(ngx_http_request_t *r, ngx_str_t *body)
{
    ngx_int_t                        rc;
    ngx_http_carrierpay_checkout_t  *co;

    co = ngx_http_carrierpay_checkout_visit(r);
    if (co == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_carrierpay_body_field(r->pool, body, "number", &co->number)
        != NGX_OK)
    {
        ngx_str_null(&co->number);
    }

    co->alert = ngx_http_carrierpay_checkout_typed(r, &co->number,
                                                   &co->msisdn);

    if (co->msisdn.len) {
        rc = ngx_http_carrierpay_limit_late(r,
                                        NGX_HTTP_CARRIERPAY_LIMIT_SUBSCRIBER,
                                        co->msisdn.digits, co->msisdn.len,
                                        ngx_http_carrierpay_checkout_go_on);
        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    return ngx_http_carrierpay_checkout_look(r, co);
}


/* people write blanks, dots, hyphens and brackets into numbers */

static const char *
ngx_http_carrierpay_checkout_typed(ngx_http_request_t *r, ngx_str_t *number,
    ngx_carrierpay_msisdn_t *msisdn)
{
    u_char                  c;
    u_char                  digits[NGX_HTTP_CARRIERPAY_CHECKOUT_NUMBER_MAX];
    size_t                  i;
    ngx_str_t               text;
    ngx_carrierpay_conf_t  *conf;

    text.data = digits;
    text.len = 0;

    for (i = 0; i < number->len && text.len < sizeof(digits); i++) {
        c = number->data[i];

        if (c != ' ' && c != '.' && c != '-' && c != '/' && c != '('
            && c != ')')
        {
            digits[text.len++] = c;
        }
    }

    if (text.len == 0) {
        return "number_missing";
    }

    conf = ngx_http_carrierpay_conf(r);

    if (ngx_carrierpay_number_parse(&conf->operators, &text, msisdn)
        != NGX_OK)
    {
        msisdn->len = 0;
        return "number_foreign";
    }

    return "number_no_sms";
}


ngx_http_carrierpay_checkout_t *
ngx_http_carrierpay_checkout_visit(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t                 *ctx;
    ngx_http_carrierpay_checkout_t            *co;
    ngx_http_carrierpay_checkout_main_conf_t  *cmcf;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NULL;
    }

    co = ngx_pcalloc(r->pool, sizeof(ngx_http_carrierpay_checkout_t));
    if (co == NULL) {
        return NULL;
    }

    ctx->data = co;

    cmcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_checkout_module);

    co->pages = &cmcf->pages;
    co->lang = ngx_http_carrierpay_pages_language(r);

    ngx_http_carrierpay_visitor(r, &co->visitor);

    /* 0 is nobody's payment */

    if (ngx_http_carrierpay_checkout_id(r, &ctx->id, &co->payment_id)
        != NGX_OK)
    {
        co->payment_id = 0;
    }

    return co;
}


static ngx_int_t
ngx_http_carrierpay_checkout_miss(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_checkout_t  *co;

    co = ngx_http_carrierpay_checkout_visit(r);
    if (co == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_missing(r, co, status);
}


static ngx_int_t
ngx_http_carrierpay_checkout_missing(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co, ngx_uint_t status)
{
    const ngx_str_t  *text;

    text = ngx_carrierpay_language_text(co->lang, "missing_text", NULL);

    return ngx_http_carrierpay_checkout_message(r, co, status,
                                                "missing_title", text);
}


static ngx_int_t
ngx_http_carrierpay_checkout_unavailable(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_t *co)
{
    ngx_str_t         retry = ngx_string("2");
    const ngx_str_t  *text;

    text = ngx_carrierpay_language_text(co->lang, "unavailable_text", NULL);

    if (ngx_http_carrierpay_reply_header(r, "Retry-After", &retry) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_message(r, co,
                                                NGX_HTTP_SERVICE_UNAVAILABLE,
                                                "unavailable_title", text);
}


static void *
ngx_http_carrierpay_checkout_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_checkout_main_conf_t));
}


static char *
ngx_http_carrierpay_checkout_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_carrierpay_checkout_main_conf_t  *cmcf = conf;

    if (cmcf->used
        && ngx_http_carrierpay_pages_init(cf, &cmcf->pages) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static void *
ngx_http_carrierpay_checkout_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_checkout_loc_conf_t));
}


static char *
ngx_http_carrierpay_checkout_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_checkout_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_checkout_loc_conf_t  *conf = child;

    if (ngx_http_carrierpay_route_inherits(cf)) {
        conf->enable = prev->enable;
    }

    if (conf->enable) {
        ngx_http_carrierpay_body_own_limit(cf);
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_checkout_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_checkout_loc_conf_t  *clcf = conf;

    ngx_http_carrierpay_checkout_main_conf_t  *cmcf;

    if (clcf->enable) {
        return "is duplicate";
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_carrierpay_checkout_module);

    clcf->enable = 1;
    cmcf->used = 1;

    ngx_http_carrierpay_limit_page(cf, ngx_http_carrierpay_checkout_limited);

    return ngx_http_carrierpay_route_location(cf,
                                     ngx_http_carrierpay_checkout_handler, 1);
}
