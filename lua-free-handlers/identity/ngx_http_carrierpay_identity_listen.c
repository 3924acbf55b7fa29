
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_identity_listen.h"
#include "ngx_http_carrierpay_location.h"


static ngx_int_t ngx_http_carrierpay_identity_listen_check_address(
    ngx_conf_t *cf, ngx_http_carrierpay_main_conf_t *pmcf,
    ngx_http_conf_addr_t *addr);
static ngx_int_t ngx_http_carrierpay_identity_listen_check_server(
    ngx_conf_t *cf, ngx_carrierpay_conf_t *conf, ngx_http_listen_opt_t *opt,
    ngx_http_carrierpay_identity_srv_conf_t *iscf);
static void ngx_http_carrierpay_identity_listen_warn(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_core_srv_conf_t *cscf,
    ngx_http_carrierpay_identity_srv_conf_t *iscf);
static void ngx_http_carrierpay_identity_listen_check_used(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *pmcf, ngx_http_core_main_conf_t *cmcf);
static ngx_uint_t ngx_http_carrierpay_identity_listen_enriched(
    ngx_http_core_main_conf_t *cmcf);
static ngx_uint_t ngx_http_carrierpay_identity_listen_expected(
    ngx_carrierpay_operators_t *ops);
static ngx_int_t ngx_http_carrierpay_identity_listen_check_secrets(
    ngx_conf_t *cf, ngx_array_t *places, ngx_http_core_srv_conf_t *cscf);


ngx_int_t
ngx_http_carrierpay_identity_listen_check(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *pmcf, ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t             i, j;
    ngx_http_conf_addr_t  *addr;
    ngx_http_conf_port_t  *port;

    ngx_http_carrierpay_identity_listen_check_used(cf, pmcf, cmcf);

    if (cmcf->ports == NULL) {
        return NGX_OK;
    }

    port = cmcf->ports->elts;

    for (i = 0; i < cmcf->ports->nelts; i++) {

        addr = port[i].addrs.elts;

        for (j = 0; j < port[i].addrs.nelts; j++) {
            if (ngx_http_carrierpay_identity_listen_check_address(cf, pmcf,
                                                                  &addr[j])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


/* The servers of one address share its lack of TLS. */

static ngx_int_t
ngx_http_carrierpay_identity_listen_check_address(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *pmcf, ngx_http_conf_addr_t *addr)
{
    ngx_uint_t                                i, enrichment;
    ngx_http_core_srv_conf_t                **cscf;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    enrichment = 0;
    cscf = addr->servers.elts;

    for (i = 0; i < addr->servers.nelts; i++) {

        iscf = cscf[i]->ctx->srv_conf[
                              ngx_http_carrierpay_identity_module.ctx_index];

        if (!iscf->enrichment) {
            continue;
        }

        if (ngx_http_carrierpay_identity_listen_check_server(cf, &pmcf->conf,
                                                             &addr->opt, iscf)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        ngx_http_carrierpay_identity_listen_warn(cf, &pmcf->conf, cscf[i],
                                                 iscf);
        enrichment = 1;
    }

    for (i = 0; enrichment && i < addr->servers.nelts; i++) {
        if (ngx_http_carrierpay_identity_listen_check_secrets(cf,
                                                              &pmcf->places,
                                                              cscf[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_identity_listen_check_server(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_listen_opt_t *opt,
    ngx_http_carrierpay_identity_srv_conf_t *iscf)
{
    const char  *wrong;

    if (opt->ssl) {
        /* only the client itself can have sent a header there */
        wrong = "is on a listener with \"ssl\"";

    } else if (iscf->peer != NGX_HTTP_CARRIERPAY_PEER_SOCKET
               && conf->trusted_proxies == NULL)
    {
        wrong = "needs \"carrierpay_hop\": who may tell the peer?";

    } else if (iscf->peer == NGX_HTTP_CARRIERPAY_PEER_PROXY_PROTOCOL
               && !opt->proxy_protocol)
    {
        wrong = "is on a listener without \"proxy_protocol\"";

    } else if (conf->operators.networks.list.nelts == 0) {
        wrong = "needs an operator with a \"network\"";

    } else {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"carrierpay_enrichment\" %s in %V:%ui", wrong,
                  &iscf->file, iscf->line);

    return NGX_ERROR;
}


/* What works, and is not what was meant. */

static void
ngx_http_carrierpay_identity_listen_warn(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_core_srv_conf_t *cscf,
    ngx_http_carrierpay_identity_srv_conf_t *iscf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = cscf->ctx->loc_conf[ngx_http_core_module.ctx_index];

    /* nginx itself writes header lines, which hold numbers, at these levels */

    if (clcf->error_log->log_level >= NGX_LOG_INFO) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"error_log\" at a level below \"notice\" may write "
                      "numbers of subscribers, which come with "
                      "\"carrierpay_enrichment\" in %V:%ui",
                      &iscf->file, iscf->line);
    }

    if (ngx_strncmp(conf->checkout_url.data, "https:", 6) == 0) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "\"carrierpay_checkout_url\" leads to TLS, so no "
                      "shopper reaches \"carrierpay_enrichment\" in %V:%ui",
                      &iscf->file, iscf->line);
    }
}


static ngx_int_t
ngx_http_carrierpay_identity_listen_check_secrets(ngx_conf_t *cf,
    ngx_array_t *places, ngx_http_core_srv_conf_t *cscf)
{
    ngx_uint_t                    i;
    ngx_http_carrierpay_place_t  *place;

    place = places->elts;

    for (i = 0; i < places->nelts; i++) {

        if (place[i].srv_conf == cscf
            && (place[i].flags & NGX_HTTP_CARRIERPAY_LOCATION_SECRET))
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"%V\" is on a listener with "
                          "\"carrierpay_enrichment\", which has no TLS, in "
                          "%s:%ui",
                          &place[i].directive, place[i].file, place[i].line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Shoppers are sent to a location that can never recognise one of them. */

static void
ngx_http_carrierpay_identity_listen_check_used(ngx_conf_t *cf,
    ngx_http_carrierpay_main_conf_t *pmcf, ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t                    i;
    ngx_http_carrierpay_place_t  *place;

    if (ngx_http_carrierpay_identity_listen_enriched(cmcf)
        || !ngx_http_carrierpay_identity_listen_expected(
                                                     &pmcf->conf.operators))
    {
        return;
    }

    place = pmcf->places.elts;

    for (i = 0; i < pmcf->places.nelts; i++) {

        if (place[i].flags & NGX_HTTP_CARRIERPAY_LOCATION_IDENTIFY) {
            ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                          "no server has \"carrierpay_enrichment on\", so no "
                          "shopper is recognised by a \"header\" of an "
                          "operator, for \"%V\" in %s:%ui",
                          &place[i].directive, place[i].file, place[i].line);
            return;
        }
    }
}


static ngx_uint_t
ngx_http_carrierpay_identity_listen_enriched(ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t                                i;
    ngx_http_core_srv_conf_t                **cscf;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    cscf = cmcf->servers.elts;

    for (i = 0; i < cmcf->servers.nelts; i++) {

        iscf = cscf[i]->ctx->srv_conf[
                              ngx_http_carrierpay_identity_module.ctx_index];

        if (iscf->enrichment) {
            return 1;
        }
    }

    return 0;
}


/*
 * Does the gateway of some operator name its customers?  One with a header has
 * a network: the operators have been checked.
 */

static ngx_uint_t
ngx_http_carrierpay_identity_listen_expected(ngx_carrierpay_operators_t *ops)
{
    ngx_uint_t                   i;
    ngx_carrierpay_operator_t  **op;

    op = ops->list.elts;

    for (i = 0; i < ops->list.nelts; i++) {
        if (op[i]->headers.nelts) {
            return 1;
        }
    }

    return 0;
}
