
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_sms_http_block.h"


static ngx_int_t ngx_http_carrierpay_sms_http_block_compile(ngx_conf_t *cf,
    ngx_carrierpay_template_t *t, ngx_str_t *text);
static char *ngx_http_carrierpay_sms_http_block_statuses(ngx_conf_t *cf,
    ngx_array_t *list, ngx_array_t *other);
static ngx_int_t ngx_http_carrierpay_sms_http_block_add(ngx_array_t *list,
    ngx_uint_t status);
static ngx_uint_t ngx_http_carrierpay_sms_http_block_has(ngx_array_t *list,
    ngx_uint_t status);


static const struct {
    ngx_str_t                   name;
    ngx_str_t                   type;
    ngx_carrierpay_template_e   escape;
} ngx_http_carrierpay_sms_http_block_formats[] = {

    { ngx_string("json"), ngx_string("application/json"),
      NGX_CARRIERPAY_TEMPLATE_JSON },

    { ngx_string("form"), ngx_string("application/x-www-form-urlencoded"),
      NGX_CARRIERPAY_TEMPLATE_URI },

    { ngx_string("xml"), ngx_string("text/xml; charset=utf-8"),
      NGX_CARRIERPAY_TEMPLATE_HTML },

    { ngx_null_string, ngx_null_string, 0 }
};


ngx_int_t
ngx_http_carrierpay_sms_http_block_create(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http)
{
    if (ngx_array_init(&http->success, cf->pool, 4, sizeof(ngx_uint_t))
        != NGX_OK
        || ngx_array_init(&http->refused, cf->pool, 4, sizeof(ngx_uint_t))
           != NGX_OK
        || ngx_array_init(&http->states, cf->pool, 8,
                          sizeof(ngx_carrierpay_sms_http_state_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_http_carrierpay_sms_http_block_given(ngx_carrierpay_sms_http_conf_t *http)
{
    return http->request.ops || http->success.nelts || http->refused.nelts
           || http->reference.len || http->report_id.len || http->mo_from.len;
}


/* a default does not apply to a status that the other directive names */

ngx_int_t
ngx_http_carrierpay_sms_http_block_defaults(
    ngx_carrierpay_sms_http_conf_t *http)
{
    ngx_uint_t  i, success, refused;

    static ngx_uint_t  successes[] = { 200, 201, 202, 0 };
    static ngx_uint_t  refusals[] = { 400, 403, 404, 0 };

    success = http->success.nelts;
    refused = http->refused.nelts;

    for (i = 0; success == 0 && successes[i]; i++) {
        if (!ngx_http_carrierpay_sms_http_block_has(&http->refused,
                                                    successes[i])
            && ngx_http_carrierpay_sms_http_block_add(&http->success,
                                                      successes[i])
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; refused == 0 && refusals[i]; i++) {
        if (!ngx_http_carrierpay_sms_http_block_has(&http->success,
                                                    refusals[i])
            && ngx_http_carrierpay_sms_http_block_add(&http->refused,
                                                      refusals[i])
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* request json|form|xml TEMPLATE; */

char *
ngx_http_carrierpay_sms_http_block_request(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_int_t                        rc;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_carrierpay_template_t       *t;
    ngx_carrierpay_sms_http_conf_t  *http;

    http = (ngx_carrierpay_sms_http_conf_t *) ((char *) conf + cmd->offset);
    t = &http->request;

    if (t->ops) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; ngx_http_carrierpay_sms_http_block_formats[i].name.len; i++) {
        if (ngx_strcmp(value[1].data,
                       ngx_http_carrierpay_sms_http_block_formats[i].name.data)
            == 0)
        {
            break;
        }
    }

    if (ngx_http_carrierpay_sms_http_block_formats[i].name.len == 0) {
        return "is not of \"json\", \"form\" or \"xml\"";
    }

    http->type = ngx_http_carrierpay_sms_http_block_formats[i].type;
    t->escape = ngx_http_carrierpay_sms_http_block_formats[i].escape;

    if (ngx_http_carrierpay_sms_http_block_compile(cf, t, &value[2])
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (t->escape != NGX_CARRIERPAY_TEMPLATE_JSON) {
        return NGX_CONF_OK;
    }

    rc = ngx_carrierpay_sms_http_try(cf->temp_pool, t);

    if (rc == NGX_DECLINED) {
        return "is not JSON when its names are filled in";
    }

    return rc == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_carrierpay_sms_http_block_compile(ngx_conf_t *cf,
    ngx_carrierpay_template_t *t, ngx_str_t *text)
{
    ngx_uint_t                       pass;
    ngx_carrierpay_template_error_t  err;

    t->ops = NULL;

    for (pass = 0; pass < 2; pass++) {

        if (ngx_carrierpay_template_compile(t, text,
                                            ngx_carrierpay_sms_http_names,
                                            NGX_CARRIERPAY_SMS_HTTP_NAMES,
                                            &err)
            != NGX_OK)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "line %ui of the request: %s", err.line,
                               err.text);
            return NGX_ERROR;
        }

        if (pass == 0) {
            t->ops = ngx_palloc(cf->pool, t->nops
                                       * sizeof(ngx_carrierpay_template_op_t));
            if (t->ops == NULL) {
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


/* success 200 201; */

char *
ngx_http_carrierpay_sms_http_block_success(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_sms_http_conf_t  *http;

    http = (ngx_carrierpay_sms_http_conf_t *) ((char *) conf + cmd->offset);

    return ngx_http_carrierpay_sms_http_block_statuses(cf, &http->success,
                                                       &http->refused);
}


/* refused 400; */

char *
ngx_http_carrierpay_sms_http_block_refused(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_sms_http_conf_t  *http;

    http = (ngx_carrierpay_sms_http_conf_t *) ((char *) conf + cmd->offset);

    return ngx_http_carrierpay_sms_http_block_statuses(cf, &http->refused,
                                                       &http->success);
}


/* a status may be in the list of success or of refused, and there once */

static char *
ngx_http_carrierpay_sms_http_block_statuses(ngx_conf_t *cf, ngx_array_t *list,
    ngx_array_t *other)
{
    ngx_int_t    n;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (list->nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        n = ngx_atoi(value[i].data, value[i].len);

        if (n == NGX_ERROR || n < 200 || n > 599) {
            return "has a status that is not from 200 to 599";
        }

        if (ngx_http_carrierpay_sms_http_block_has(list, n)
            || ngx_http_carrierpay_sms_http_block_has(other, n))
        {
            return "has a status that is given already";
        }

        if (ngx_http_carrierpay_sms_http_block_add(list, n) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_sms_http_block_add(ngx_array_t *list, ngx_uint_t status)
{
    ngx_uint_t  *s;

    s = ngx_array_push(list);
    if (s == NULL) {
        return NGX_ERROR;
    }

    *s = status;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_carrierpay_sms_http_block_has(ngx_array_t *list, ngx_uint_t status)
{
    ngx_uint_t  i, *s;

    s = list->elts;

    for (i = 0; i < list->nelts; i++) {
        if (s[i] == status) {
            return 1;
        }
    }

    return 0;
}
