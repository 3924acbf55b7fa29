
#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_line.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_json_text.h"


static ngx_int_t ngx_http_carrierpay_json_malformed(ngx_pool_t *pool,
    ngx_str_t *text, json_error_t *err, ngx_http_carrierpay_field_t *fields,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_json_detail(ngx_pool_t *pool,
    ngx_http_carrierpay_problem_t *problem, const char *format, int64_t a,
    int64_t b);
static ngx_http_carrierpay_field_t *ngx_http_carrierpay_json_repeated(
    json_error_t *err, ngx_http_carrierpay_field_t *fields);
static ngx_http_carrierpay_field_t *ngx_http_carrierpay_json_overflow(
    ngx_str_t *text, ngx_http_carrierpay_field_t *fields);
static ngx_int_t ngx_http_carrierpay_json_known(
    ngx_http_carrierpay_json_text_t *json, ngx_http_carrierpay_field_t *fields,
    ngx_http_carrierpay_problem_t *problem);
static ngx_int_t ngx_http_carrierpay_json_field(ngx_pool_t *pool,
    ngx_carrierpay_flat_json_member_t *m, json_t *object,
    ngx_http_carrierpay_field_t *f, void *out,
    ngx_http_carrierpay_problem_t *problem);
static const char *ngx_http_carrierpay_json_store(
    ngx_carrierpay_flat_json_member_t *m, json_t *object,
    ngx_http_carrierpay_field_t *f, void *place, int64_t *n);
static const char *ngx_http_carrierpay_json_store_object(json_t *value,
    void *place, int64_t *n);


static const char  *ngx_http_carrierpay_json_limits[] = {
    "must have %L to %L bytes",
    "must be from %L to %L",
    "",
    "must have %L to %L members"
};


ngx_int_t
ngx_http_carrierpay_json_read(ngx_pool_t *pool, ngx_str_t *text,
    ngx_http_carrierpay_field_t *fields, void *out,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_int_t                           rc;
    json_error_t                        err;
    ngx_http_carrierpay_field_t        *f;
    ngx_http_carrierpay_json_text_t     json;
    ngx_carrierpay_flat_json_member_t  *m;

    switch (ngx_http_carrierpay_json_text_read(pool, text, &json, &err)) {

    case NGX_HTTP_CARRIERPAY_JSON_TEXT_OBJECT:
        break;

    case NGX_HTTP_CARRIERPAY_JSON_TEXT_OTHER:
        return ngx_http_carrierpay_json_refuse(problem, "invalid_json", NULL,
                                               "The JSON must be an object");

    case NGX_HTTP_CARRIERPAY_JSON_TEXT_DEEP:
        return ngx_http_carrierpay_json_refuse(problem, "invalid_json", NULL,
                                               "The JSON is nested too deep");

    case NGX_HTTP_CARRIERPAY_JSON_TEXT_MALFORMED:
        return ngx_http_carrierpay_json_malformed(pool, text, &err, fields,
                                                  problem);

    default: /* NGX_HTTP_CARRIERPAY_JSON_TEXT_MEMORY */
        return NGX_ERROR;
    }

    rc = ngx_http_carrierpay_json_known(&json, fields, problem);

    for (f = fields; rc == NGX_OK && f->name.len; f++) {
        m = ngx_carrierpay_flat_json_find(&json.members, f->name.data,
                                          f->name.len);
        rc = ngx_http_carrierpay_json_field(pool, m, json.object, f, out,
                                            problem);
    }

    return rc;
}


ngx_int_t
ngx_http_carrierpay_json_refuse(ngx_http_carrierpay_problem_t *problem,
    const char *code, ngx_str_t *name, const char *detail)
{
    problem->status = NGX_HTTP_BAD_REQUEST;
    problem->code = code;
    problem->detail.data = (u_char *) detail;
    problem->detail.len = ngx_strlen(detail);

    if (name) {
        problem->param = *name;
    }

    return NGX_DECLINED;
}


/* jansson's own message would repeat what the client has sent */

static ngx_int_t
ngx_http_carrierpay_json_malformed(ngx_pool_t *pool, ngx_str_t *text,
    json_error_t *err, ngx_http_carrierpay_field_t *fields,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_http_carrierpay_field_t  *f;

    switch (json_error_code(err)) {

    case json_error_out_of_memory:
        return NGX_ERROR;

    case json_error_invalid_utf8:
        return ngx_http_carrierpay_json_refuse(problem, "invalid_json", NULL,
                                               "The body is not UTF-8");

    case json_error_duplicate_key:
        f = ngx_http_carrierpay_json_repeated(err, fields);
        return ngx_http_carrierpay_json_refuse(problem, "invalid_json",
                                               f ? &f->name : NULL,
                                               f ? "is given twice"
                                               : "A member is given twice");

    case json_error_numeric_overflow:
        f = ngx_http_carrierpay_json_overflow(text, fields);
        return ngx_http_carrierpay_json_refuse(problem,
                                               f ? f->code : "invalid_json",
                                               f ? &f->name : NULL,
                                               f ? "is too large"
                                               : "A number is too large");

    default:
        if (text->len == 0) {
            return ngx_http_carrierpay_json_refuse(problem, "invalid_json",
                                                   NULL, "The body is empty:"
                                                   " a JSON object is"
                                                   " required");
        }

        (void) ngx_http_carrierpay_json_refuse(problem, "invalid_json", NULL,
                                               "");
        return ngx_http_carrierpay_json_detail(pool, problem,
                       "The body is not valid JSON (line %L, column %L)",
                       err->line, err->column);
    }
}


static ngx_int_t
ngx_http_carrierpay_json_detail(ngx_pool_t *pool,
    ngx_http_carrierpay_problem_t *problem, const char *format, int64_t a,
    int64_t b)
{
    u_char  *p;
    size_t   len;

    len = ngx_strlen(format) + 2 * NGX_INT64_LEN;

    p = ngx_pnalloc(pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    problem->detail.data = p;
    problem->detail.len = ngx_snprintf(p, len, format, a, b) - p;

    return NGX_DECLINED;
}


/* jansson names the repeated key only in its message */

static ngx_http_carrierpay_field_t *
ngx_http_carrierpay_json_repeated(json_error_t *err,
    ngx_http_carrierpay_field_t *fields)
{
    u_char                       *p;
    ngx_http_carrierpay_field_t  *f;

    p = (u_char *) ngx_strstr(err->text, "near '\"");

    if (p == NULL) {
        return NULL;
    }

    p += sizeof("near '\"") - 1;

    for (f = fields; f->name.len; f++) {
        if (ngx_strncmp(p, f->name.data, f->name.len) == 0
            && p[f->name.len] == '"')
        {
            return f;
        }
    }

    return NULL;
}


/* finds the integer that is too large for 64 bits by reading it as a real */

static ngx_http_carrierpay_field_t *
ngx_http_carrierpay_json_overflow(ngx_str_t *text,
    ngx_http_carrierpay_field_t *fields)
{
    double                        n;
    json_t                       *object;
    ngx_http_carrierpay_field_t  *f, *found;

    object = json_loadb((char *) text->data, text->len,
                        JSON_DECODE_INT_AS_REAL, NULL);

    found = NULL;

    for (f = fields; object != NULL && f->name.len; f++) {

        n = json_real_value(json_object_get(object, (char *) f->name.data));

        if (f->type == NGX_HTTP_CARRIERPAY_JSON_INTEGER
            && (n > (double) NGX_MAX_INT32_VALUE
                || n < (double) -NGX_MAX_INT32_VALUE))
        {
            found = f;
            break;
        }
    }

    json_decref(object);

    return found;
}


static ngx_int_t
ngx_http_carrierpay_json_known(ngx_http_carrierpay_json_text_t *json,
    ngx_http_carrierpay_field_t *fields,
    ngx_http_carrierpay_problem_t *problem)
{
    ngx_str_t                    *name;
    ngx_uint_t                    i;
    ngx_http_carrierpay_field_t  *f;

    for (i = 0; i < json->members.n; i++) {
        name = &json->members.members[i].name;

        for (f = fields; f->name.len; f++) {
            if (f->name.len == name->len
                && ngx_memcmp(f->name.data, name->data, name->len) == 0)
            {
                break;
            }
        }

        if (f->name.len == 0) {
            return ngx_http_carrierpay_json_refuse(problem,
                                                   "unknown_parameter", name,
                                                   "is not known here");
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_json_field(ngx_pool_t *pool,
    ngx_carrierpay_flat_json_member_t *m, json_t *object,
    ngx_http_carrierpay_field_t *f, void *out,
    ngx_http_carrierpay_problem_t *problem)
{
    void        *place;
    int64_t      n;
    const char  *wrong;

    if (m == NULL || m->type == NGX_CARRIERPAY_FLAT_JSON_NULL) {
        if (!f->required) {
            return NGX_OK;
        }

        return ngx_http_carrierpay_json_refuse(problem, "missing_parameter",
                                               &f->name,
                                               "is required");
    }

    n = f->min;
    place = (u_char *) out + f->offset;
    wrong = ngx_http_carrierpay_json_store(m, object, f, place, &n);

    if (wrong == NULL && (n < f->min || n > f->max)) {
        (void) ngx_http_carrierpay_json_refuse(problem, f->code, &f->name, "");
        return ngx_http_carrierpay_json_detail(pool, problem,
                                   f->min == f->max ? "must have %L bytes"
                                   : ngx_http_carrierpay_json_limits[f->type],
                                   f->min, f->max);
    }

    if (wrong == NULL && f->check) {
        wrong = f->check(place);
    }

    if (wrong) {
        return ngx_http_carrierpay_json_refuse(problem, f->code, &f->name,
                                               wrong);
    }

    return NGX_OK;
}


/* stores the value in its field, and what min and max limit in *n */

static const char *
ngx_http_carrierpay_json_store(ngx_carrierpay_flat_json_member_t *m,
    json_t *object, ngx_http_carrierpay_field_t *f, void *place, int64_t *n)
{
    switch (f->type) {

    case NGX_HTTP_CARRIERPAY_JSON_STRING:
        if (m->type != NGX_CARRIERPAY_FLAT_JSON_STRING) {
            return "must be a string";
        }

        *(ngx_str_t *) place = m->string;
        *n = (int64_t) m->string.len;
        return NULL;

    case NGX_HTTP_CARRIERPAY_JSON_INTEGER:
        if (m->type != NGX_CARRIERPAY_FLAT_JSON_INTEGER) {
            return "must be an integer; amounts are in minor units";
        }

        *n = m->integer;
        *(int64_t *) place = *n;
        return NULL;

    case NGX_HTTP_CARRIERPAY_JSON_BOOLEAN:
        if (m->type != NGX_CARRIERPAY_FLAT_JSON_BOOLEAN) {
            return "must be true or false";
        }

        *(ngx_uint_t *) place = m->integer ? 1 : 0;
        return NULL;

    default: /* NGX_HTTP_CARRIERPAY_JSON_OBJECT */
        if (m->type != NGX_CARRIERPAY_FLAT_JSON_OTHER) {
            return "must be an object";
        }

        return ngx_http_carrierpay_json_store_object(
                           json_object_get(object, (char *) f->name.data),
                           place, n);
    }
}


static const char *
ngx_http_carrierpay_json_store_object(json_t *value, void *place, int64_t *n)
{
    if (json_is_array(value) && json_array_size(value) == 0) {
        *n = 0;
        return NULL;
    }

    if (!json_is_object(value)) {
        return "must be an object";
    }

    *(json_t **) place = value;
    *n = (int64_t) json_object_size(value);

    return NULL;
}


const char *
ngx_http_carrierpay_json_line(ngx_str_t *value)
{
    return value->len ? ngx_carrierpay_line_check(value) : NULL;
}
