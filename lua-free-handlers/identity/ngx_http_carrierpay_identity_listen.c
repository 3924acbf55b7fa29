
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_identity_listen.h"


static ngx_int_t ngx_http_carrierpay_identity_listen_check_server(
    ngx_conf_t *cf, ngx_carrierpay_conf_t *conf, ngx_http_listen_opt_t *opt,
    ngx_http_carrierpay_identity_srv_conf_t *iscf);


ngx_int_t
ngx_http_carrierpay_identity_listen_check(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t                                i, j, k;
    ngx_http_conf_addr_t                     *addr;
    ngx_http_conf_port_t                     *port;
    ngx_http_core_srv_conf_t                **cscf;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    if (cmcf->ports == NULL) {
        return NGX_OK;
    }

    port = cmcf->ports->elts;

    for (i = 0; i < cmcf->ports->nelts; i++) {

        addr = port[i].addrs.elts;

        for (j = 0; j < port[i].addrs.nelts; j++) {

            cscf = addr[j].servers.elts;

            for (k = 0; k < addr[j].servers.nelts; k++) {

                iscf = cscf[k]->ctx->srv_conf[
                              ngx_http_carrierpay_identity_module.ctx_index];

                if (iscf->enrichment
                    && ngx_http_carrierpay_identity_listen_check_server(cf,
                                                                        conf,
                                                         &addr[j].opt, iscf)
                       != NGX_OK)
                {
                    return NGX_ERROR;
                }
            }
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
