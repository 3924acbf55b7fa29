
/*
 * Header enrichment: who is at the other end of the line, in the words of
 * his operator's gateway.
 *
 * Believed only on a server with "carrierpay_enrichment on", without TLS
 * (no gateway can add to that), when the socket's peer is in an operator's
 * network and exactly one known header is there, that operator's, with a
 * number of his.  On every request of every server all known headers are
 * removed, so that nothing behind us can believe one.
 *
 * nginx runs the handlers of a phase in the reverse order of their
 * registration, so realip may have replaced the connection's address before
 * us; the peer is therefore asked of the kernel.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_core.h"
#include "ngx_carrierpay_shm.h"
#include "ngx_carrierpay_url.h"
#include "ngx_http_carrierpay_ctx.h"
#include "ngx_http_carrierpay_identity.h"
#include "ngx_http_carrierpay_module.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_route.h"
#include "ngx_http_carrierpay_strip.h"


typedef struct {
    ngx_hash_t     headers;       /* names to be removed */
} ngx_http_carrierpay_identity_main_conf_t;


typedef struct {
    ngx_flag_t     enrichment;
    ngx_str_t      file;          /* where it was switched on */
    ngx_uint_t     line;
} ngx_http_carrierpay_identity_srv_conf_t;


typedef struct {
    ngx_str_t                 word;
    ngx_carrierpay_stat_e     stat;
} ngx_http_carrierpay_identity_result_t;


static ngx_int_t ngx_http_carrierpay_identity_handler(ngx_http_request_t *r);
static ngx_http_carrierpay_identity_e ngx_http_carrierpay_identity_decide(
    ngx_http_request_t *r, ngx_http_carrierpay_found_t *found,
    ngx_http_carrierpay_ctx_t *ctx);
static ngx_carrierpay_header_t *ngx_http_carrierpay_identity_header(
    ngx_carrierpay_operator_t *op, ngx_str_t *name);
static ngx_carrierpay_operator_t *ngx_http_carrierpay_identity_peer(
    ngx_http_request_t *r);
static ngx_uint_t ngx_http_carrierpay_identity_nobody(ngx_str_t *value);
static void ngx_http_carrierpay_identity_log(ngx_http_request_t *r,
    ngx_http_carrierpay_identity_e identity,
    ngx_http_carrierpay_found_t *found);

static ngx_int_t ngx_http_carrierpay_operator_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_identity_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_carrierpay_masked_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);

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
static ngx_int_t ngx_http_carrierpay_identity_plain(ngx_conf_t *cf,
    ngx_http_core_main_conf_t *cmcf);
static ngx_int_t ngx_http_carrierpay_identity_plain_addr(ngx_conf_t *cf,
    ngx_http_conf_addr_t *addr);


/* in the order of ngx_http_carrierpay_identity_e */

static ngx_http_carrierpay_identity_result_t
    ngx_http_carrierpay_identity_results[] =
{
    { ngx_null_string, NGX_CARRIERPAY_STAT_MAX },
    { ngx_string("accepted"), NGX_CARRIERPAY_STAT_IDENTITY_ACCEPTED },
    { ngx_string("absent"), NGX_CARRIERPAY_STAT_IDENTITY_ABSENT },
    { ngx_string("untrusted"), NGX_CARRIERPAY_STAT_IDENTITY_UNTRUSTED },
    { ngx_string("duplicate"), NGX_CARRIERPAY_STAT_IDENTITY_DUPLICATE },
    { ngx_string("malformed"), NGX_CARRIERPAY_STAT_IDENTITY_MALFORMED }
};


/* what gateways say when they do not know the line */

static ngx_str_t  ngx_http_carrierpay_identity_nobodies[] = {
    ngx_string("unknown"),
    ngx_string("anonymous"),
    ngx_string("0"),
    ngx_null_string
};


static ngx_http_variable_t  ngx_http_carrierpay_identity_vars[] = {

    { ngx_string("carrierpay_operator"), NULL,
      ngx_http_carrierpay_operator_variable, 0, 0, 0 },

    { ngx_string("carrierpay_identity"), NULL,
      ngx_http_carrierpay_identity_variable, 0, 0, 0 },

    { ngx_string("carrierpay_msisdn_masked"), NULL,
      ngx_http_carrierpay_masked_variable, 0, 0, 0 },

      ngx_http_null_variable
};


static ngx_command_t  ngx_http_carrierpay_identity_commands[] = {

    { ngx_string("carrierpay_enrichment"),
      NGX_HTTP_SRV_CONF|NGX_CONF_FLAG,
      ngx_http_carrierpay_enrichment_directive,
      NGX_HTTP_SRV_CONF_OFFSET,
      offsetof(ngx_http_carrierpay_identity_srv_conf_t, enrichment),
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
ngx_http_carrierpay_identity_handler(ngx_http_request_t *r)
{
    ngx_http_carrierpay_ctx_t                 *ctx;
    ngx_http_carrierpay_found_t                found;
    ngx_http_carrierpay_identity_e             identity;
    ngx_http_carrierpay_identity_srv_conf_t   *iscf;
    ngx_http_carrierpay_identity_main_conf_t  *imcf;

    imcf = ngx_http_get_module_main_conf(r,
                                         ngx_http_carrierpay_identity_module);
    iscf = ngx_http_get_module_srv_conf(r,
                                        ngx_http_carrierpay_identity_module);

    if (ngx_http_carrierpay_strip(r, &imcf->headers, &found) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!iscf->enrichment) {
        return NGX_DECLINED;
    }

    ctx = ngx_http_carrierpay_ctx_get(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    identity = ngx_http_carrierpay_identity_decide(r, &found, ctx);

    ctx->identity = identity;

    ngx_carrierpay_count(ngx_http_carrierpay_identity_results[identity].stat);
    ngx_http_carrierpay_identity_log(r, identity, &found);

    return NGX_DECLINED;
}


static ngx_http_carrierpay_identity_e
ngx_http_carrierpay_identity_decide(ngx_http_request_t *r,
    ngx_http_carrierpay_found_t *found, ngx_http_carrierpay_ctx_t *ctx)
{
    ngx_carrierpay_header_t         *header;
    ngx_carrierpay_operator_t       *op;
    ngx_carrierpay_enriched_line_t   line;

    if (found->n == 0) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
    }

    op = ngx_http_carrierpay_identity_peer(r);

    if (op == NULL) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED;
    }

    /* even of equal value: one of them came from the shopper himself */

    if (found->n > 1) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE;
    }

    header = ngx_http_carrierpay_identity_header(op, &found->name);

    if (header == NULL) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED;
    }

    if (ngx_http_carrierpay_identity_nobody(&found->value)) {
        return NGX_HTTP_CARRIERPAY_IDENTITY_ABSENT;
    }

    if (ngx_carrierpay_enriched_read(&header->format, &found->value,
                                     &op->numbering, ngx_time(), &line)
        != NGX_CARRIERPAY_ENRICHED_OK
        || line.msisdn.len == 0)
    {
        return NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED;
    }

    ctx->operator = op;
    ctx->msisdn = line.msisdn;

    return NGX_HTTP_CARRIERPAY_IDENTITY_ACCEPTED;
}


static ngx_carrierpay_header_t *
ngx_http_carrierpay_identity_header(ngx_carrierpay_operator_t *op,
    ngx_str_t *name)
{
    ngx_uint_t                i;
    ngx_carrierpay_header_t  *header;

    header = op->headers.elts;

    for (i = 0; i < op->headers.nelts; i++) {
        if (header[i].name.len == name->len
            && ngx_memcmp(header[i].name.data, name->data, name->len) == 0)
        {
            return &header[i];
        }
    }

    return NULL;
}


static ngx_carrierpay_operator_t *
ngx_http_carrierpay_identity_peer(ngx_http_request_t *r)
{
    socklen_t                  len;
    ngx_sockaddr_t             sa;
    ngx_carrierpay_conf_t     *conf;
    ngx_carrierpay_addr_t      addr;
    ngx_carrierpay_network_t  *net;

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        return NULL;
    }
#endif

    len = sizeof(ngx_sockaddr_t);
    ngx_memzero(&sa, sizeof(ngx_sockaddr_t));

    if (getpeername(r->connection->fd, &sa.sockaddr, &len) == -1) {
        return NULL;
    }

    if (ngx_carrierpay_addr_set(&sa.sockaddr, &addr) != NGX_OK) {
        return NULL;
    }

    conf = ngx_http_carrierpay_conf(r);
    net = ngx_carrierpay_network_find(&conf->operators.networks, &addr);

    if (net == NULL || net->kind != NGX_CARRIERPAY_NETWORK_MOBILE) {
        return NULL;
    }

    return net->operator;
}


static ngx_uint_t
ngx_http_carrierpay_identity_nobody(ngx_str_t *value)
{
    ngx_str_t  *nobody;

    if (value->len == 0) {
        return 1;
    }

    for (nobody = ngx_http_carrierpay_identity_nobodies; nobody->len; nobody++)
    {
        if (value->len == nobody->len
            && ngx_strncasecmp(value->data, nobody->data, nobody->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* nginx adds the client's address; the value is somebody's number */

static void
ngx_http_carrierpay_identity_log(ngx_http_request_t *r,
    ngx_http_carrierpay_identity_e identity,
    ngx_http_carrierpay_found_t *found)
{
    switch (identity) {

    case NGX_HTTP_CARRIERPAY_IDENTITY_UNTRUSTED:
    case NGX_HTTP_CARRIERPAY_IDENTITY_DUPLICATE:
    case NGX_HTTP_CARRIERPAY_IDENTITY_MALFORMED:
        ngx_log_error(NGX_LOG_WARN, r->connection->log, 0,
                      "enrichment header \"%V\" refused: %V, %ui found",
                      &found->name,
                      ngx_http_carrierpay_identity_word(identity),
                      found->n);
        break;

    default:
        break;
    }
}


ngx_str_t *
ngx_http_carrierpay_identity_word(ngx_http_carrierpay_identity_e identity)
{
    return &ngx_http_carrierpay_identity_results[identity].word;
}


static ngx_int_t
ngx_http_carrierpay_operator_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_carrierpay_ctx_t  *ctx;


    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx == NULL || ctx->operator == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = ctx->operator->name.data;
    v->len = ctx->operator->name.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_identity_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t                  *word;
    ngx_http_carrierpay_ctx_t  *ctx;


    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx == NULL
        || ctx->identity == NGX_HTTP_CARRIERPAY_IDENTITY_OFF)
    {
        v->not_found = 1;
        return NGX_OK;
    }

    word = ngx_http_carrierpay_identity_word(ctx->identity);

    v->data = word->data;
    v->len = word->len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_masked_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                     *p;
    ngx_http_carrierpay_ctx_t  *ctx;


    ctx = ngx_http_carrierpay_ctx(r);

    if (ctx == NULL || ctx->operator == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_CARRIERPAY_MSISDN_MASK_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->data = p;
    v->len = ngx_carrierpay_msisdn_mask(p, &ctx->msisdn) - p;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_identity_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_carrierpay_identity_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
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

    conf = ngx_palloc(cf->pool,
                      sizeof(ngx_http_carrierpay_identity_srv_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->enrichment = NGX_CONF_UNSET;

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

    iscf->file = cf->conf_file->file.name;
    iscf->line = cf->conf_file->line;

    return ngx_conf_set_flag_slot(cf, cmd, conf);
}


/* "https://pay.example.com" is short for "https://pay.example.com/pay/" */

static char *
ngx_http_carrierpay_identify_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_identity_loc_conf_t  *ilcf = conf;

    u_char                *p;
    ngx_str_t             *value;
    const char            *wrong;
    ngx_carrierpay_url_t   url;

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

    if (ngx_http_carrierpay_strip_init(cf, &conf->operators, &imcf->headers)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_carrierpay_identity_handler;

    return ngx_http_carrierpay_identity_plain(cf, cmcf);
}


/* no gateway can add a header to TLS: there it would be the client's own */

static ngx_int_t
ngx_http_carrierpay_identity_plain(ngx_conf_t *cf,
    ngx_http_core_main_conf_t *cmcf)
{
    ngx_uint_t             i, j;
    ngx_http_conf_addr_t  *addr;
    ngx_http_conf_port_t  *port;

    if (cmcf->ports == NULL) {
        return NGX_OK;
    }

    port = cmcf->ports->elts;

    for (i = 0; i < cmcf->ports->nelts; i++) {

        addr = port[i].addrs.elts;

        for (j = 0; j < port[i].addrs.nelts; j++) {
            if (ngx_http_carrierpay_identity_plain_addr(cf, &addr[j])
                != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_identity_plain_addr(ngx_conf_t *cf,
    ngx_http_conf_addr_t *addr)
{
    ngx_uint_t                                i;
    ngx_http_core_srv_conf_t                **cscf;
    ngx_http_carrierpay_identity_srv_conf_t  *iscf;

    if (!addr->opt.ssl) {
        return NGX_OK;
    }

    cscf = addr->servers.elts;

    for (i = 0; i < addr->servers.nelts; i++) {

        iscf = cscf[i]->ctx->srv_conf[
                              ngx_http_carrierpay_identity_module.ctx_index];

        if (iscf->enrichment) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "\"carrierpay_enrichment\" on a listener with"
                          " \"ssl\" in %V:%ui", &iscf->file, iscf->line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
