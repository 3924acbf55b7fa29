
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_counters.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_url.h"
#include "ngx_http_carrierpay_main_slot.h"
#include "ngx_http_carrierpay_main_conf.h"


static char *ngx_http_carrierpay_main_slot_check_base_url(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_check_callback_url(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_check_https(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_check_shown(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_note_ported(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_read_secrets(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_main_slot_note_webhook(ngx_conf_t *cf,
    void *post, void *data);


ngx_conf_post_t  ngx_http_carrierpay_main_slot_base_url = {
    ngx_http_carrierpay_main_slot_check_base_url
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_callback_url = {
    ngx_http_carrierpay_main_slot_check_callback_url
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_https = {
    ngx_http_carrierpay_main_slot_check_https
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_shown = {
    ngx_http_carrierpay_main_slot_check_shown
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_ported = {
    ngx_http_carrierpay_main_slot_note_ported
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_secrets = {
    ngx_http_carrierpay_main_slot_read_secrets
};

ngx_conf_post_t  ngx_http_carrierpay_main_slot_webhook_pass = {
    ngx_http_carrierpay_main_slot_note_webhook
};


static char *
ngx_http_carrierpay_main_slot_check_base_url(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *text = data;

    const char            *err;
    ngx_carrierpay_url_t   url;

    err = ngx_carrierpay_url_parse(text, &url);

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", text, err);
        return NGX_CONF_ERROR;
    }

    if (text->data[text->len - 1] != '/') {
        return "does not end with a slash";
    }

    return NGX_CONF_OK;
}


/* Kannel would take "%d" of an escape for one of its own names */

static char *
ngx_http_carrierpay_main_slot_check_callback_url(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *text = data;

    u_char  *last;

    last = text->data + text->len;

    if (ngx_strlchr(text->data, last, '?')
        || ngx_strlchr(text->data, last, '%'))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": must have neither a"
                           " query nor a percent sign", text);
        return NGX_CONF_ERROR;
    }

    return ngx_http_carrierpay_main_slot_check_base_url(cf, post, data);
}


static char *
ngx_http_carrierpay_main_slot_check_https(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *text = data;

    const char            *err;
    ngx_carrierpay_url_t   url;

    err = ngx_carrierpay_url_parse(text, &url);

    if (err == NULL
        && ngx_strncmp(text->data, "https://", sizeof("https://") - 1) != 0)
    {
        err = "is not https://";
    }

    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", text, err);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_main_slot_check_shown(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *text = data;

    size_t  i;

    for (i = 0; i < text->len; i++) {
        if (text->data[i] < ' ' || text->data[i] == 0x7f) {
            return "has a control character";
        }
    }

    if (text->len == 0) {
        return "is empty";
    }

    return ngx_carrierpay_text_utf8_valid(text->data, text->len)
           ? NGX_CONF_OK : "is not UTF-8";
}


static char *
ngx_http_carrierpay_main_slot_note_ported(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_carrierpay_ported_t          *ported;
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);
    ported = &cmcf->conf.operators.ported;

    ported->conf_file = cf->conf_file->file.name.data;
    ported->conf_line = cf->conf_file->line;

    return ngx_conf_full_name(cf->cycle, data, 1) == NGX_OK ? NGX_CONF_OK
                                                            : NGX_CONF_ERROR;
}


static char *
ngx_http_carrierpay_main_slot_read_secrets(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    if (ngx_conf_full_name(cf->cycle, data, 1) != NGX_OK
        || ngx_carrierpay_keyring_read(cf, data, &cmcf->conf.keyring)
           != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_main_slot_note_webhook(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_http_carrierpay_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_carrierpay_module);

    cmcf->conf.webhook_file = cf->conf_file->file.name.data;
    cmcf->conf.webhook_line = cf->conf_file->line;

    return NGX_CONF_OK;
}


/* carrierpay_zone zone=NAME:SIZE; */

char *
ngx_http_carrierpay_main_slot_zone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_main_conf_t *cmcf = conf;

    u_char     *colon;
    ssize_t     size;
    ngx_str_t  *value, name, text;

    if (cmcf->conf.zone) {
        return "is duplicate";
    }

    value = cf->args->elts;
    colon = (u_char *) ngx_strchr(value[1].data, ':');

    if (ngx_strncmp(value[1].data, "zone=", 5) != 0 || colon == NULL) {
        return "is not \"zone=name:size\"";
    }

    name.data = value[1].data + 5;
    name.len = colon - name.data;

    text.data = colon + 1;
    text.len = value[1].data + value[1].len - text.data;

    size = ngx_parse_size(&text);

    if (name.len == 0) {
        return "has a zone without a name";
    }

    if (size < (ssize_t) (8 * ngx_pagesize)) {
        return "has a zone of fewer than 8 pages";
    }

    cmcf->conf.zone = ngx_carrierpay_counters_add(cf, &name, size,
                                                  NGX_CARRIERPAY_STAT_MAX,
                                                  &ngx_http_carrierpay_module);

    return cmcf->conf.zone ? NGX_CONF_OK : NGX_CONF_ERROR;
}
