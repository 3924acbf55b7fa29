
/*
 * The dialect of an SMS gateway with an API of its own over HTTP, as the
 * directives of its carrierpay_sms block describe it.
 *
 * A message is a POST of the template `request`.  A password goes as
 * "Authorization: Basic", or "Bearer" without a username, unless the template
 * itself has a place for it.  The answer's status says what became of it:
 *
 *   of `success`       accepted; their id is at `reference` of the JSON
 *   of `refused`       refused
 *   401, 429, 503      failed, unless they stand in one of the lists
 *   anything else      unknown
 *
 * What they call with is read field by field: from a JSON body by a path of
 * members and positions ("results.0.id"), from a form, else from the query.
 * A report's word that is in no list of `report` is a state between, and
 * says nothing.
 */


#ifndef _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_template.h"


/* the names of a request, in the order of ngx_carrierpay_sms_http_names */

typedef enum {
    NGX_CARRIERPAY_SMS_HTTP_TO = 0,     /* digits, without a plus */
    NGX_CARRIERPAY_SMS_HTTP_FROM,
    NGX_CARRIERPAY_SMS_HTTP_TEXT,
    NGX_CARRIERPAY_SMS_HTTP_ID,
    NGX_CARRIERPAY_SMS_HTTP_REPORT,
    NGX_CARRIERPAY_SMS_HTTP_VALIDITY,   /* s */
    NGX_CARRIERPAY_SMS_HTTP_USERNAME,
    NGX_CARRIERPAY_SMS_HTTP_PASSWORD,
    NGX_CARRIERPAY_SMS_HTTP_NAMES
} ngx_carrierpay_sms_http_name_e;

extern const ngx_carrierpay_template_name_t  ngx_carrierpay_sms_http_names[];


/* a word of theirs, and what it means */

typedef struct {
    ngx_str_t                    word;
    ngx_carrierpay_sms_state_e   state;
} ngx_carrierpay_sms_http_state_t;


/* dialect_conf of a provider; what is not given is empty */

typedef struct {
    ngx_carrierpay_template_t    request;
    ngx_str_t                    type;          /* its Content-Type */
    ngx_array_t                  success;       /* of ngx_uint_t */
    ngx_array_t                  refused;
    ngx_str_t                    reference;     /* path */

    ngx_str_t                    report_id;     /* paths */
    ngx_str_t                    report_status;
    ngx_str_t                    report_code;
    ngx_array_t                  states;        /* …_sms_http_state_t */

    ngx_str_t                    mo_id;
    ngx_str_t                    mo_from;
    ngx_str_t                    mo_to;
    ngx_str_t                    mo_text;
} ngx_carrierpay_sms_http_conf_t;


extern const ngx_carrierpay_sms_dialect_t  ngx_carrierpay_sms_http_dialect;


/*
 * Is a request with ordinary values JSON?  NGX_OK, NGX_DECLINED, or NGX_ERROR
 * when memory is short.
 */
ngx_int_t ngx_carrierpay_sms_http_try(ngx_pool_t *pool,
    const ngx_carrierpay_template_t *request);


#endif /* _NGX_CARRIERPAY_SMS_HTTP_H_INCLUDED_ */
