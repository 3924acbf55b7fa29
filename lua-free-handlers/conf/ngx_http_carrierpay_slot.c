
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_cidr.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_slot.h"


static ngx_uint_t ngx_http_carrierpay_slot_repeated(ngx_str_t *value,
    ngx_uint_t n);


char *
ngx_http_carrierpay_slot_enum(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_slot_enum_t *post = cmd->post;

    ngx_str_t        *value;
    ngx_int_t        *field;
    ngx_conf_enum_t  *name;

    field = (ngx_int_t *) ((char *) conf + cmd->offset);

    if (*field != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (name = post->names; name->name.len; name++) {
        if (name->name.len == value[1].len
            && ngx_memcmp(name->name.data, value[1].data, value[1].len) == 0)
        {
            *field = name->value;
            return NGX_CONF_OK;
        }
    }

    return (char *) post->wrong;
}


char *
ngx_http_carrierpay_slot_find(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_slot_find_t *post = cmd->post;

    ngx_str_t    *value;
    const void  **field;

    field = (const void **) ((char *) conf + cmd->offset);

    if (*field) {
        return "is duplicate";
    }

    value = cf->args->elts;
    *field = post->find(&value[1]);

    if (*field) {
        return NGX_CONF_OK;
    }

    if (post->wrong) {
        return (char *) post->wrong;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "unknown %s \"%V\"", post->kind,
                       &value[1]);

    return NGX_CONF_ERROR;
}


char *
ngx_http_carrierpay_slot_number(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_slot_number_t *post = cmd->post;

    ngx_int_t    n;
    ngx_str_t   *value;
    ngx_uint_t  *field;

    field = (ngx_uint_t *) ((char *) conf + cmd->offset);

    if (*field) {
        return "is duplicate";
    }

    value = cf->args->elts;
    n = ngx_atoi(value[1].data, value[1].len);

    if (n == NGX_ERROR || n < post->min || n > post->max) {
        return (char *) post->wrong;
    }

    *field = n;

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_slot_list(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_slot_list_t *post = cmd->post;

    ngx_str_t                    *value;
    ngx_uint_t                    i;
    ngx_array_t                  *list;
    ngx_carrierpay_conf_value_t  *item;

    list = (ngx_array_t *) ((char *) conf + cmd->offset);

    if (post->twice && list->nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        if (post->valid && !post->valid(&value[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" %s", &value[i],
                               post->wrong);
            return NGX_CONF_ERROR;
        }

        if (post->twice && ngx_http_carrierpay_slot_repeated(value, i)) {
            return (char *) post->twice;
        }

        item = ngx_array_push(list);
        if (item == NULL) {
            return NGX_CONF_ERROR;
        }

        item->text = value[i];
        item->file = cf->conf_file->file.name.data;
        item->line = cf->conf_file->line;
    }

    return NGX_CONF_OK;
}


/* 1 when one of the arguments before value[n] is equal to it */

static ngx_uint_t
ngx_http_carrierpay_slot_repeated(ngx_str_t *value, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 1; i < n; i++) {
        if (value[i].len == value[n].len
            && ngx_memcmp(value[i].data, value[n].data, value[n].len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


char *
ngx_http_carrierpay_slot_cidrs(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_array_t            **list;
    ngx_carrierpay_cidr_t   *cidr;

    list = (ngx_array_t **) ((char *) conf + cmd->offset);

    if (*list == NULL) {
        *list = ngx_array_create(cf->pool, 2, sizeof(ngx_carrierpay_cidr_t));
        if (*list == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        cidr = ngx_array_push(*list);
        if (cidr == NULL) {
            return NGX_CONF_ERROR;
        }

        if (ngx_carrierpay_cidr_parse(&value[i], cidr) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"%V\" is not a network", &value[i]);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}
