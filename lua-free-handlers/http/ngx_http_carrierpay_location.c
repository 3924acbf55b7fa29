
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_body.h"
#include "ngx_http_carrierpay_location.h"


static ngx_uint_t ngx_http_carrierpay_location_is_folder(
    ngx_http_core_loc_conf_t *clcf);


char *
ngx_http_carrierpay_location_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_location_conf_t *lcf = conf;

    if (lcf->location == cmd->post) {
        return "is duplicate";
    }

    lcf->location = cmd->post;

    return ngx_http_carrierpay_location_set(cf, lcf->location);
}


void *
ngx_http_carrierpay_location_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_carrierpay_location_conf_t));
}


char *
ngx_http_carrierpay_location_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_location_conf_t *prev = parent;
    ngx_http_carrierpay_location_conf_t *conf = child;

    if (ngx_http_carrierpay_location_inherits(cf)) {
        conf->location = prev->location;
    }

    if (conf->location) {
        ngx_http_carrierpay_body_own_limit(cf);
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_location_set(ngx_conf_t *cf,
    ngx_http_carrierpay_location_t *location)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler) {
        return "stands in a location that has a handler already";
    }

    if (location->folder && !ngx_http_carrierpay_location_is_folder(clcf)) {
        return "needs a location whose name is a path that ends with \"/\"";
    }

    clcf->handler = location->handler;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_carrierpay_location_is_folder(ngx_http_core_loc_conf_t *clcf)
{
#if (NGX_PCRE)
    if (clcf->regex) {
        return 0;
    }
#endif

    return !clcf->named && !clcf->exact_match && clcf->name.len
           && clcf->name.data[clcf->name.len - 1] == '/';
}


ngx_uint_t
ngx_http_carrierpay_location_inherits(ngx_conf_t *cf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    return clcf->noname;
}
