
/*
 * The configuration of a provider that speaks the dialect sms_http.
 */


#ifndef _NGX_CARRIERPAY_SMS_HTTP_CONF_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_HTTP_CONF_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_sms_dialect.h"
#include "ngx_carrierpay_template.h"


/* The names of a request, in the order of ngx_carrierpay_sms_http_names. */

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


/* A word of the gateway for a state of a message. */

typedef struct {
    ngx_str_t                    word;
    ngx_carrierpay_sms_state_e   state;
} ngx_carrierpay_sms_http_state_t;


/* The dialect_conf of a provider; what is not configured is empty. */

typedef struct {
    ngx_carrierpay_template_t    request;
    ngx_str_t                    type;          /* its Content-Type */
    ngx_array_t                  success;       /* of ngx_uint_t */
    ngx_array_t                  refused;
    ngx_str_t                    reference;     /* path */

    ngx_str_t                    report_each;   /* paths */
    ngx_str_t                    report_id;
    ngx_str_t                    report_status;
    ngx_str_t                    report_code;
    ngx_array_t                  states;        /* …_sms_http_state_t */

    ngx_str_t                    mo_each;
    ngx_str_t                    mo_id;
    ngx_str_t                    mo_from;
    ngx_str_t                    mo_to;
    ngx_str_t                    mo_text;
    ngx_str_t                    mo_charset;
    ngx_str_t                    mo_coding;
} ngx_carrierpay_sms_http_conf_t;


#endif /* _NGX_CARRIERPAY_SMS_HTTP_CONF_H_INCLUDED_ */
