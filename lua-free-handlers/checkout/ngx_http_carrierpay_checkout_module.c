
/*
 * The shopper's side of HTTPS: /pay/cs_…, where a tap or a PIN pays.
 *
 *   GET  cs_…           the page that the payment's state asks for
 *   POST cs_…/confirm   the tap
 *   POST cs_…/number    a typed number: a PIN is sent there
 *   POST cs_…/pin       the PIN
 *   POST cs_…/resend    another one
 *   POST cs_…/mo        he will send an SMS
 *   POST cs_…/mail      the receipt to an address
 *   GET  cs_…/stop      no more purchases?
 *   POST cs_…/stop      no more purchases
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_checkout.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_guard.h"
#include "ngx_http_carrierpay_handoff.h"
#include "ngx_http_carrierpay_limit.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_pages.h"
#include "ngx_http_carrierpay_route.h"


#define NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX  4096


typedef struct {
    ngx_http_carrierpay_pages_t   pages;
    ngx_uint_t                    used;
} ngx_http_carrierpay_checkout_main_conf_t;


static ngx_int_t ngx_http_carrierpay_checkout_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_checkout_page(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_int_t ngx_http_carrierpay_checkout_miss(ngx_http_request_t *r,
    ngx_uint_t status);

static void *ngx_http_carrierpay_checkout_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_checkout_init_main_conf(ngx_conf_t *cf,
    void *conf);
static char *ngx_http_carrierpay_checkout_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_checkout_routes[] = {

    { NGX_HTTP_GET, ngx_string("/{id}"),
      0, ngx_http_carrierpay_checkout_page },

    { NGX_HTTP_GET, ngx_string("/{id}/stop"),
      0, ngx_http_carrierpay_checkout_stop_page },

    { NGX_HTTP_POST, ngx_string("/{id}/confirm"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_confirm },

    { NGX_HTTP_POST, ngx_string("/{id}/number"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_number },

    { NGX_HTTP_POST, ngx_string("/{id}/pin"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_pin },

    { NGX_HTTP_POST, ngx_string("/{id}/resend"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_resend },

    { NGX_HTTP_POST, ngx_string("/{id}/mo"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_mo },

    { NGX_HTTP_POST, ngx_string("/{id}/mail"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_mail },

    { NGX_HTTP_POST, ngx_string("/{id}/stop"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_stop },

    { 0, ngx_null_string, 0, NULL }
};


static ngx_http_carrierpay_location_t
    ngx_http_carrierpay_checkout_location =
{
    ngx_http_carrierpay_checkout_handler, 1
};


static ngx_command_t  ngx_http_carrierpay_checkout_commands[] = {

    { ngx_string("carrierpay_checkout"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_checkout_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_checkout_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_checkout_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    ngx_http_carrierpay_checkout_create_main_conf, /* create main conf */
    ngx_http_carrierpay_checkout_init_main_conf,   /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_location_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_location_merge_loc_conf    /* merge location conf */
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
    ngx_int_t                                rc;
    ngx_http_carrierpay_ctx_t               *ctx;
    ngx_http_carrierpay_checkout_request_t  *cr;

    ctx = ngx_http_carrierpay_ctx(r);

    cr = ngx_http_carrierpay_checkout_enter(r);
    if (cr == NULL) {
        return NGX_ERROR;
    }

    if (cr->payment_id == 0) {
        rc = ngx_http_carrierpay_assets_send(r, &cr->pages->assets, &ctx->id);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    (void) ngx_http_arg(r, (u_char *) "t", 1, &cr->bounce);
    (void) ngx_http_arg(r, (u_char *) "n", 1, &cr->reason);
    (void) ngx_http_arg(r, (u_char *) "m", 1, &cr->mo);
    (void) ngx_http_arg(r, (u_char *) "c", 1, &cr->country);
    (void) ngx_http_arg(r, (u_char *) "s", 1, &cr->said);

    if (!ngx_carrierpay_token_valid(&cr->mo)) {
        ngx_str_null(&cr->mo);
    }

    /* what does not say what it is gets no page that pays with a tap */

    if (!ngx_http_carrierpay_guard_agent(r)) {
        ngx_str_null(&cr->bounce);
        ngx_str_null(&cr->mo);
        ngx_str_set(&cr->reason, "no_agent");
    }

    return ngx_http_carrierpay_checkout_look(r, cr);
}


ngx_http_carrierpay_checkout_request_t *
ngx_http_carrierpay_checkout_enter(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t                 *ctx;
    ngx_http_carrierpay_checkout_request_t    *cr;
    ngx_http_carrierpay_checkout_main_conf_t  *cmcf;

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NULL;
    }

    cr = ngx_pcalloc(r->pool, sizeof(ngx_http_carrierpay_checkout_request_t));
    if (cr == NULL) {
        return NULL;
    }

    ctx->data = cr;

    cmcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_checkout_module);

    cr->pages = &cmcf->pages;
    cr->lang = ngx_http_carrierpay_pages_language(r);
    cr->framed = ngx_http_carrierpay_guard_framed(r);

    ngx_http_carrierpay_handoff_visitor(r, &cr->visitor);

    /* 0 is nobody's payment */

    if (ngx_http_carrierpay_handoff_payment_id(r, &ctx->id, &cr->payment_id)
        != NGX_OK)
    {
        cr->payment_id = 0;
    }

    return cr;
}


ngx_int_t
ngx_http_carrierpay_checkout_form(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t **cr)
{
    *cr = ngx_http_carrierpay_checkout_enter(r);

    if (*cr == NULL) {
        return NGX_ERROR;
    }

    if ((*cr)->payment_id == 0) {
        return ngx_http_carrierpay_checkout_missing(r, *cr,
                                                    NGX_HTTP_NOT_FOUND);
    }

    if (!ngx_http_carrierpay_guard_own(r)) {
        return ngx_http_carrierpay_checkout_message(r, *cr,
                                                    NGX_HTTP_FORBIDDEN,
                                                    "refused_title",
                                                    "refused_text");
    }

    return NGX_DECLINED;
}


void
ngx_http_carrierpay_checkout_field(ngx_http_request_t *r, ngx_str_t *body,
    const char *name, ngx_str_t *value)
{
    if (ngx_http_carrierpay_body_field(r->pool, body, name, value) != NGX_OK) {
        ngx_str_null(value);
    }
}


static ngx_int_t
ngx_http_carrierpay_checkout_miss(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_checkout_request_t  *cr;

    cr = ngx_http_carrierpay_checkout_enter(r);
    if (cr == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_checkout_missing(r, cr, status);
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

    ngx_http_carrierpay_main_conf_t  *main;

    main = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    if (cmcf->used
        && ngx_http_carrierpay_pages_init(cf, &cmcf->pages,
                                          &main->conf.checkout_url)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_checkout_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_checkout_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_carrierpay_checkout_module);

    cmcf->used = 1;

    ngx_http_carrierpay_limit_page(cf, ngx_http_carrierpay_checkout_limited);

    return ngx_http_carrierpay_location_directive(cf, cmd, conf);
}
