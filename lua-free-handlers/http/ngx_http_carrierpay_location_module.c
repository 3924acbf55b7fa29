
/*
 * The configuration of ngx_http_carrierpay_location.h, and what nginx calls
 * for a request of a location before and beside its content handler: what
 * hides its secrets, and what gives its errors their form.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_error.h"
#include "ngx_http_carrierpay_hide.h"
#include "ngx_http_carrierpay_location.h"


static ngx_int_t ngx_http_carrierpay_location_init(ngx_conf_t *cf);
static void *ngx_http_carrierpay_location_create_srv_conf(ngx_conf_t *cf);
static void *ngx_http_carrierpay_location_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_location_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);


static ngx_http_module_t  ngx_http_carrierpay_location_module_ctx = {
    NULL,                                          /* preconfiguration */
    ngx_http_carrierpay_location_init,             /* postconfiguration */

    NULL,                                          /* create main conf */
    NULL,                                          /* init main conf */

    ngx_http_carrierpay_location_create_srv_conf,  /* create server conf */
    NULL,                                          /* merge server conf */

    ngx_http_carrierpay_location_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_location_merge_loc_conf    /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_location_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_location_module_ctx,      /* module context */
    NULL,                                          /* module directives */
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
ngx_http_carrierpay_location_init(ngx_conf_t *cf)
{
    ngx_http_carrierpay_error_init();

    return ngx_http_carrierpay_hide_init(cf);
}


static void *
ngx_http_carrierpay_location_create_srv_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_location_srv_conf_t  *conf;

    conf = ngx_palloc(cf->pool,
                      sizeof(ngx_http_carrierpay_location_srv_conf_t));

    if (conf == NULL
        || ngx_array_init(&conf->locations, cf->pool, 4,
                          sizeof(ngx_http_core_loc_conf_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return conf;
}


static void *
ngx_http_carrierpay_location_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_location_conf_t));
}


/*
 * An "if" inside a location is the location as well.  nginx's limit of bodies
 * is off in both: a route has its own (ngx_http_carrierpay_body.h).
 */

static char *
ngx_http_carrierpay_location_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_location_conf_t *prev = parent;
    ngx_http_carrierpay_location_conf_t *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    if (ngx_http_carrierpay_location_inherits(cf)) {
        conf->location = prev->location;
    }

    if (conf->location) {
        clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
        clcf->client_max_body_size = 0;
    }

    return NGX_CONF_OK;
}
