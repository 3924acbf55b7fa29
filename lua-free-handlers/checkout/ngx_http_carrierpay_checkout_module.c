
/*
 * The shopper's side of HTTPS: /pay/cs_…, where a tap or a PIN pays.
 *
 *   GET  cs_…           the page that the payment's state asks for
 *   POST cs_…           the same, of a client that does not say what it opens
 *   POST cs_…/confirm   the tap
 *   POST cs_…/number    a typed number: a PIN is sent there
 *   POST cs_…/pin       the PIN
 *   POST cs_…/resend    another PIN
 *   POST cs_…/mo        the shopper will send an SMS with a code
 *   POST cs_…/mail      the receipt to an address
 *   POST cs_…/cancel    the payment is not wanted
 *   GET  cs_…/stop      asks whether further purchases shall be blocked
 *   POST cs_…/stop      blocks them
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_cancel.h"
#include "ngx_http_carrierpay_checkout_confirm.h"
#include "ngx_http_carrierpay_checkout_number.h"
#include "ngx_http_carrierpay_checkout_page.h"
#include "ngx_http_carrierpay_checkout_pin.h"
#include "ngx_http_carrierpay_checkout_receipt.h"
#include "ngx_http_carrierpay_checkout_reply.h"
#include "ngx_http_carrierpay_checkout_request.h"
#include "ngx_http_carrierpay_checkout_show.h"
#include "ngx_http_carrierpay_checkout_sms_code.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_route_time.h"


#define NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX  4096


typedef struct {
    ngx_http_carrierpay_pages_t   pages;
    ngx_uint_t                    used;
} ngx_http_carrierpay_checkout_main_conf_t;


static ngx_int_t ngx_http_carrierpay_checkout_init_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_carrierpay_checkout_handler(ngx_http_request_t *r);
static ngx_http_carrierpay_checkout_request_t *
    ngx_http_carrierpay_checkout_create(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_checkout_error(ngx_http_request_t *r,
    ngx_uint_t status);

static void *ngx_http_carrierpay_checkout_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_checkout_init_main_conf(ngx_conf_t *cf,
    void *conf);
static char *ngx_http_carrierpay_checkout_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_checkout_routes[] = {

    { NGX_HTTP_GET, ngx_string("/{id}"),
      0, ngx_http_carrierpay_checkout_page, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_open, 0 },

    { NGX_HTTP_GET, ngx_string("/{id}/stop"),
      0, ngx_http_carrierpay_checkout_stop_page, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/confirm"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_confirm, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/number"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_number, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/pin"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_pin, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/resend"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_resend, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/mo"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_sms_code, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/mail"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_mail, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/cancel"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_cancel, 0 },

    { NGX_HTTP_POST, ngx_string("/{id}/stop"),
      NGX_HTTP_CARRIERPAY_CHECKOUT_FORM_MAX,
      ngx_http_carrierpay_checkout_stop, 0 },

    { 0, ngx_null_string, 0, NULL, 0 }
};


static ngx_http_carrierpay_location_t
    ngx_http_carrierpay_checkout_location =
{
    ngx_http_carrierpay_checkout_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_FOLDER|NGX_HTTP_CARRIERPAY_LOCATION_SECRET
    |NGX_HTTP_CARRIERPAY_LOCATION_PAGES|NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN,
    ngx_http_carrierpay_checkout_error
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

    NULL,                                          /* create location conf */
    NULL                                           /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_checkout_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_checkout_module_ctx,      /* module context */
    ngx_http_carrierpay_checkout_commands,         /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    ngx_http_carrierpay_checkout_init_process,     /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_checkout_init_process(ngx_cycle_t *cycle)
{
    return ngx_http_carrierpay_route_time_table(cycle,
                                      ngx_http_carrierpay_checkout_routes);
}


static ngx_int_t
ngx_http_carrierpay_checkout_handler(ngx_http_request_t *r)
{
    ngx_str_t  path;

    if (ngx_http_carrierpay_checkout_create(r) == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_carrierpay_route_tail(r, &path);

    return ngx_http_carrierpay_route(r, ngx_http_carrierpay_checkout_routes,
                                     &path);
}


static ngx_http_carrierpay_checkout_request_t *
ngx_http_carrierpay_checkout_create(ngx_http_request_t *r)
{
    ngx_http_carrierpay_checkout_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_checkout_module);

    return ngx_http_carrierpay_checkout_request_create(r, &cmcf->pages);
}


static ngx_int_t
ngx_http_carrierpay_checkout_error(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_http_carrierpay_checkout_request_t  *cr;

    if (ngx_http_carrierpay_checkout_create(r) == NULL) {
        return NGX_ERROR;
    }

    cr = ngx_http_carrierpay_checkout_request(r);
    cr->status = status;

    switch (status) {

    case NGX_HTTP_NOT_FOUND:
        return ngx_http_carrierpay_checkout_missing(r, cr);

    case NGX_HTTP_NOT_ALLOWED:
        return ngx_http_carrierpay_checkout_message(r, cr,
                                        NGX_HTTP_CARRIERPAY_PAGE_NOT_ALLOWED);

    case NGX_HTTP_TOO_MANY_REQUESTS:
        return ngx_http_carrierpay_checkout_message(r, cr,
                                            NGX_HTTP_CARRIERPAY_PAGE_LIMITED);
    }

    return status < NGX_HTTP_INTERNAL_SERVER_ERROR
           ? ngx_http_carrierpay_checkout_message(r, cr,
                                             NGX_HTTP_CARRIERPAY_PAGE_REJECTED)
           : ngx_http_carrierpay_checkout_unavailable(r, cr);
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
        && ngx_http_carrierpay_pages_init(cf, &cmcf->pages, &main->conf)
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

    return ngx_http_carrierpay_location_directive(cf, cmd, conf);
}
