
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_sms_http.h"
#include "ngx_http_carrierpay_sms_fields.h"


/* "id=" of a directive, and where its value goes */

typedef struct {
    ngx_str_t   name;
    size_t      offset;
} ngx_http_carrierpay_sms_field_t;


static ngx_int_t ngx_http_carrierpay_sms_fields_read(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_field_t *fields, ngx_str_t *arg, void *out);
static ngx_int_t ngx_http_carrierpay_sms_fields_states(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *arg);
static ngx_int_t ngx_http_carrierpay_sms_fields_add_state(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *name,
    ngx_carrierpay_sms_state_e state);


/* in the order of ngx_carrierpay_sms_state_e */

static ngx_str_t  ngx_http_carrierpay_sms_fields_state_names[] = {
    ngx_string("buffered="),
    ngx_string("delivered="),
    ngx_string("undelivered="),
    ngx_string("expired="),
    ngx_null_string
};


static ngx_http_carrierpay_sms_field_t
    ngx_http_carrierpay_sms_fields_reports[] =
{
    { ngx_string("each="),
      offsetof(ngx_carrierpay_sms_http_conf_t, report_each) },
    { ngx_string("id="),
      offsetof(ngx_carrierpay_sms_http_conf_t, report_id) },
    { ngx_string("status="),
      offsetof(ngx_carrierpay_sms_http_conf_t, report_status) },
    { ngx_string("code="),
      offsetof(ngx_carrierpay_sms_http_conf_t, report_code) },
    { ngx_null_string, 0 }
};

static ngx_http_carrierpay_sms_field_t
    ngx_http_carrierpay_sms_fields_mos[] =
{
    { ngx_string("each="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_each) },
    { ngx_string("id="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_id) },
    { ngx_string("from="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_from) },
    { ngx_string("to="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_to) },
    { ngx_string("text="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_text) },
    { ngx_string("charset="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_charset) },
    { ngx_string("coding="),
      offsetof(ngx_carrierpay_sms_http_conf_t, mo_coding) },
    { ngx_null_string, 0 }
};


/* report [each=list] id=ref status=state delivered=DELIVRD,ok [code=err]; */

char *
ngx_http_carrierpay_sms_fields_report(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_int_t                        rc;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_carrierpay_sms_http_conf_t  *http;

    http = (ngx_carrierpay_sms_http_conf_t *) ((char *) conf + cmd->offset);

    if (http->report_id.len || http->states.nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        rc = ngx_http_carrierpay_sms_fields_read(cf,
                                       ngx_http_carrierpay_sms_fields_reports,
                                       &value[i], http);
        if (rc == NGX_DECLINED) {
            rc = ngx_http_carrierpay_sms_fields_states(cf, http,
                                                       &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (http->report_id.len == 0
        || http->report_status.len == 0
        || http->states.nelts == 0)
    {
        return "needs \"id\", \"status\" and words of a state";
    }

    return NGX_CONF_OK;
}


/* mo_fields [each=list] id=mid from=msisdn to=shortcode text=body; */

char *
ngx_http_carrierpay_sms_fields_mo(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_int_t                        rc;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_carrierpay_sms_http_conf_t  *http;

    http = (ngx_carrierpay_sms_http_conf_t *) ((char *) conf + cmd->offset);

    if (http->mo_from.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        rc = ngx_http_carrierpay_sms_fields_read(cf,
                                           ngx_http_carrierpay_sms_fields_mos,
                                           &value[i], http);
        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (http->mo_from.len == 0 || http->mo_text.len == 0) {
        return "needs \"from\" and \"text\"";
    }

    return NGX_CONF_OK;
}


/*
 * Reads "id=ref" into its field.  Returns NGX_DECLINED when there is no field
 * of this name, and NGX_ERROR after a log line.
 */

static ngx_int_t
ngx_http_carrierpay_sms_fields_read(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_field_t *fields, ngx_str_t *arg, void *out)
{
    ngx_str_t                        *path;
    ngx_http_carrierpay_sms_field_t  *f;

    for (f = fields; f->name.len; f++) {

        if (arg->len < f->name.len
            || ngx_memcmp(arg->data, f->name.data, f->name.len) != 0)
        {
            continue;
        }

        path = (ngx_str_t *) ((char *) out + f->offset);

        if (path->len || arg->len == f->name.len) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\": empty, or given"
                               " twice", arg);
            return NGX_ERROR;
        }

        path->data = arg->data + f->name.len;
        path->len = arg->len - f->name.len;

        return NGX_OK;
    }

    return NGX_DECLINED;
}


/* delivered=DELIVRD,delivered: the gateway's names of one of our states */

static ngx_int_t
ngx_http_carrierpay_sms_fields_states(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *arg)
{
    u_char      *comma, *last;
    ngx_str_t    state, *name;
    ngx_uint_t   i;

    for (i = 0; ngx_http_carrierpay_sms_fields_state_names[i].len; i++) {
        name = &ngx_http_carrierpay_sms_fields_state_names[i];

        if (arg->len > name->len
            && ngx_memcmp(arg->data, name->data, name->len) == 0)
        {
            break;
        }
    }

    name = &ngx_http_carrierpay_sms_fields_state_names[i];

    if (name->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           arg);
        return NGX_ERROR;
    }

    state.data = arg->data + name->len;
    last = arg->data + arg->len;

    for ( ;; ) {
        comma = ngx_strlchr(state.data, last, ',');
        state.len = (comma ? comma : last) - state.data;

        if (ngx_http_carrierpay_sms_fields_add_state(cf, http, &state, i)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (comma == NULL) {
            return NGX_OK;
        }

        state.data = comma + 1;
    }
}


static ngx_int_t
ngx_http_carrierpay_sms_fields_add_state(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *name,
    ngx_carrierpay_sms_state_e state)
{
    ngx_uint_t                        i;
    ngx_carrierpay_sms_http_state_t  *s;

    s = http->states.elts;

    for (i = 0; i < http->states.nelts; i++) {
        if (s[i].word.len == name->len
            && ngx_strncasecmp(s[i].word.data, name->data, name->len) == 0)
        {
            break;
        }
    }

    if (name->len == 0 || i < http->states.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the word \"%V\" of a state is empty, or given"
                           " twice", name);
        return NGX_ERROR;
    }

    s = ngx_array_push(&http->states);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->word = *name;
    s->state = state;

    return NGX_OK;
}
