
/*
 * A text in JSON and the members of its object.
 *
 * A text that is flat, as most are, is read by base/text/flat_json and any
 * other one by jansson, and it makes no difference which.
 */


#ifndef _NGX_HTTP_CARRIERPAY_JSON_TEXT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_JSON_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_flat_json.h"


typedef enum {
    NGX_HTTP_CARRIERPAY_JSON_TEXT_OBJECT = 0,
    NGX_HTTP_CARRIERPAY_JSON_TEXT_OTHER,        /* valid, and no object */
    NGX_HTTP_CARRIERPAY_JSON_TEXT_DEEP,         /* nested too deep */
    NGX_HTTP_CARRIERPAY_JSON_TEXT_MALFORMED,    /* jansson's error says how */
    NGX_HTTP_CARRIERPAY_JSON_TEXT_MEMORY
} ngx_http_carrierpay_json_text_e;


/*
 * The first members of the object, in their order; a value of type OTHER is
 * found in the object itself.
 */

typedef struct {
    ngx_carrierpay_flat_json_t   members;
    json_t                      *object;     /* NULL: it was flat */
} ngx_http_carrierpay_json_text_t;


/*
 * Reads a text.  If it is an OBJECT, json is filled, and what json points to
 * lives as long as the pool; a value may be changed in place, which does not
 * change the text.
 */
ngx_http_carrierpay_json_text_e ngx_http_carrierpay_json_text_read(
    ngx_pool_t *pool, ngx_str_t *text, ngx_http_carrierpay_json_text_t *json,
    json_error_t *err);


#endif /* _NGX_HTTP_CARRIERPAY_JSON_TEXT_H_INCLUDED_ */
