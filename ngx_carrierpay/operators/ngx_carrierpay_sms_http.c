
#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_service.h"
#include "ngx_carrierpay_egress.h"
#include "ngx_carrierpay_sms_http.h"
#include "ngx_carrierpay_sms_http_callback.h"
#include "ngx_carrierpay_sms_json.h"


/* These statuses have no name in nginx. */
#define NGX_CARRIERPAY_SMS_HTTP_UNAUTHORIZED  401
#define NGX_CARRIERPAY_SMS_HTTP_TOO_MANY      429


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
    ngx_carrierpay_sms_http_callback_report,
    ngx_carrierpay_sms_http_callback_mo
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

    call = ngx_carrierpay_egress_create(&send->core->conf->egress, send->log,
                                        send->trace);
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

    send->done(send->data);
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


/* A message that is accepted stays accepted, whatever the answer lacks. */

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

    if (ngx_carrierpay_sms_json_read(send->pool, &call->answer, &json)
        != NGX_OK)
    {
        return;
    }

    if (ngx_carrierpay_sms_json_text(send->pool,
                         ngx_carrierpay_sms_json_path(json, &conf->reference),
                                     &send->reference)
        != NGX_OK)
    {
        ngx_str_null(&send->reference);
    }

    json_decref(json);
}
