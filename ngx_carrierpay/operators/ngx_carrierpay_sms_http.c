
#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_sms_http.h"
#include "ngx_carrierpay_sms_query.h"


#define NGX_CARRIERPAY_SMS_HTTP_TEXT_MAX  4096
#define NGX_CARRIERPAY_SMS_HTTP_CODE_MAX  64

/* nginx has no name for these */
#define NGX_CARRIERPAY_SMS_HTTP_UNAUTHORIZED  401
#define NGX_CARRIERPAY_SMS_HTTP_TOO_MANY      429


/* what a gateway has called with; json is NULL when it is not JSON */

typedef struct {
    ngx_carrierpay_sms_call_t   *call;
    json_t                      *json;
    ngx_uint_t                   form;
} ngx_carrierpay_sms_http_fields_t;


static const char *ngx_carrierpay_sms_http_check(
    ngx_carrierpay_sms_provider_t *p);
static ngx_uint_t ngx_carrierpay_sms_http_says(
    const ngx_carrierpay_template_t *request,
    ngx_carrierpay_sms_http_name_e name);
static ngx_int_t ngx_carrierpay_sms_http_send(ngx_carrierpay_sms_send_t *send);
static ngx_int_t ngx_carrierpay_sms_http_body(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call);
static ngx_int_t ngx_carrierpay_sms_http_write(ngx_pool_t *pool,
    const ngx_carrierpay_template_t *t, ngx_str_t *values, ngx_str_t *text);
static ngx_int_t ngx_carrierpay_sms_http_authorize(
    ngx_carrierpay_sms_send_t *send, ngx_carrierpay_egress_call_t *call);
static void ngx_carrierpay_sms_http_sent(ngx_carrierpay_egress_call_t *call);
static ngx_uint_t ngx_carrierpay_sms_http_among(ngx_array_t *statuses,
    ngx_uint_t status);
static void ngx_carrierpay_sms_http_reference(
    ngx_carrierpay_egress_call_t *call, ngx_carrierpay_sms_send_t *send);
static ngx_int_t ngx_carrierpay_sms_http_report(
    ngx_carrierpay_sms_call_t *call, ngx_carrierpay_sms_report_t *report);
static ngx_int_t ngx_carrierpay_sms_http_report_read(
    ngx_carrierpay_sms_http_fields_t *fields,
    ngx_carrierpay_sms_report_t *report);
static ngx_int_t ngx_carrierpay_sms_http_mo(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_sms_http_mo_read(
    ngx_carrierpay_sms_http_fields_t *fields, ngx_carrierpay_sms_mo_t *mo);
static ngx_int_t ngx_carrierpay_sms_http_open(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_http_fields_t *fields);
static ngx_int_t ngx_carrierpay_sms_http_optional(
    ngx_carrierpay_sms_http_fields_t *fields, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_carrierpay_sms_http_field(
    ngx_carrierpay_sms_http_fields_t *fields, ngx_str_t *name,
    ngx_str_t *value);
static ngx_int_t ngx_carrierpay_sms_http_look(
    ngx_carrierpay_sms_http_fields_t *fields, ngx_str_t *name,
    ngx_str_t *value);
static json_t *ngx_carrierpay_sms_http_path(json_t *json, ngx_str_t *path);
static ngx_int_t ngx_carrierpay_sms_http_text(ngx_pool_t *pool, json_t *value,
    ngx_str_t *text);


const ngx_carrierpay_template_name_t  ngx_carrierpay_sms_http_names[] = {
    { ngx_string("to"), 0 },
    { ngx_string("from"), 0 },
    { ngx_string("text"), 0 },
    { ngx_string("id"), 0 },
    { ngx_string("report"), 0 },
    { ngx_string("validity"), 0 },
    { ngx_string("username"), 0 },
    { ngx_string("password"), 0 }
};


const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_http_dialect = {
    ngx_string("sms_http"),
    ngx_carrierpay_sms_http_check,
    ngx_carrierpay_sms_http_send,
    ngx_carrierpay_sms_http_report,
    ngx_carrierpay_sms_http_mo
};


static const char *
ngx_carrierpay_sms_http_check(ngx_carrierpay_sms_provider_t *p)
{
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = p->dialect_conf;

    if (conf->request.ops == NULL) {
        return "no \"request\"";
    }

    if (!ngx_carrierpay_sms_http_says(&conf->request,
                                      NGX_CARRIERPAY_SMS_HTTP_TO)
        || !ngx_carrierpay_sms_http_says(&conf->request,
                                         NGX_CARRIERPAY_SMS_HTTP_TEXT))
    {
        return "a \"request\" without {{to}} or without {{text}}";
    }

    if (p->username.len && p->password.len == 0) {
        return "a \"username\" but no \"password_file\"";
    }

    return NULL;
}


static ngx_uint_t
ngx_carrierpay_sms_http_says(const ngx_carrierpay_template_t *request,
    ngx_carrierpay_sms_http_name_e name)
{
    size_t     without;
    ngx_str_t  values[NGX_CARRIERPAY_SMS_HTTP_NAMES];

    ngx_memzero(values, sizeof(values));
    without = ngx_carrierpay_template_size(request, values);

    ngx_str_set(&values[name], "1");

    return ngx_carrierpay_template_size(request, values) > without;
}


ngx_int_t
ngx_carrierpay_sms_http_try(ngx_pool_t *pool,
    const ngx_carrierpay_template_t *request)
{
    json_t      *json;
    ngx_str_t    values[NGX_CARRIERPAY_SMS_HTTP_NAMES], text;
    ngx_uint_t   i;

    for (i = 0; i < NGX_CARRIERPAY_SMS_HTTP_NAMES; i++) {
        ngx_str_set(&values[i], "1");
    }

    if (ngx_carrierpay_sms_http_write(pool, request, values, &text)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    json = json_loadb((char *) text.data, text.len, JSON_REJECT_DUPLICATES,
                      NULL);
    if (json == NULL) {
        return NGX_DECLINED;
    }

    json_decref(json);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_http_send(ngx_carrierpay_sms_send_t *send)
{
    ngx_carrierpay_egress_call_t    *call;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = send->provider->dialect_conf;

    call = ngx_carrierpay_egress_create(&send->core->conf->egress);
    if (call == NULL) {
        return NGX_ERROR;
    }

    call->method = NGX_HTTP_POST;
    call->location = send->provider->pass;
    call->timeout = send->provider->timeout;
    call->handler = ngx_carrierpay_sms_http_sent;
    call->data = send;

    if (ngx_carrierpay_sms_http_body(send, call) != NGX_OK
        || ngx_carrierpay_sms_http_authorize(send, call) != NGX_OK
        || ngx_carrierpay_egress_header(call, "Content-Type", &conf->type)
           != NGX_OK)
    {
        ngx_destroy_pool(call->pool);
        return NGX_ERROR;
    }

    return ngx_carrierpay_egress_send(call) == NGX_OK ? NGX_AGAIN : NGX_ERROR;
}


static ngx_int_t
ngx_carrierpay_sms_http_body(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call)
{
    u_char                           seconds[NGX_INT_T_LEN];
    ngx_str_t                        values[NGX_CARRIERPAY_SMS_HTTP_NAMES];
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = send->provider->dialect_conf;

    values[NGX_CARRIERPAY_SMS_HTTP_TO] = send->to;
    values[NGX_CARRIERPAY_SMS_HTTP_FROM] = send->from;
    values[NGX_CARRIERPAY_SMS_HTTP_TEXT] = send->text;
    values[NGX_CARRIERPAY_SMS_HTTP_ID] = send->id;
    values[NGX_CARRIERPAY_SMS_HTTP_REPORT] = send->report;
    values[NGX_CARRIERPAY_SMS_HTTP_USERNAME] = send->provider->username;
    values[NGX_CARRIERPAY_SMS_HTTP_PASSWORD] = send->provider->password;

    values[NGX_CARRIERPAY_SMS_HTTP_VALIDITY].data = seconds;
    values[NGX_CARRIERPAY_SMS_HTTP_VALIDITY].len = 0;

    if (send->validity) {
        values[NGX_CARRIERPAY_SMS_HTTP_VALIDITY].len =
                        ngx_sprintf(seconds, "%ui", send->validity) - seconds;
    }

    return ngx_carrierpay_sms_http_write(call->pool, &conf->request, values,
                                         &call->body);
}


static ngx_int_t
ngx_carrierpay_sms_http_write(ngx_pool_t *pool,
    const ngx_carrierpay_template_t *t, ngx_str_t *values, ngx_str_t *text)
{
    text->len = ngx_carrierpay_template_size(t, values);
    text->data = ngx_pnalloc(pool, text->len + 1);

    if (text->data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_carrierpay_template_write(text->data, t, values);

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_sms_http_authorize(ngx_carrierpay_sms_send_t *send,
    ngx_carrierpay_egress_call_t *call)
{
    u_char                          *p;
    ngx_str_t                        value, plain, encoded;
    ngx_uint_t                       i;
    ngx_carrierpay_template_t       *t;
    ngx_carrierpay_sms_provider_t   *provider;
    ngx_carrierpay_sms_http_conf_t  *conf;

    provider = send->provider;
    conf = provider->dialect_conf;
    t = &conf->request;

    for (i = 0; i < t->nops; i++) {
        if (t->ops[i].value == NGX_CARRIERPAY_SMS_HTTP_PASSWORD) {
            return NGX_OK;
        }
    }

    if (provider->password.len == 0) {
        return NGX_OK;
    }

    plain.len = provider->username.len + 1 + provider->password.len;
    plain.data = ngx_pnalloc(call->pool, plain.len);
    value.data = ngx_pnalloc(call->pool, sizeof("Bearer ") - 1
                                         + ngx_base64_encoded_length(plain.len)
                                         + provider->password.len);

    if (plain.data == NULL || value.data == NULL) {
        return NGX_ERROR;
    }

    if (provider->username.len == 0) {
        p = ngx_sprintf(value.data, "Bearer %V", &provider->password);

    } else {
        (void) ngx_sprintf(plain.data, "%V:%V", &provider->username,
                           &provider->password);

        encoded.data = ngx_cpymem(value.data, "Basic ", sizeof("Basic ") - 1);
        ngx_encode_base64(&encoded, &plain);

        p = encoded.data + encoded.len;
    }

    value.len = p - value.data;

    return ngx_carrierpay_egress_header(call, "Authorization", &value);
}


static void
ngx_carrierpay_sms_http_sent(ngx_carrierpay_egress_call_t *call)
{
    ngx_carrierpay_sms_send_t       *send;
    ngx_carrierpay_sms_http_conf_t  *conf;

    send = call->data;
    conf = send->provider->dialect_conf;

    send->outcome = NGX_CARRIERPAY_SMS_UNKNOWN;

    if (call->outcome == NGX_CARRIERPAY_EGRESS_NOT_SENT) {
        send->outcome = NGX_CARRIERPAY_SMS_FAILED;

    } else if (call->outcome == NGX_CARRIERPAY_EGRESS_COMPLETE) {

        if (ngx_carrierpay_sms_http_among(&conf->success, call->status)) {
            send->outcome = NGX_CARRIERPAY_SMS_ACCEPTED;
            ngx_carrierpay_sms_http_reference(call, send);

        } else if (ngx_carrierpay_sms_http_among(&conf->refused,
                                                 call->status))
        {
            send->outcome = NGX_CARRIERPAY_SMS_REFUSED;

        } else if (call->status == NGX_CARRIERPAY_SMS_HTTP_UNAUTHORIZED
                   || call->status == NGX_CARRIERPAY_SMS_HTTP_TOO_MANY
                   || call->status == NGX_HTTP_SERVICE_UNAVAILABLE)
        {
            send->outcome = NGX_CARRIERPAY_SMS_FAILED;
        }
    }

    send->handler(send);
}


static ngx_uint_t
ngx_carrierpay_sms_http_among(ngx_array_t *statuses, ngx_uint_t status)
{
    ngx_uint_t  i, *s;

    s = statuses->elts;

    for (i = 0; i < statuses->nelts; i++) {
        if (s[i] == status) {
            return 1;
        }
    }

    return 0;
}


/* a message that is accepted stays it, whatever the answer lacks */

static void
ngx_carrierpay_sms_http_reference(ngx_carrierpay_egress_call_t *call,
    ngx_carrierpay_sms_send_t *send)
{
    json_t                          *json;
    ngx_carrierpay_sms_http_conf_t  *conf;

    conf = send->provider->dialect_conf;

    if (conf->reference.len == 0) {
        return;
    }

    json = json_loadb((char *) call->answer.data, call->answer.len,
                      JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL) {
        return;
    }

    if (ngx_carrierpay_sms_http_text(send->pool,
                        ngx_carrierpay_sms_http_path(json, &conf->reference),
                                     &send->reference)
        != NGX_OK)
    {
        ngx_str_null(&send->reference);
    }

    json_decref(json);
}


static ngx_int_t
ngx_carrierpay_sms_http_report(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_report_t *report)
{
    ngx_int_t                         rc;
    ngx_carrierpay_sms_http_fields_t  fields;

    rc = ngx_carrierpay_sms_http_open(call, &fields);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_report_read(&fields, report);

    json_decref(fields.json);

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_http_report_read(ngx_carrierpay_sms_http_fields_t *fields,
    ngx_carrierpay_sms_report_t *report)
{
    ngx_int_t                         rc;
    ngx_str_t                         status;
    ngx_uint_t                        i;
    ngx_carrierpay_sms_http_conf_t   *conf;
    ngx_carrierpay_sms_http_state_t  *state;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_http_field(fields, &conf->report_id, &report->id);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_field(fields, &conf->report_status, &status);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_optional(fields, &conf->report_code,
                                          &report->code);
    if (rc != NGX_OK) {
        return rc;
    }

    report->code.len = ngx_min(report->code.len,
                               NGX_CARRIERPAY_SMS_HTTP_CODE_MAX);

    for (i = 0; i < report->code.len; i++) {
        if (report->code.data[i] < ' ' || report->code.data[i] > 0x7e) {
            report->code.data[i] = ' ';
        }
    }

    state = conf->states.elts;

    for (i = 0; i < conf->states.nelts; i++) {
        if (state[i].word.len == status.len
            && ngx_strncasecmp(state[i].word.data, status.data, status.len)
               == 0)
        {
            report->state = state[i].state;
            return NGX_OK;
        }
    }

    return NGX_DONE;
}


static ngx_int_t
ngx_carrierpay_sms_http_mo(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t                         rc;
    ngx_carrierpay_sms_http_fields_t  fields;

    rc = ngx_carrierpay_sms_http_open(call, &fields);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_mo_read(&fields, mo);

    json_decref(fields.json);

    return rc;
}


static ngx_int_t
ngx_carrierpay_sms_http_mo_read(ngx_carrierpay_sms_http_fields_t *fields,
    ngx_carrierpay_sms_mo_t *mo)
{
    ngx_int_t                        rc;
    ngx_str_t                        text;
    ngx_carrierpay_sms_http_conf_t  *conf;

    static ngx_str_t  utf8 = ngx_null_string;

    conf = fields->call->provider->dialect_conf;

    rc = ngx_carrierpay_sms_http_field(fields, &conf->mo_from, &mo->from);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_optional(fields, &conf->mo_text, &text);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_optional(fields, &conf->mo_to, &mo->to);
    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_carrierpay_sms_http_optional(fields, &conf->mo_id, &mo->id);
    if (rc != NGX_OK) {
        return rc;
    }

    /* what came in a form or a query may be any bytes */

    return ngx_carrierpay_sms_query_text(fields->call->pool, &utf8, &text,
                                         &mo->text);
}


static ngx_int_t
ngx_carrierpay_sms_http_open(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_http_fields_t *fields)
{
    fields->call = call;
    fields->json = NULL;
    fields->form = 0;

    if (call->body.len == 0) {
        return NGX_OK;
    }

    if (ngx_carrierpay_sms_query_is(&call->type,
                                    "application/x-www-form-urlencoded"))
    {
        fields->form = 1;
        return NGX_OK;
    }

    if (!ngx_carrierpay_sms_query_is(&call->type, "application/json")) {
        return NGX_DECLINED;
    }

    fields->json = json_loadb((char *) call->body.data, call->body.len,
                              JSON_REJECT_DUPLICATES, NULL);

    return fields->json ? NGX_OK : NGX_DECLINED;
}


/* with "" for what is not there; NGX_DECLINED: it is there, and no text */

static ngx_int_t
ngx_carrierpay_sms_http_optional(ngx_carrierpay_sms_http_fields_t *fields,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = name->len ? ngx_carrierpay_sms_http_look(fields, name, value)
                   : NGX_DECLINED;

    if (rc == NGX_DECLINED) {
        ngx_str_null(value);
        return NGX_OK;
    }

    return rc == NGX_ABORT ? NGX_DECLINED : rc;
}


/* NGX_DECLINED: not there, empty, no text, or its name is not configured */

static ngx_int_t
ngx_carrierpay_sms_http_field(ngx_carrierpay_sms_http_fields_t *fields,
    ngx_str_t *name, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = ngx_carrierpay_sms_http_optional(fields, name, value);

    return (rc == NGX_OK && value->len == 0) ? NGX_DECLINED : rc;
}


/* NGX_DECLINED: not there; NGX_ABORT: there, and cannot be read. */

static ngx_int_t
ngx_carrierpay_sms_http_look(ngx_carrierpay_sms_http_fields_t *fields,
    ngx_str_t *name, ngx_str_t *value)
{
    json_t                     *json;
    ngx_int_t                   rc;
    ngx_carrierpay_sms_call_t  *call;

    call = fields->call;
    rc = NGX_DECLINED;

    if (fields->json) {
        json = ngx_carrierpay_sms_http_path(fields->json, name);

        if (json && !json_is_null(json)) {
            rc = ngx_carrierpay_sms_http_text(call->pool, json, value);
            return rc == NGX_DECLINED ? NGX_ABORT : rc;
        }

    } else if (fields->form) {
        rc = ngx_carrierpay_sms_query_field(call->pool, &call->body, name,
                                            value);
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_carrierpay_sms_query_field(call->pool, &call->args, name,
                                            value);
    }

    return rc;
}


/* "messages.0.id": a member of an object, a position of an array */

static json_t *
ngx_carrierpay_sms_http_path(json_t *json, ngx_str_t *path)
{
    char       name[64];
    u_char    *p, *dot, *last;
    ngx_int_t  n;

    last = path->data + path->len;

    for (p = path->data; json && p <= last; p = dot + 1) {
        dot = ngx_strlchr(p, last, '.');
        if (dot == NULL) {
            dot = last;
        }

        if (json_is_array(json)) {
            n = ngx_atoi(p, dot - p);
            json = (n == NGX_ERROR) ? NULL : json_array_get(json, n);
            continue;
        }

        if ((size_t) (dot - p) >= sizeof(name)) {
            return NULL;
        }

        (void) ngx_cpystrn((u_char *) name, p, dot - p + 1);
        json = json_object_get(json, name);
    }

    return json;
}


/* a string or an integer, copied; the JSON is NULL when it is not there */

static ngx_int_t
ngx_carrierpay_sms_http_text(ngx_pool_t *pool, json_t *value, ngx_str_t *text)
{
    size_t  size;

    size = json_is_string(value) ? json_string_length(value)
                                 : NGX_INT64_LEN;

    if ((!json_is_string(value) && !json_is_integer(value))
        || size > NGX_CARRIERPAY_SMS_HTTP_TEXT_MAX)
    {
        return NGX_DECLINED;
    }

    text->data = ngx_pnalloc(pool, size + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    if (json_is_string(value)) {
        text->len = size;
        ngx_memcpy(text->data, json_string_value(value), size);

    } else {
        text->len = ngx_sprintf(text->data, "%L",
                                (int64_t) json_integer_value(value))
                    - text->data;
    }

    return NGX_OK;
}
