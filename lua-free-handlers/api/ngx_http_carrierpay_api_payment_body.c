
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_email.h"
#include "ngx_carrierpay_id.h"
#include "ngx_carrierpay_language.h"
#include "ngx_carrierpay_money.h"
#include "ngx_carrierpay_typed.h"
#include "ngx_carrierpay_url.h"
#include "ngx_http_carrierpay_api_body.h"
#include "ngx_http_carrierpay_api_payment_body.h"
#include "ngx_http_carrierpay_json.h"


#define NGX_HTTP_CARRIERPAY_METADATA_MEMBERS  20

/* the longest tag that RFC 5646 expects */
#define NGX_HTTP_CARRIERPAY_LOCALE_MAX        35

/* bytes, before what is invisible has been removed */
#define NGX_HTTP_CARRIERPAY_EMAIL_TYPED_MAX   512


typedef struct {
    int64_t      amount;
    ngx_str_t    currency;
    ngx_str_t    description;
    ngx_str_t    reference;
    ngx_str_t    return_url;
    json_t      *metadata;
    ngx_uint_t   confirm;
    ngx_str_t    subscriber;
    ngx_str_t    locale;
    ngx_str_t    receipt_email;
    ngx_str_t    capture;
    ngx_str_t    category;
    json_t      *later_charges;
} ngx_http_carrierpay_payment_body_t;


static ngx_int_t ngx_http_carrierpay_payment_metadata(ngx_http_request_t *r,
    ngx_http_carrierpay_payment_body_t *read, ngx_str_t *text,
    ngx_http_carrierpay_problem_t *problem);
static json_t *ngx_http_carrierpay_payment_scalar(json_t *value);
static const char *ngx_http_carrierpay_payment_line(const char *key,
    json_t *string);
static ngx_int_t ngx_http_carrierpay_payment_member(ngx_http_request_t *r,
    const char *key, const char *wrong,
    ngx_http_carrierpay_problem_t *problem);
static void ngx_http_carrierpay_payment_language(ngx_str_t *locale);
static ngx_int_t ngx_http_carrierpay_payment_subscriber(
    ngx_http_carrierpay_payment_body_t *read,
    ngx_carrierpay_optional_t *subscriber,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_payment_later(
    ngx_http_carrierpay_payment_body_t *read, int64_t *max,
    ngx_http_carrierpay_problem_t *problem);
static const char *ngx_http_carrierpay_payment_url(ngx_str_t *value);
static const char *ngx_http_carrierpay_payment_email(ngx_str_t *value);
static const char *ngx_http_carrierpay_payment_capture(ngx_str_t *value);


#define ngx_http_carrierpay_payment_at(field)                                 \
    offsetof(ngx_http_carrierpay_payment_body_t, field)

static ngx_http_carrierpay_field_t  ngx_http_carrierpay_payment_fields[] = {

    { ngx_string("amount"), NGX_HTTP_CARRIERPAY_JSON_INTEGER, 1,
      NGX_CARRIERPAY_AMOUNT_MIN, NGX_CARRIERPAY_AMOUNT_MAX,
      ngx_http_carrierpay_payment_at(amount), "invalid_amount", NULL },

    { ngx_string("currency"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      3, 3,
      ngx_http_carrierpay_payment_at(currency), "invalid_currency",
      ngx_http_carrierpay_api_currency },

    { ngx_string("description"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      1, NGX_CARRIERPAY_DESCRIPTION_MAX,
      ngx_http_carrierpay_payment_at(description), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("reference"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_REFERENCE_MAX,
      ngx_http_carrierpay_payment_at(reference), "invalid_parameter",
      ngx_http_carrierpay_json_line },

    { ngx_string("return_url"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_CARRIERPAY_RETURN_URL_MAX,
      ngx_http_carrierpay_payment_at(return_url), "invalid_parameter",
      ngx_http_carrierpay_payment_url },

    { ngx_string("metadata"), NGX_HTTP_CARRIERPAY_JSON_OBJECT, 0,
      0, NGX_HTTP_CARRIERPAY_METADATA_MEMBERS,
      ngx_http_carrierpay_payment_at(metadata), "invalid_parameter", NULL },

    { ngx_string("confirm"), NGX_HTTP_CARRIERPAY_JSON_BOOLEAN, 0,
      0, 0,
      ngx_http_carrierpay_payment_at(confirm), "invalid_parameter", NULL },

    { ngx_string("subscriber"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      NGX_CARRIERPAY_ID_LEN, NGX_CARRIERPAY_ID_LEN,
      ngx_http_carrierpay_payment_at(subscriber), "invalid_parameter", NULL },

    { ngx_string("locale"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_HTTP_CARRIERPAY_LOCALE_MAX,
      ngx_http_carrierpay_payment_at(locale), "invalid_parameter", NULL },

    { ngx_string("receipt_email"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      3, NGX_HTTP_CARRIERPAY_EMAIL_TYPED_MAX,
      ngx_http_carrierpay_payment_at(receipt_email), "invalid_parameter",
      ngx_http_carrierpay_payment_email },

    { ngx_string("capture"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, 32,
      ngx_http_carrierpay_payment_at(capture), "invalid_parameter",
      ngx_http_carrierpay_payment_capture },

    { ngx_string("category"), NGX_HTTP_CARRIERPAY_JSON_STRING, 0,
      1, NGX_HTTP_CARRIERPAY_API_CATEGORY_MAX,
      ngx_http_carrierpay_payment_at(category), "invalid_category",
      ngx_http_carrierpay_api_category },

    { ngx_string("later_charges"), NGX_HTTP_CARRIERPAY_JSON_OBJECT, 0,
      1, NGX_HTTP_CARRIERPAY_METADATA_MEMBERS,
      ngx_http_carrierpay_payment_at(later_charges), "invalid_parameter",
      NULL },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_api_payment_body(ngx_http_request_t *r, ngx_str_t *body,
    ngx_carrierpay_payment_t *payment, ngx_carrierpay_optional_t *subscriber,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t                           rc;
    ngx_http_carrierpay_payment_body_t  read;

    ngx_memzero(&read, sizeof(ngx_http_carrierpay_payment_body_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_payment_fields,
                                       &read, problem);

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_metadata(r, &read,
                                                  &payment->metadata, problem);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_subscriber(&read, subscriber,
                                                    problem);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_carrierpay_payment_later(&read, &payment->later_max,
                                               problem);
    }

    payment->amount = read.amount;
    payment->currency = read.currency;
    payment->description = read.description;
    payment->reference = read.reference;
    payment->return_url = read.return_url;
    payment->locale = read.locale;
    ngx_http_carrierpay_payment_language(&payment->locale);
    payment->email = read.receipt_email;
    payment->manual = (read.capture.len == sizeof("manual") - 1);
    payment->category = read.category;

    return rc;
}


/*
 * The metadata is kept as the compact JSON of an object of strings; numbers
 * and booleans become strings, and a member that is null is not given.
 */

static ngx_int_t
ngx_http_carrierpay_payment_metadata(ngx_http_request_t *r,
    ngx_http_carrierpay_payment_body_t *read, ngx_str_t *text,
    ngx_http_carrierpay_problem_t *problem)
{
    void        *next;
    size_t       len;
    json_t      *value, *string;
    ngx_str_t    name = ngx_string("metadata");
    const char  *key, *wrong;

    if (read->metadata == NULL) {
        return NGX_OK;
    }

    json_object_foreach_safe(read->metadata, next, key, value) {

        if (json_is_null(value)) {
            (void) json_object_del(read->metadata, key);
            continue;
        }

        string = ngx_http_carrierpay_payment_scalar(value);

        if (string == NULL) {
            return ngx_http_carrierpay_payment_member(r, key,
                                                      "must be a string, a"
                                                      " number or a boolean",
                                                      problem);
        }

        wrong = ngx_http_carrierpay_payment_line(key, string);

        if (wrong) {
            json_decref(string);
            return ngx_http_carrierpay_payment_member(r, key, wrong, problem);
        }

        if (json_object_set_new(read->metadata, key, string) != 0) {
            return NGX_ERROR;
        }
    }

    len = json_dumpb(read->metadata, NULL, 0, JSON_COMPACT);

    if (len == 0 || len > NGX_CARRIERPAY_METADATA_MAX) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name, "must have at most"
                                               " 4096 bytes of JSON");
    }

    text->len = len;
    text->data = ngx_pnalloc(r->pool, len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    (void) json_dumpb(read->metadata, (char *) text->data, len, JSON_COMPACT);

    return NGX_OK;
}


/* A new reference to the value as a string; or NULL: it is no scalar. */

static json_t *
ngx_http_carrierpay_payment_scalar(json_t *value)
{
    char    text[64];
    size_t  len;

    if (json_is_string(value)) {
        return ngx_strlen(json_string_value(value))
               == json_string_length(value)
               ? json_incref(value) : NULL;
    }

    if (json_is_object(value) || json_is_array(value)) {
        return NULL;
    }

    len = json_dumpb(value, text, sizeof(text),
                     JSON_ENCODE_ANY|JSON_REAL_PRECISION(15));

    return len <= sizeof(text) ? json_stringn(text, len) : NULL;
}


/* Returns NULL, or what is wrong with a name or its value. */

static const char *
ngx_http_carrierpay_payment_line(const char *key, json_t *string)
{
    ngx_str_t    name, value;
    const char  *wrong;

    name.data = (u_char *) key;
    name.len = ngx_strlen(key);

    value.data = (u_char *) json_string_value(string);
    value.len = json_string_length(string);

    wrong = ngx_http_carrierpay_json_line(&name);

    return wrong ? wrong : ngx_http_carrierpay_json_line(&value);
}


/* The problem names the member: "metadata.basket". */

static ngx_int_t
ngx_http_carrierpay_payment_member(ngx_http_request_t *r, const char *key,
    const char *wrong, ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t  name;

    name.data = ngx_pnalloc(r->pool, sizeof("metadata.") + ngx_strlen(key));
    if (name.data == NULL) {
        return NGX_ERROR;
    }

    name.len = ngx_sprintf(name.data, "metadata.%s", key) - name.data;

    return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter", &name,
                                           wrong);
}


/* A language that no page is in is not stored: the browser's counts then. */

static void
ngx_http_carrierpay_payment_language(ngx_str_t *locale)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(locale);

    if (lang) {
        *locale = lang->tag;

    } else {
        ngx_str_null(locale);
    }
}


static ngx_int_t
ngx_http_carrierpay_payment_subscriber(
    ngx_http_carrierpay_payment_body_t *read,
    ngx_carrierpay_optional_t *subscriber,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t  name = ngx_string("subscriber");

    if (read->confirm && read->subscriber.data == NULL) {
        return ngx_http_carrierpay_json_refuse(problem, "missing_parameter",
                                               &name, "is required with"
                                               " \"confirm\": true");
    }

    if (read->subscriber.data == NULL) {
        return NGX_OK;
    }

    if (!read->confirm) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name, "goes with"
                                               " \"confirm\": true only");
    }

    if (ngx_carrierpay_id_parse(&read->subscriber,
                                NGX_CARRIERPAY_ID_SUBSCRIBER,
                                &subscriber->value)
        != NGX_OK)
    {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name,
                                               "is not a subscriber's id");
    }

    subscriber->set = 1;

    return NGX_OK;
}


/* A shopper agrees to later charges on a page, and not without one. */

static ngx_int_t
ngx_http_carrierpay_payment_later(ngx_http_carrierpay_payment_body_t *read,
    int64_t *max, ngx_http_carrierpay_problem_t *problem)
{
    json_t     *value;
    ngx_str_t   name = ngx_string("later_charges");
    ngx_str_t   member = ngx_string("later_charges.max_per_month");

    if (read->later_charges == NULL) {
        return NGX_OK;
    }

    if (read->confirm) {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_parameter",
                                               &name, "goes without"
                                               " \"confirm\": true");
    }

    value = json_object_get(read->later_charges, "max_per_month");

    if (value == NULL || json_is_null(value)) {
        return ngx_http_carrierpay_json_refuse(problem, "missing_parameter",
                                               &member, "is required");
    }

    if (json_object_size(read->later_charges) > 1) {
        return ngx_http_carrierpay_json_refuse(problem, "unknown_parameter",
                                               &name, "has no other member"
                                               " than \"max_per_month\"");
    }

    if (!json_is_integer(value)
        || !ngx_carrierpay_amount_valid(json_integer_value(value)))
    {
        return ngx_http_carrierpay_json_refuse(problem, "invalid_amount",
                                               &member, "must be an integer"
                                               " from 1 to 999999999999, in"
                                               " minor units");
    }

    *max = json_integer_value(value);

    return NGX_OK;
}


static const char *
ngx_http_carrierpay_payment_url(ngx_str_t *value)
{
    ngx_carrierpay_url_t  url;

    return ngx_carrierpay_url_parse(value, &url);
}


static const char *
ngx_http_carrierpay_payment_email(ngx_str_t *value)
{
    ngx_carrierpay_typed_word(value);

    return ngx_carrierpay_email_valid(value) ? NULL
                                             : "must be an e-mail address";
}


static const char *
ngx_http_carrierpay_payment_capture(ngx_str_t *value)
{
    if ((value->len == sizeof("manual") - 1
         && ngx_memcmp(value->data, "manual", value->len) == 0)
        || (value->len == sizeof("automatic") - 1
            && ngx_memcmp(value->data, "automatic", value->len) == 0))
    {
        return NULL;
    }

    return "must be automatic or manual";
}
