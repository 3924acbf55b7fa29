
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_location_check.h"


static ngx_http_carrierpay_place_t *ngx_http_carrierpay_location_check_find(
    ngx_array_t *places, ngx_uint_t flag);
static void ngx_http_carrierpay_location_check_pages(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_carrierpay_place_t *place);
static void ngx_http_carrierpay_location_check_missing(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_uint_t flags,
    ngx_http_carrierpay_place_t *pages);
static ngx_uint_t ngx_http_carrierpay_location_check_trusts(
    ngx_carrierpay_conf_t *conf);
static ngx_uint_t ngx_http_carrierpay_location_check_open(ngx_conf_t *cf,
    ngx_http_carrierpay_place_t *place);
static ngx_uint_t ngx_http_carrierpay_location_check_public(ngx_conf_t *cf,
    ngx_http_core_srv_conf_t *cscf);
static ngx_uint_t ngx_http_carrierpay_location_check_is_local(
    ngx_http_conf_addr_t *addr);


/*
 * Each of these modules keeps first in the configuration of a location what
 * closes it: a list of rules, a realm, a URI.  It is zero when there is none.
 */

static const char  *ngx_http_carrierpay_location_check_modules[] = {
    "ngx_http_access_module",
    "ngx_http_auth_basic_module",
    "ngx_http_auth_request_module",
    NULL
};


void
ngx_http_carrierpay_location_check(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *cmcf)
{
    ngx_uint_t                    i, flags, closed;
    ngx_http_carrierpay_place_t  *place;

    flags = 0;
    place = cmcf->places.elts;

    closed = NGX_HTTP_CARRIERPAY_LOCATION_PRIVATE;

    if (ngx_http_carrierpay_location_check_trusts(&cmcf->conf)) {
        closed |= NGX_HTTP_CARRIERPAY_LOCATION_CALLBACK;
    }

    for (i = 0; i < cmcf->places.nelts; i++) {

        flags |= place[i].flags;

        if ((place[i].flags & closed)
            && ngx_http_carrierpay_location_check_open(cf, &place[i]))
        {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "\"%V\" is open to every client, use \"allow\" and "
                          "\"deny\" in %s:%ui",
                          &place[i].directive, place[i].file, place[i].line);
        }
    }

    place = ngx_http_carrierpay_location_check_find(&cmcf->places,
                                         NGX_HTTP_CARRIERPAY_LOCATION_PAGES);

    if (place) {
        ngx_http_carrierpay_location_check_pages(cf, &cmcf->conf, place);
    }

    if (cmcf->conf.ncells) {
        ngx_http_carrierpay_location_check_missing(cf, &cmcf->conf, flags,
                                                   place);
    }
}


/* The first place with this flag, or NULL. */

static ngx_http_carrierpay_place_t *
ngx_http_carrierpay_location_check_find(ngx_array_t *places, ngx_uint_t flag)
{
    ngx_uint_t                    i;
    ngx_http_carrierpay_place_t  *place;

    place = places->elts;

    for (i = 0; i < places->nelts; i++) {
        if (place[i].flags & flag) {
            return &place[i];
        }
    }

    return NULL;
}


/* What shoppers are told of the provider, with whom they deal, too. */

static void
ngx_http_carrierpay_location_check_pages(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_carrierpay_place_t *place)
{
    ngx_uint_t  i;

    struct {
        ngx_str_t   *value;
        const char  *directive;
    } told[] = {
        { &conf->provider, "carrierpay_provider" },
        { &conf->support, "carrierpay_support" },
        { &conf->privacy, "carrierpay_privacy" }
    };

    for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (told[i].value->len == 0) {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "\"%V\" without \"%s\", which its pages should "
                          "tell shoppers, in %s:%ui",
                          &place->directive, told[i].directive, place->file,
                          place->line);
        }
    }
}


static void
ngx_http_carrierpay_location_check_missing(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_uint_t flags,
    ngx_http_carrierpay_place_t *pages)
{
    if (pages == NULL) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "no location has \"carrierpay_checkout\", where "
                      "shoppers pay, for \"carrierpay_postgres\" in %s:%ui",
                      conf->postgres_file, conf->postgres_line);
    }

    if (pages && !(flags & NGX_HTTP_CARRIERPAY_LOCATION_IDENTIFY)) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "no location has \"carrierpay_identify\", so another "
                      "nginx must answer at \"%V\", for \"%V\" in %s:%ui",
                      &conf->checkout_url, &pages->directive, pages->file,
                      pages->line);
    }

    if (conf->callback_url.len
        && !(flags & NGX_HTTP_CARRIERPAY_LOCATION_CALLBACK))
    {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "no location has \"carrierpay_callback\", where "
                      "gateways call \"%V\", for \"carrierpay_postgres\" in "
                      "%s:%ui",
                      &conf->callback_url, conf->postgres_file,
                      conf->postgres_line);
    }
}


/* Is the sender of a message that some gateway brings taken for the truth? */

static ngx_uint_t
ngx_http_carrierpay_location_check_trusts(ngx_carrierpay_conf_t *conf)
{
    ngx_uint_t                       i;
    ngx_carrierpay_sms_provider_t  **provider;

    provider = conf->sms.elts;

    for (i = 0; i < conf->sms.nelts; i++) {
        if (provider[i]->trusted) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_carrierpay_location_check_open(ngx_conf_t *cf,
    ngx_http_carrierpay_place_t *place)
{
    void                     **lcf;
    ngx_uint_t                 i;
    const char               **name;
    ngx_module_t              *module;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = place->loc_conf;

    if (clcf->internal) {
        return 0;
    }

    for (i = 0; cf->cycle->modules[i]; i++) {
        module = cf->cycle->modules[i];

        name = ngx_http_carrierpay_location_check_modules;

        for ( /* void */ ; *name; name++) {
            if (ngx_strcmp(module->name, *name) != 0) {
                continue;
            }

            lcf = clcf->loc_conf[module->ctx_index];

            if (*lcf) {
                return 0;
            }
        }
    }

    return ngx_http_carrierpay_location_check_public(cf, place->srv_conf);
}


/* Tells whether other machines can reach the server. */

static ngx_uint_t
ngx_http_carrierpay_location_check_public(ngx_conf_t *cf,
    ngx_http_core_srv_conf_t *cscf)
{
    ngx_uint_t                   i, j, k;
    ngx_http_conf_addr_t        *addr;
    ngx_http_conf_port_t        *port;
    ngx_http_core_srv_conf_t   **server;
    ngx_http_core_main_conf_t   *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    port = cmcf->ports->elts;

    for (i = 0; i < cmcf->ports->nelts; i++) {

        addr = port[i].addrs.elts;

        for (j = 0; j < port[i].addrs.nelts; j++) {

            if (ngx_http_carrierpay_location_check_is_local(&addr[j])) {
                continue;
            }

            server = addr[j].servers.elts;

            for (k = 0; k < addr[j].servers.nelts; k++) {
                if (server[k] == cscf) {
                    return 1;
                }
            }
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_carrierpay_location_check_is_local(ngx_http_conf_addr_t *addr)
{
    ngx_carrierpay_addr_t  address;

    if (addr->opt.sockaddr->sa_family == AF_UNIX) {
        return 1;
    }

    return ngx_carrierpay_addr_set(addr->opt.sockaddr, &address) == NGX_OK
           && ngx_carrierpay_addr_class(&address)
              == NGX_CARRIERPAY_ADDR_LOOPBACK;
}
