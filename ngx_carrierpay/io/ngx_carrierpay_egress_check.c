
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_egress_check.h"


static ngx_int_t ngx_carrierpay_egress_check_one(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_http_core_loc_conf_t *clcf);
static ngx_int_t ngx_carrierpay_egress_check_tree(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_http_location_tree_node_t *node);
static const char *ngx_carrierpay_egress_proxy_check(
    ngx_http_upstream_conf_t *ucf);
static ngx_http_core_loc_conf_t *ngx_carrierpay_egress_location(
    ngx_carrierpay_egress_t *egress, ngx_str_t *uri);


extern ngx_module_t  ngx_http_proxy_module;


ngx_int_t
ngx_carrierpay_egress_check(ngx_conf_t *cf, ngx_carrierpay_egress_t *egress,
    ngx_str_t *location, u_char *file, ngx_uint_t line)
{
    const char                *what;
    ngx_http_core_loc_conf_t  *clcf;

    what = NULL;

    if (egress->ctx == NULL) {
        what = "no server with \"carrierpay_egress\" for";

    } else {
        clcf = ngx_carrierpay_egress_location(egress, location);

        if (clcf == NULL || clcf->handler == NULL) {
            what = "no \"proxy_pass\" in the egress server for";

        } else if (!clcf->internal) {
            what = "no \"internal\" in";
        }
    }

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "%s location \"%V\" in %s:%ui", what, location, file,
                      line);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* Looks at all locations of the server: a longer one may match a call. */

ngx_int_t
ngx_carrierpay_egress_check_server(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress)
{
    if (egress->ctx == NULL) {
        return NGX_OK;
    }

    return ngx_carrierpay_egress_check_one(cf, egress,
                       egress->ctx->loc_conf[ngx_http_core_module.ctx_index]);
}


static ngx_int_t
ngx_carrierpay_egress_check_one(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_http_core_loc_conf_t *clcf)
{
    const char  *what;

    what = NULL;

#if (NGX_PCRE)
    if (clcf->regex_locations) {
        what = "a regular expression in";
    }
#endif

    if (what == NULL && clcf->handler) {
        what = ngx_carrierpay_egress_proxy_check(
                              clcf->loc_conf[ngx_http_proxy_module.ctx_index]);
    }

    if (what) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "%s location \"%V\" of the egress server in %s:%ui",
                      what, &clcf->name, egress->file, egress->line);
        return NGX_ERROR;
    }

    return ngx_carrierpay_egress_check_tree(cf, egress,
                                            clcf->static_locations);
}


static ngx_int_t
ngx_carrierpay_egress_check_tree(ngx_conf_t *cf,
    ngx_carrierpay_egress_t *egress, ngx_http_location_tree_node_t *node)
{
    if (node == NULL) {
        return NGX_OK;
    }

    if ((node->exact
         && ngx_carrierpay_egress_check_one(cf, egress, node->exact)
            != NGX_OK)
        || (node->inclusive
            && ngx_carrierpay_egress_check_one(cf, egress, node->inclusive)
               != NGX_OK)
        || ngx_carrierpay_egress_check_tree(cf, egress, node->left) != NGX_OK
        || ngx_carrierpay_egress_check_tree(cf, egress, node->right) != NGX_OK
        || ngx_carrierpay_egress_check_tree(cf, egress, node->tree) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Returns what is wrong, or NULL.  The configuration of the proxy module
 * begins with that of its upstream.
 */

static const char *
ngx_carrierpay_egress_proxy_check(ngx_http_upstream_conf_t *ucf)
{
    if (ucf->next_upstream & NGX_HTTP_UPSTREAM_FT_NON_IDEMPOTENT) {
        return "\"proxy_next_upstream non_idempotent\" would charge twice in";
    }

    /* answers must come whole and unchanged */

    if (!ucf->buffering) {
        return "\"proxy_buffering off\" in";
    }

    if (ucf->intercept_errors) {
        return "\"proxy_intercept_errors on\" in";
    }

    if (!ucf->pass_request_body || !ucf->pass_request_headers) {
        return "request body or headers are not passed in";
    }

#if (NGX_HTTP_CACHE)
    if (ucf->cache || ucf->store) {
        return "a cache or store in";
    }
#endif

    /* nor may an answer lead elsewhere, or change how it is sent */

    ucf->ignore_headers |= NGX_HTTP_UPSTREAM_IGN_XA_REDIRECT
                           |NGX_HTTP_UPSTREAM_IGN_XA_EXPIRES
                           |NGX_HTTP_UPSTREAM_IGN_XA_LIMIT_RATE
                           |NGX_HTTP_UPSTREAM_IGN_XA_BUFFERING
                           |NGX_HTTP_UPSTREAM_IGN_XA_CHARSET;

    return NULL;
}


/* Finds the location of a call below `uri`: the longest prefix. */

static ngx_http_core_loc_conf_t *
ngx_carrierpay_egress_location(ngx_carrierpay_egress_t *egress,
    ngx_str_t *uri)
{
    u_char                         *p;
    size_t                          len, n;
    ngx_int_t                       rc;
    ngx_http_core_loc_conf_t       *clcf, *found;
    ngx_http_location_tree_node_t  *node;

    clcf = egress->ctx->loc_conf[ngx_http_core_module.ctx_index];

    found = NULL;
    p = uri->data;
    len = uri->len;
    node = clcf->static_locations;

    while (node) {
        n = ngx_min(len, (size_t) node->len);
        rc = ngx_filename_cmp(p, node->name, n);

        if (rc != 0) {
            node = (rc < 0) ? node->left : node->right;
            continue;
        }

        if (len < (size_t) node->len) {

            /* "location /a/" serves what is below "/a" */

            if (len + 1 == node->len && node->name[len] == '/'
                && node->inclusive)
            {
                return node->inclusive;
            }

            node = node->left;
            continue;
        }

        if (node->inclusive) {
            found = node->inclusive;
        }

        if (len == (size_t) node->len && node->exact) {
            return node->exact;
        }

        if (len == (size_t) node->len || node->inclusive) {
            p += n;
            len -= n;
            node = node->tree;
            continue;
        }

        node = node->right;
    }

    return found;
}
