
/*
 * An operator's answer in JSON, of which a dialect reads a few members.  An
 * answer that is flat is read in place, any other one by jansson, which
 * refuses duplicates; it makes no difference which.
 */


#ifndef _NGX_CARRIERPAY_JSON_ANSWER_H_INCLUDED_
#define _NGX_CARRIERPAY_JSON_ANSWER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_flat_json.h"


typedef struct {
    ngx_carrierpay_flat_json_t   flat;
    json_t                      *json;      /* NULL: it is flat */
} ngx_carrierpay_json_answer_t;


/*
 * Reads a text, which must live as long as the answer.  NGX_OK: the caller
 * frees the answer.  NGX_DECLINED: it is no JSON, and there is nothing to
 * free.
 */
ngx_int_t ngx_carrierpay_json_answer_read(ngx_carrierpay_json_answer_t *a,
    const ngx_str_t *text);
void ngx_carrierpay_json_answer_free(ngx_carrierpay_json_answer_t *a);

/*
 * Get a member, of an answer that is an object: a string, which lives as long
 * as the answer, or an integer.  NGX_DECLINED: there is no such member, or it
 * is of another type.
 */
ngx_int_t ngx_carrierpay_json_answer_text(ngx_carrierpay_json_answer_t *a,
    const char *name, ngx_str_t *text);
ngx_int_t ngx_carrierpay_json_answer_integer(ngx_carrierpay_json_answer_t *a,
    const char *name, int64_t *n);


#endif /* _NGX_CARRIERPAY_JSON_ANSWER_H_INCLUDED_ */
