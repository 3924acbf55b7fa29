
/*
 * The identity module: when enrichment headers are removed from a request, and
 * when the identity is decided.
 *
 * On every request of every server all known headers are removed, so that no
 * application behind nginx can take one for the truth.  The identity is
 * decided on a server with "carrierpay_enrichment on" and without TLS, since
 * no gateway can add a header to what is encrypted.
 *
 * nginx runs the handlers of a phase in the reverse order of registration, so
 * realip in POST_READ runs after this module: with peer=real_ip the decision
 * waits for the next phase.
 *
 * A request that nginx refuses before its phases (a second Host header, plain
 * HTTP to a TLS port) does not reach POST_READ, but error_page can send it to
 * a location as an internal request: so headers are removed from these as
 * well.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_counters.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_handoff.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_identity_conf.h"
#include "ngx_http_carrierpay_identity_listen.h"
#include "ngx_http_carrierpay_location.h"
#include "ngx_http_carrierpay_location_check.h"
#include "ngx_http_carrierpay_main_conf.h"
#include "ngx_http_carrierpay_request_id.h"
#include "ngx_http_carrierpay_strip.h"
#include "ngx_http_carrierpay_trace.h"
#include "ngx_http_carrierpay_variables.h"


static ngx_int_t ngx_http_carrierpay_identity_strip(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_identity_real_ip(ngx_http_request_t *r);
static ngx_int_t ngx_http_carrierpay_identity_internal(ngx_http_request_t *r);

static ngx_int_t ngx_http_carrierpay_identity_add_variables(ngx_conf_t *cf);
static void *ngx_http_carrierpay_identity_create_main_conf(ngx_conf_t *cf);
static void *ngx_http_carrierpay_identity_create_srv_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_identity_merge_srv_conf(ngx_conf_t *cf,
    void *parent, void *child);
static void *ngx_http_carrierpay_identity_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_carrierpay_identity_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);
static char *ngx_http_carrierpay_identity_enrichment(ngx_conf_t *cf,
    ngx_command_t *cmd, void *conf);
static ngx_int_t ngx_http_carrierpay_identity_init(ngx_conf_t *cf);


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
      ngx_http_carrierpay_identity_enrichment,
      NGX_HTTP_SRV_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("carrierpay_identify"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_carrierpay_handoff_directive,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_http_carrierpay_handoff_location },

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
    ngx_http_carrierpay_strip_found_t         *found;
    ngx_http_carrierpay_identity_srv_conf_t   *iscf;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);
    iscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_strip(r, &imcf->names, &found) != NGX_OK) {
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


/* internal redirects and subrequests reach this phase again */

static ngx_int_t
ngx_http_carrierpay_identity_real_ip(ngx_http_request_t *r)
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


/* a subrequest shares the headers of its parent */

static ngx_int_t
ngx_http_carrierpay_identity_internal(ngx_http_request_t *r)
{
    ngx_http_carrierpay_strip_found_t         *found;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    if (!r->internal || r != r->main) {
        return NGX_DECLINED;
    }

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_strip(r, &imcf->names, &found) != NGX_OK) {
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

    if (ngx_http_carrierpay_variables_add(cf, imcf->variables) != NGX_OK
        || ngx_http_carrierpay_trace_add_variable(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_request_id_add_variable(cf);
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

    if (ngx_http_carrierpay_location_inherits(cf)) {
        conf->url = prev->url;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_identity_enrichment(ngx_conf_t *cf, ngx_command_t *cmd,
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

    if (ngx_http_carrierpay_strip_names_init(cf, &conf->operators,
                                             &imcf->names)
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

    *h = ngx_http_carrierpay_identity_real_ip;

    /* a request in a named location skips the phase before this one */

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_identity_internal;

    ngx_http_carrierpay_location_check(cf, pmcf);

    return ngx_http_carrierpay_identity_listen_check(cf, pmcf, cmcf);
}
