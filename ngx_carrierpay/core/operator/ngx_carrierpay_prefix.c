
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_prefix.h"


struct ngx_carrierpay_prefix_node_s {
    ngx_carrierpay_prefix_node_t   *next[10];
    ngx_carrierpay_prefix_t        *prefix;
};


static ngx_carrierpay_prefix_node_t *ngx_carrierpay_prefix_node(
    ngx_conf_t *cf, ngx_carrierpay_prefixes_t *prefixes, ngx_str_t *digits);


ngx_int_t
ngx_carrierpay_prefix_add(ngx_conf_t *cf,
    ngx_carrierpay_prefixes_t *prefixes, ngx_str_t *digits,
    ngx_carrierpay_prefix_t *prefix)
{
    ngx_carrierpay_prefix_t       *other;
    ngx_carrierpay_prefix_node_t  *node;

    node = ngx_carrierpay_prefix_node(cf, prefixes, digits);
    if (node == NULL) {
        return NGX_ERROR;
    }

    other = node->prefix;

    if (other == NULL) {
        node->prefix = ngx_palloc(cf->pool, sizeof(ngx_carrierpay_prefix_t));
        if (node->prefix == NULL) {
            return NGX_ERROR;
        }

        *node->prefix = *prefix;

        return NGX_OK;
    }

    if (other->operator == NULL && prefix->operator == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "prefix \"%V\" is given twice: %sin %s:%ui and %sin %s:%ui",
                  digits,
                  other->operator ? "" : "as fixed ",
                  other->file, other->line,
                  prefix->operator ? "" : "as fixed ",
                  prefix->file, prefix->line);

    return NGX_ERROR;
}


ngx_carrierpay_prefix_t *
ngx_carrierpay_prefix_find(ngx_carrierpay_prefixes_t *prefixes,
    ngx_carrierpay_msisdn_t *msisdn)
{
    size_t                         i, len;
    ngx_carrierpay_prefix_t       *found, *prefix;
    ngx_carrierpay_prefix_node_t  *node;

    found = NULL;
    len = msisdn->len;
    node = prefixes->root;

    for (i = 0; node; i++) {

        prefix = node->prefix;

        if (prefix && len >= prefix->len_min && len <= prefix->len_max) {
            found = prefix;
        }

        if (i == len) {
            break;
        }

        node = node->next[msisdn->digits[i] - '0'];
    }

    return found;
}


static ngx_carrierpay_prefix_node_t *
ngx_carrierpay_prefix_node(ngx_conf_t *cf,
    ngx_carrierpay_prefixes_t *prefixes, ngx_str_t *digits)
{
    size_t                          i;
    ngx_carrierpay_prefix_node_t  **node;

    node = &prefixes->root;

    for (i = 0; /* void */ ; i++) {

        if (*node == NULL) {
            *node = ngx_pcalloc(cf->pool,
                                sizeof(ngx_carrierpay_prefix_node_t));
            if (*node == NULL) {
                return NULL;
            }
        }

        if (i == digits->len) {
            return *node;
        }

        node = &(*node)->next[digits->data[i] - '0'];
    }
}
