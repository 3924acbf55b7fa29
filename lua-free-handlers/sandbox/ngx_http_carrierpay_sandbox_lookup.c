
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_end_user.h"
#include "ngx_http_carrierpay_json.h"
#include "ngx_http_carrierpay_reply.h"
#include "ngx_http_carrierpay_sandbox_late.h"
#include "ngx_http_carrierpay_sandbox_lookup.h"
#include "ngx_http_carrierpay_sandbox_script.h"


/* the last four digits of an end user */

#define NGX_HTTP_CARRIERPAY_SANDBOX_UNKNOWN  14
#define NGX_HTTP_CARRIERPAY_SANDBOX_LATE     15
#define NGX_HTTP_CARRIERPAY_SANDBOX_NOTHING  16


/* the body of a question */

typedef struct {
    ngx_str_t    end_user;
} ngx_http_carrierpay_sandbox_question_t;


static ngx_str_t *ngx_http_carrierpay_sandbox_lookup_find(
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *end_user);
static ngx_uint_t ngx_http_carrierpay_sandbox_mccmnc(ngx_str_t *text);


static ngx_http_carrierpay_field_t  ngx_http_carrierpay_sandbox_question[] = {

    { ngx_string("line"), NGX_HTTP_CARRIERPAY_JSON_STRING, 1,
      NGX_CARRIERPAY_MSISDN_MIN, NGX_CARRIERPAY_END_USER_MAX,
      offsetof(ngx_http_carrierpay_sandbox_question_t, end_user),
      "invalid_parameter", ngx_http_carrierpay_sandbox_end_user },

    { ngx_null_string, 0, 0, 0, 0, 0, NULL, NULL }
};


ngx_int_t
ngx_http_carrierpay_sandbox_lookup(ngx_http_request_t *r,
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *body,
    ngx_msec_t delay)
{
    ngx_int_t                                rc, digits;
    ngx_str_t                               *mccmnc, json;
    ngx_http_carrierpay_problem_t            problem;
    ngx_http_carrierpay_sandbox_question_t   question;

    ngx_memzero(&question, sizeof(ngx_http_carrierpay_sandbox_question_t));
    ngx_memzero(&problem, sizeof(ngx_http_carrierpay_problem_t));

    rc = ngx_http_carrierpay_json_read(r->pool, body,
                                       ngx_http_carrierpay_sandbox_question,
                                       &question, &problem);
    if (rc == NGX_DECLINED) {
        return ngx_http_carrierpay_reply_problem(r, &problem);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    digits = ngx_http_carrierpay_sandbox_digits(&question.end_user);

    if (digits == NGX_HTTP_CARRIERPAY_SANDBOX_NOTHING) {
        return NGX_HTTP_CLOSE;
    }

    mccmnc = ngx_http_carrierpay_sandbox_lookup_find(lookup,
                                                     &question.end_user);

    if (mccmnc->len == 0 || digits == NGX_HTTP_CARRIERPAY_SANDBOX_UNKNOWN) {
        return ngx_http_carrierpay_reply_error(r, NGX_HTTP_NOT_FOUND,
                                               "not_found", "There is no"
                                               " such line");
    }

    json.len = sizeof("{\"mccmnc\":\"\"}") - 1 + mccmnc->len;
    json.data = ngx_pnalloc(r->pool, json.len);

    if (json.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(json.data, "{\"mccmnc\":\"%V\"}", mccmnc);

    if (digits == NGX_HTTP_CARRIERPAY_SANDBOX_LATE) {
        return ngx_http_carrierpay_sandbox_late(r, NGX_HTTP_OK, &json, delay);
    }

    return ngx_http_carrierpay_reply_json(r, NGX_HTTP_OK, &json);
}


static ngx_str_t *
ngx_http_carrierpay_sandbox_lookup_find(
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *end_user)
{
    ngx_str_t     *end;
    ngx_uint_t     i;
    ngx_keyval_t  *moved;

    moved = lookup->moved.elts;

    for (i = 0; i < lookup->moved.nelts; i++) {
        end = &moved[i].key;

        if (end_user->len >= end->len
            && ngx_memcmp(end_user->data + end_user->len - end->len, end->data,
                          end->len)
               == 0)
        {
            return &moved[i].value;
        }
    }

    return &lookup->mccmnc;
}


ngx_int_t
ngx_http_carrierpay_sandbox_lookup_parameter(ngx_conf_t *cf,
    ngx_http_carrierpay_sandbox_lookup_t *lookup, ngx_str_t *value)
{
    u_char        *p, *last;
    ngx_keyval_t  *moved;

    last = value->data + value->len;

    if (ngx_strncmp(value->data, "mccmnc=", 7) == 0) {
        lookup->mccmnc.data = value->data + 7;
        lookup->mccmnc.len = last - lookup->mccmnc.data;

        return ngx_http_carrierpay_sandbox_mccmnc(&lookup->mccmnc)
               ? NGX_OK : NGX_DECLINED;
    }

    if (ngx_strncmp(value->data, "moved=", 6) != 0) {
        return NGX_DECLINED;
    }

    p = ngx_strlchr(value->data, last, ':');

    if (p == NULL || p == value->data + 6) {
        return NGX_DECLINED;
    }

    if (lookup->moved.elts == NULL
        && ngx_array_init(&lookup->moved, cf->pool, 4, sizeof(ngx_keyval_t))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    moved = ngx_array_push(&lookup->moved);
    if (moved == NULL) {
        return NGX_ERROR;
    }

    moved->key.data = value->data + 6;
    moved->key.len = p - moved->key.data;
    moved->value.data = p + 1;
    moved->value.len = last - moved->value.data;

    return ngx_http_carrierpay_sandbox_mccmnc(&moved->value)
           ? NGX_OK : NGX_DECLINED;
}


static ngx_uint_t
ngx_http_carrierpay_sandbox_mccmnc(ngx_str_t *text)
{
    return (text->len == 5 || text->len == 6)
           && ngx_atoi(text->data, text->len) != NGX_ERROR;
}
