
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_sms_block.h"
#include "ngx_http_carrierpay_sms_http_block.h"


/* name=value of a directive, and where the value goes */

typedef struct {
    ngx_str_t   name;
    size_t      offset;
} ngx_http_carrierpay_sms_field_t;


static ngx_int_t ngx_http_carrierpay_sms_compile(ngx_conf_t *cf,
    ngx_carrierpay_template_t *t, ngx_str_t *text);
static ngx_int_t ngx_http_carrierpay_sms_status(ngx_array_t *list,
    ngx_uint_t status);
static ngx_uint_t ngx_http_carrierpay_sms_among(ngx_array_t *list,
    ngx_uint_t status);
static ngx_int_t ngx_http_carrierpay_sms_field(ngx_conf_t *cf,
    ngx_http_carrierpay_sms_field_t *fields, ngx_str_t *arg, void *out);
static ngx_int_t ngx_http_carrierpay_sms_states(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *arg);
static ngx_int_t ngx_http_carrierpay_sms_state(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *word,
    ngx_carrierpay_sms_state_e state);


static const struct {
    ngx_str_t                   name;
    ngx_str_t                   type;
    ngx_carrierpay_template_e   escape;
} ngx_http_carrierpay_sms_formats[] = {

    { ngx_string("json"), ngx_string("application/json"),
      NGX_CARRIERPAY_TEMPLATE_JSON },

    { ngx_string("form"), ngx_string("application/x-www-form-urlencoded"),
      NGX_CARRIERPAY_TEMPLATE_URI },

    { ngx_string("xml"), ngx_string("text/xml; charset=utf-8"),
      NGX_CARRIERPAY_TEMPLATE_HTML },

    { ngx_null_string, ngx_null_string, 0 }
};


/* in the order of ngx_carrierpay_sms_state_e */

static ngx_str_t  ngx_http_carrierpay_sms_state_names[] = {
    ngx_string("buffered="),
    ngx_string("delivered="),
    ngx_string("undelivered="),
    ngx_string("expired="),
    ngx_null_string
};


#define ngx_http_carrierpay_sms_offset(field)                                 \
    offsetof(ngx_carrierpay_sms_http_conf_t, field)

static ngx_http_carrierpay_sms_field_t  ngx_http_carrierpay_sms_reports[] = {
    { ngx_string("id="), ngx_http_carrierpay_sms_offset(report_id) },
    { ngx_string("status="), ngx_http_carrierpay_sms_offset(report_status) },
    { ngx_string("code="), ngx_http_carrierpay_sms_offset(report_code) },
    { ngx_null_string, 0 }
};

static ngx_http_carrierpay_sms_field_t  ngx_http_carrierpay_sms_mos[] = {
    { ngx_string("id="), ngx_http_carrierpay_sms_offset(mo_id) },
    { ngx_string("from="), ngx_http_carrierpay_sms_offset(mo_from) },
    { ngx_string("to="), ngx_http_carrierpay_sms_offset(mo_to) },
    { ngx_string("text="), ngx_http_carrierpay_sms_offset(mo_text) },
    { ngx_null_string, 0 }
};


ngx_int_t
ngx_http_carrierpay_sms_http_create(ngx_conf_t *cf,
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
ngx_http_carrierpay_sms_http_given(ngx_carrierpay_sms_http_conf_t *http)
{
    return http->request.ops || http->success.nelts || http->refused.nelts
           || http->reference.len || http->report_id.len || http->mo_from.len;
}


/* a status that was given as the one is not the other by default */

ngx_int_t
ngx_http_carrierpay_sms_http_defaults(ngx_carrierpay_sms_http_conf_t *http)
{
    ngx_uint_t  i, success, refused;

    static ngx_uint_t  successes[] = { 200, 201, 202, 0 };
    static ngx_uint_t  refusals[] = { 400, 403, 404, 0 };

    success = http->success.nelts;
    refused = http->refused.nelts;

    for (i = 0; success == 0 && successes[i]; i++) {
        if (!ngx_http_carrierpay_sms_among(&http->refused, successes[i])
            && ngx_http_carrierpay_sms_status(&http->success, successes[i])
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; refused == 0 && refusals[i]; i++) {
        if (!ngx_http_carrierpay_sms_among(&http->success, refusals[i])
            && ngx_http_carrierpay_sms_status(&http->refused, refusals[i])
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* request json|form|xml TEMPLATE; */

char *
ngx_http_carrierpay_sms_request(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t                        rc;
    ngx_str_t                       *value;
    ngx_uint_t                       i;
    ngx_carrierpay_template_t       *t;

    t = &block->http.request;

    if (t->ops) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; ngx_http_carrierpay_sms_formats[i].name.len; i++) {
        if (ngx_strcmp(value[1].data,
                       ngx_http_carrierpay_sms_formats[i].name.data)
            == 0)
        {
            break;
        }
    }

    if (ngx_http_carrierpay_sms_formats[i].name.len == 0) {
        return "is not of \"json\", \"form\" or \"xml\"";
    }

    block->http.type = ngx_http_carrierpay_sms_formats[i].type;
    t->escape = ngx_http_carrierpay_sms_formats[i].escape;

    if (ngx_http_carrierpay_sms_compile(cf, t, &value[2]) != NGX_OK) {
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
ngx_http_carrierpay_sms_compile(ngx_conf_t *cf, ngx_carrierpay_template_t *t,
    ngx_str_t *text)
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


/* success 200 201;  refused 400;  cmd->offset tells which */

char *
ngx_http_carrierpay_sms_statuses(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t     n;
    ngx_str_t    *value;
    ngx_uint_t    i;
    ngx_array_t  *list;

    list = (ngx_array_t *) ((char *) conf + cmd->offset);

    if (list->nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        n = ngx_atoi(value[i].data, value[i].len);

        if (n == NGX_ERROR || n < 200 || n > 599) {
            return "has a status that is not from 200 to 599";
        }

        if (ngx_http_carrierpay_sms_among(&block->http.success, n)
            || ngx_http_carrierpay_sms_among(&block->http.refused, n))
        {
            return "has a status that is given already";
        }

        if (ngx_http_carrierpay_sms_status(list, n) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_carrierpay_sms_status(ngx_array_t *list, ngx_uint_t status)
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
ngx_http_carrierpay_sms_among(ngx_array_t *list, ngx_uint_t status)
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


/* report id=ref status=state delivered=DELIVRD,ok ... [code=err]; */

char *
ngx_http_carrierpay_sms_report(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t    rc;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (block->http.report_id.len || block->http.states.nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        rc = ngx_http_carrierpay_sms_field(cf, ngx_http_carrierpay_sms_reports,
                                           &value[i], &block->http);
        if (rc == NGX_DECLINED) {
            rc = ngx_http_carrierpay_sms_states(cf, &block->http, &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (block->http.report_id.len == 0
        || block->http.report_status.len == 0
        || block->http.states.nelts == 0)
    {
        return "needs \"id\", \"status\" and words of a state";
    }

    return NGX_CONF_OK;
}


/* mo_fields id=mid from=msisdn to=shortcode text=body; */

char *
ngx_http_carrierpay_sms_mo_fields(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_carrierpay_sms_block_t *block = conf;

    ngx_int_t    rc;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (block->http.mo_from.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        rc = ngx_http_carrierpay_sms_field(cf, ngx_http_carrierpay_sms_mos,
                                           &value[i], &block->http);
        if (rc == NGX_DECLINED) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\"", &value[i]);
        }

        if (rc != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    if (block->http.mo_from.len == 0 || block->http.mo_text.len == 0) {
        return "needs \"from\" and \"text\"";
    }

    return NGX_CONF_OK;
}


/* NGX_DECLINED: none of the fields; NGX_ERROR after a log line */

static ngx_int_t
ngx_http_carrierpay_sms_field(ngx_conf_t *cf,
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


/* delivered=DELIVRD,delivered */

static ngx_int_t
ngx_http_carrierpay_sms_states(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *arg)
{
    u_char      *comma, *last;
    ngx_str_t    word, *name;
    ngx_uint_t   i;

    for (i = 0; ngx_http_carrierpay_sms_state_names[i].len; i++) {
        name = &ngx_http_carrierpay_sms_state_names[i];

        if (arg->len > name->len
            && ngx_memcmp(arg->data, name->data, name->len) == 0)
        {
            break;
        }
    }

    name = &ngx_http_carrierpay_sms_state_names[i];

    if (name->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                           arg);
        return NGX_ERROR;
    }

    word.data = arg->data + name->len;
    last = arg->data + arg->len;

    for ( ;; ) {
        comma = ngx_strlchr(word.data, last, ',');
        word.len = (comma ? comma : last) - word.data;

        if (ngx_http_carrierpay_sms_state(cf, http, &word, i) != NGX_OK) {
            return NGX_ERROR;
        }

        if (comma == NULL) {
            return NGX_OK;
        }

        word.data = comma + 1;
    }
}


static ngx_int_t
ngx_http_carrierpay_sms_state(ngx_conf_t *cf,
    ngx_carrierpay_sms_http_conf_t *http, ngx_str_t *word,
    ngx_carrierpay_sms_state_e state)
{
    ngx_uint_t                        i;
    ngx_carrierpay_sms_http_state_t  *s;

    s = http->states.elts;

    for (i = 0; i < http->states.nelts; i++) {
        if (s[i].word.len == word->len
            && ngx_strncasecmp(s[i].word.data, word->data, word->len) == 0)
        {
            break;
        }
    }

    if (word->len == 0 || i < http->states.nelts) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the word \"%V\" of a state is empty, or given"
                           " twice", word);
        return NGX_ERROR;
    }

    s = ngx_array_push(&http->states);
    if (s == NULL) {
        return NGX_ERROR;
    }

    s->word = *word;
    s->state = state;

    return NGX_OK;
}
