
/*
 * Header enrichment: who is at the other end of the line, in the words of
 * his operator's gateway.
 *
 * On every request of every server all known headers are removed, so that
 * nothing behind us can believe one.  What they said is judged on a server
 * with "carrierpay_enrichment on" and without TLS, since no gateway can add
 * to that (see ngx_http_carrierpay_identity.h).
 *
 * nginx runs the handlers of a phase in the reverse order of their
 * registration, so a realip in POST_READ comes after us: with peer=real_ip
 * the judgement waits for the next phase.
 *
 * A request that nginx refuses before its phases (a second Host, plain HTTP
 * to a TLS port) comes to no POST_READ, but with error_page it does come to a
 * location, as an internal one: so these are looked through again.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_service.h"
#include "ngx_http_carrierpay_counters.h"
#include "ngx_carrierpay_url.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"


static ngx_int_t ngx_http_carrierpay_identity_strip(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_identity_late(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_identity_internal(ngx_http_request_t *r);

static ngx_int_t ngx_http_carrierpay_identity_add_variables(ngx_conf_t *cf);
static void *ngx_http_carrierpay_identity_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_carrierpay_identity_create_srv_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_identity_merge_srv_conf(ngx_conf_t *cf,
    void *parent, void *child);
static void *ngx_http_carrierpay_identity_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_identity_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_carrierpay_enrichment_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static char *ngx_http_carrierpay_identify_directive(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_carrierpay_identity_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_carrierpay_identity_check(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_core_main_conf_t *cmcf);
static ngx_int_t ngx_http_carrierpay_identity_check_listen(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_listen_opt_t *opt,
    ngx_http_carrierpay_identity_srv_conf_t *iscf);


static ngx_conf_enum_t  ngx_http_carrierpay_identity_peers[] = {
    { ngx_string("peer=socket"), NGX_HTTP_CARRIERPAY_PEER_SOCKET },
    { ngx_string("peer=proxy_protocol"),
      NGX_HTTP_CARRIERPAY_PEER_PROXY_PROTOCOL },
    { ngx_string("peer=real_ip"), NGX_HTTP_CARRIERPAY_PEER_REAL_IP },
    { ngx_null_string, 0 }
};


static ngx_command_t  ngx_http_carrierpay_identity_commands[] = {

    { ngx_string("carrierpay_enrichment"),
      NGX_HTTP_SRV_CONF|NGX_CONF_TAKE12,
      ngx_http_carrierpay_enrichment_directive,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_identify"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_identify_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_carrierpay_identity_module_ctx = {
    ngx_http_carrierpay_identity_add_variables,    /* preconfiguration */
    ngx_http_carrierpay_identity_init,             /* postconfiguration */

    ngx_http_carrierpay_identity_create_main_conf, /* create main conf */
    NULL,                                          /* init main conf */

    ngx_http_carrierpay_identity_create_srv_conf,  /* create server conf */
    ngx_http_carrierpay_identity_merge_srv_conf,   /* merge server conf */

    ngx_http_carrierpay_identity_create_loc_conf,  /* create location conf */
    ngx_http_carrierpay_identity_merge_loc_conf    /* merge location conf */
};


ngx_module_t  ngx_http_carrierpay_identity_module = {
    NGX_MODULE_V1,
    &ngx_http_carrierpay_identity_module_ctx,      /* module context */
    ngx_http_carrierpay_identity_commands,         /* module directives */
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
ngx_http_carrierpay_identity_strip(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t                 *ctx;
    ngx_http_carrierpay_found_t               *found;
    ngx_http_carrierpay_identity_srv_conf_t   *iscf;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);
    iscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_strip(r, &imcf->strip, &found) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (found) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_STRIPPED);
    }

    if (!iscf->enrichment) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->found = found;

    if (iscf->peer != NGX_HTTP_CARRIERPAY_PEER_REAL_IP
        && ngx_http_carrierpay_identity_decide(r, ctx, iscf->peer) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_DECLINED;
}


/* once a request: internal redirects and subrequests come here, too */

static ngx_int_t
ngx_http_carrierpay_identity_late(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t                *ctx;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    if (r->internal) {
        return ngx_http_carrierpay_identity_internal(r);
    }

    iscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_identity_module);

    if (!iscf->enrichment || iscf->peer != NGX_HTTP_CARRIERPAY_PEER_REAL_IP) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_carrierpay_ctx_get(r);

    if (ctx == NULL
        || ngx_http_carrierpay_identity_decide(r, ctx, iscf->peer) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_carrierpay_variables_changed(r);

    return NGX_DECLINED;
}


/* of a subrequest the headers are its parent's */

static ngx_int_t
ngx_http_carrierpay_identity_internal(ngx_http_request_t *r)
{
    ngx_http_carrierpay_found_t               *found;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    if (!r->internal || r != r->main) {
        return NGX_DECLINED;
    }

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_strip(r, &imcf->strip, &found) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (found) {
        ngx_carrierpay_count(NGX_CARRIERPAY_STAT_STRIPPED);
    }

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_carrierpay_identity_add_variables(ngx_conf_t *cf)
{
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    imcf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_variables_add(cf, &imcf->variables) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_reply_variables(cf);
}


static void *
ngx_http_carrierpay_identity_create_main_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_identity_main_conf_t));
}


static void *
ngx_http_carrierpay_identity_create_srv_conf(ngx_conf_t *cf)
{
    ngx_http_carrierpay_identity_srv_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_identity_srv_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enrichment = NGX_CONF_UNSET;
    conf->peer = NGX_HTTP_CARRIERPAY_PEER_SOCKET;

    return conf;
}


static char *
ngx_http_carrierpay_identity_merge_srv_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_identity_srv_conf_t  *prev = parent;
    ngx_http_carrierpay_identity_srv_conf_t  *conf = child;


    ngx_conf_merge_value(conf->enrichment, prev->enrichment, 0);

    return NGX_CONF_OK;
}


static void *
ngx_http_carrierpay_identity_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool,
                       sizeof(ngx_http_carrierpay_identity_loc_conf_t));
}


static char *
ngx_http_carrierpay_identity_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child)
{
    ngx_http_carrierpay_identity_loc_conf_t  *prev = parent;
    ngx_http_carrierpay_identity_loc_conf_t  *conf = child;

    if (ngx_http_carrierpay_route_inherits(cf)) {
        conf->url = prev->url;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_enrichment_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_identity_srv_conf_t  *iscf = conf;

    ngx_str_t        *value;
    ngx_conf_enum_t  *peer;

    if (iscf->enrichment != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    iscf->file = cf->conf_file->file.name;
    iscf->line = cf->conf_file->line;

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "on") == 0) {
        iscf->enrichment = 1;

    } else if (ngx_strcmp(value[1].data, "off") == 0) {
        iscf->enrichment = 0;

    } else {
        return "is neither \"on\" nor \"off\"";
    }

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    for (peer = ngx_http_carrierpay_identity_peers; peer->name.len; peer++) {
        if (ngx_strcmp(value[2].data, peer->name.data) == 0) {
            iscf->peer = peer->value;
            return NGX_CONF_OK;
        }
    }

    return "has an unknown parameter";
}


/* "https://pay.example.com" is short for "https://pay.example.com/pay/" */

static char *
ngx_http_carrierpay_identify_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_identity_loc_conf_t  *ilcf = conf;

    u_char                           *p;
    ngx_str_t                        *value, *host;
    const char                       *wrong;
    ngx_carrierpay_url_t              url;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    if (ilcf->url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    wrong = ngx_carrierpay_url_parse(&value[1], &url);

    if (wrong) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "URL \"%V\" in \"%V\" %s",
                           &value[1], &cmd->name, wrong);
        return NGX_CONF_ERROR;
    }

    ilcf->url = value[1];

    if (url.uri.data < value[1].data
        || url.uri.data >= value[1].data + value[1].len)
    {
        ilcf->url.len += sizeof("/pay/") - 1;
        ilcf->url.data = ngx_pnalloc(cf->pool, ilcf->url.len);
        if (ilcf->url.data == NULL) {
            return NGX_CONF_ERROR;
        }

        p = ngx_cpymem(ilcf->url.data, value[1].data, value[1].len);
        ngx_memcpy(p, "/pay/", sizeof("/pay/") - 1);
    }

    if (ilcf->url.data[ilcf->url.len - 1] != '/') {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "URL \"%V\" in \"%V\" must end with \"/\"",
                           &value[1], &cmd->name);
        return NGX_CONF_ERROR;
    }

    /* an SMS binds its PIN to the host of the pages: the first one named */

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    host = &cmcf->conf.pay_host;

    if (host->len == 0) {
        *host = url.host;
        cmcf->conf.pay_url = ilcf->url;
    }

    return ngx_http_carrierpay_route_location(cf,
                                     ngx_http_carrierpay_identify_handler, 1);
}


static ngx_int_t
ngx_http_carrierpay_identity_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt                       *h;
    ngx_carrierpay_conf_t                     *conf;
    ngx_http_core_main_conf_t                 *cmcf;
    ngx_http_carrierpay_main_conf_t           *pmcf;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    pmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    imcf = ngx_http_conf_get_module_main_conf(cf,
                                         ngx_http_carrierpay_identity_module);
    conf = &pmcf->conf;

    if (ngx_http_carrierpay_strip_init(cf, &conf->operators, &imcf->strip)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_identity_strip;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_SERVER_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_identity_late;

    /* a named location comes here, and not to the phase before */

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_identity_internal;

    return ngx_http_carrierpay_identity_check(cf, conf, cmcf);
}


/* of every server on every address: can there be somebody to believe? */

static ngx_int_t
ngx_http_carrierpay_identity_check(ngx_conf_t *cf,
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
                    && ngx_http_carrierpay_identity_check_listen(cf, conf,
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
ngx_http_carrierpay_identity_check_listen(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf, ngx_http_listen_opt_t *opt,
    ngx_http_carrierpay_identity_srv_conf_t *iscf)
{
    const char  *wrong;

    if (opt->ssl) {
        /* there a header would be the client's own */
        wrong = "is on a listener with \"ssl\"";

    } else if (iscf->peer != NGX_HTTP_CARRIERPAY_PEER_SOCKET
               && (conf->hops == NULL || conf->hops->nelts == 0))
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
