
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_main_conf.h"


static char *ngx_http_carrierpay_location_note(ngx_conf_t *cf,
    ngx_http_core_loc_conf_t *clcf, ngx_uint_t flags);
static ngx_uint_t ngx_http_carrierpay_location_is_prefix(
    ngx_http_core_loc_conf_t *clcf);
static ngx_uint_t ngx_http_carrierpay_location_is_server(
    ngx_http_core_loc_conf_t *clcf);
static ngx_http_core_loc_conf_t *ngx_http_carrierpay_location_by_path(
    ngx_http_request_t *r);


char *
ngx_http_carrierpay_location_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    return ngx_http_carrierpay_location_set(cf, cmd->post);
}


char *
ngx_http_carrierpay_location_set(ngx_conf_t *cf,
    ngx_http_carrierpay_location_t *location)
{
    ngx_http_core_loc_conf_t                 *clcf, **clcfp;
    ngx_http_carrierpay_location_conf_t      *lcf;
    ngx_http_carrierpay_location_srv_conf_t  *lscf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    lcf = ngx_http_conf_get_module_loc_conf(cf,
                                         ngx_http_carrierpay_location_module);
    lscf = ngx_http_conf_get_module_srv_conf(cf,
                                         ngx_http_carrierpay_location_module);

    if (lcf->location == location) {
        return "is duplicate";
    }

    if (clcf->handler) {
        return "stands in a location that has a handler already";
    }

    if ((location->flags & NGX_HTTP_CARRIERPAY_LOCATION_FOLDER)
        && (!ngx_http_carrierpay_location_is_prefix(clcf)
            || clcf->name.data[clcf->name.len - 1] != '/'))
    {
        return "needs a location whose name is a path that ends with \"/\"";
    }

    lcf->location = location;
    clcf->handler = location->handler;

    if (ngx_http_carrierpay_location_is_prefix(clcf)) {

        clcfp = ngx_array_push(&lscf->locations);
        if (clcfp == NULL) {
            return NGX_CONF_ERROR;
        }

        *clcfp = clcf;
    }

    return ngx_http_carrierpay_location_note(cf, clcf, location->flags);
}


static char *
ngx_http_carrierpay_location_note(ngx_conf_t *cf,
    ngx_http_core_loc_conf_t *clcf, ngx_uint_t flags)
{
    ngx_str_t                        *value;
    ngx_http_carrierpay_place_t      *place;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    place = ngx_array_push(&cmcf->places);
    if (place == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    place->directive = value[0];
    place->flags = flags;
    place->loc_conf = clcf;
    place->srv_conf = ngx_http_conf_get_module_srv_conf(cf,
                                                        ngx_http_core_module);
    place->file = cf->conf_file->file.name.data;
    place->line = cf->conf_file->line;

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_carrierpay_location_is_prefix(ngx_http_core_loc_conf_t *clcf)
{
#if (NGX_PCRE)
    if (clcf->regex) {
        return 0;
    }
#endif

    return !clcf->named && !clcf->exact_match && clcf->name.len;
}


ngx_uint_t
ngx_http_carrierpay_location_inherits(ngx_conf_t *cf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    return clcf->noname;
}


ngx_http_carrierpay_location_t *
ngx_http_carrierpay_location_find(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t             *clcf;
    ngx_http_carrierpay_location_conf_t  *lcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (ngx_http_carrierpay_location_is_server(clcf)) {
        clcf = ngx_http_carrierpay_location_by_path(r);
    }

    if (clcf == NULL) {
        return NULL;
    }

    lcf = clcf->loc_conf[ngx_http_carrierpay_location_module.ctx_index];

    return lcf->location;
}


ngx_http_carrierpay_location_t *
ngx_http_carrierpay_location_choose(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (ngx_http_carrierpay_location_is_server(clcf)) {
        clcf = ngx_http_carrierpay_location_by_path(r);

        if (clcf) {
            r->loc_conf = clcf->loc_conf;
        }
    }

    return ngx_http_carrierpay_location_find(r);
}


/* As long as no location is chosen, the configuration is the server's. */

static ngx_uint_t
ngx_http_carrierpay_location_is_server(ngx_http_core_loc_conf_t *clcf)
{
    return clcf->name.len == 0 && !clcf->noname;
}


/* nginx's choice, but for regular expressions: the longest name */

static ngx_http_core_loc_conf_t *
ngx_http_carrierpay_location_by_path(ngx_http_request_t *r)
{
    ngx_str_t                                *name;
    ngx_uint_t                                i;
    ngx_http_core_loc_conf_t                **clcfp, *found;
    ngx_http_carrierpay_location_srv_conf_t  *lscf;

    lscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_location_module);
    clcfp = lscf->locations.elts;
    found = NULL;

    for (i = 0; i < lscf->locations.nelts; i++) {
        name = &clcfp[i]->name;

        if (r->uri.len >= name->len
            && ngx_memcmp(r->uri.data, name->data, name->len) == 0
            && (found == NULL || found->name.len < name->len))
        {
            found = clcfp[i];
        }
    }

    return found;
}
