
/*
 * The merchants' API: the directive and the routes.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_api_auth.h"
#include "ngx_http_carrierpay_api_capture.h"
#include "ngx_http_carrierpay_api_confirm.h"
#include "ngx_http_carrierpay_api_eligibility.h"
#include "ngx_http_carrierpay_api_payment_create.h"
#include "ngx_http_carrierpay_api_payment_get.h"
#include "ngx_http_carrierpay_api_pin.h"
#include "ngx_http_carrierpay_api_refund.h"
#include "ngx_http_carrierpay_api_subscribers.h"
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_route_time.h"


static ngx_int_t ngx_http_carrierpay_api_init_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_carrierpay_api_handler(ngx_http_request_t *r);


static ngx_http_carrierpay_route_t  ngx_http_carrierpay_api_routes[] = {

    { NGX_HTTP_POST, ngx_string("/v1/payments"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_payment_create,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_GET, ngx_string("/v1/payments/{id}"),
      0, ngx_http_carrierpay_api_payment_get,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/pin"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_pin,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/resend"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_resend,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/confirm"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_confirm,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/capture"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_capture,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/cancel"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_cancel,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/payments/{id}/refunds"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_refund,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_GET, ngx_string("/v1/payments/{id}/refunds"),
      0, ngx_http_carrierpay_api_refund_list,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_GET, ngx_string("/v1/refunds/{id}"),
      0, ngx_http_carrierpay_api_refund_get,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/subscribers/{id}/stop"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_stop,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { NGX_HTTP_POST, ngx_string("/v1/eligibility"),
      NGX_HTTP_CARRIERPAY_BODY_MAX, ngx_http_carrierpay_api_eligibility,
      NGX_HTTP_CARRIERPAY_ROUTE_AUTH },

    { 0, ngx_null_string, 0, NULL, 0 }
};


static ngx_http_carrierpay_location_t  ngx_http_carrierpay_api_location = {
    ngx_http_carrierpay_api_handler,
    NGX_HTTP_CARRIERPAY_LOCATION_SECRET|NGX_HTTP_CARRIERPAY_LOCATION_HIDDEN,
    ngx_http_carrierpay_error_problem
};


static ngx_command_t  ngx_http_carrierpay_api_commands[] = {

    { ngx_string("carrierpay_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_carrierpay_location_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_api_location },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_api_module_ctx = {
    NULL,                                          /* preconfiguration */
    NULL,                                          /* postconfiguration */

    NULL,                                          /* create main conf */
    NULL,                                          /* init main conf */

    NULL,                                          /* create server conf */
    NULL,                                          /* merge server conf */

    NULL,                                          /* create location conf */
    NULL                                           /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_api_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_api_module_ctx,           /* module context */
    ngx_http_carrierpay_api_commands,              /* module directives */
    NGX_HTTP_MODULE,                               /* module type */
    NULL,                                          /* init master */
    NULL,                                          /* init module */
    ngx_http_carrierpay_api_init_process,          /* init process */
    NULL,                                          /* init thread */
    NULL,                                          /* exit thread */
    NULL,                                          /* exit process */
    NULL,                                          /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_carrierpay_api_init_process(ngx_cycle_t *cycle)
{
    return ngx_http_carrierpay_route_time_table(cycle,
                                      ngx_http_carrierpay_api_routes);
}


static ngx_int_t
ngx_http_carrierpay_api_handler(ngx_http_request_t *r)
{
    return ngx_http_carrierpay_route_auth(r, ngx_http_carrierpay_api_routes,
                                        &r->uri,
                                        ngx_http_carrierpay_api_authenticate);
}
