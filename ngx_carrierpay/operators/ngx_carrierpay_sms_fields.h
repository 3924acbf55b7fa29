
/*
 * The fields of a request with which an SMS gateway calls us.
 *
 * A field is read from a JSON body by its path (sms_json) or from a form, and
 * if it is not there, from the query.
 */


#ifndef _NGX_CARRIERPAY_SMS_FIELDS_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_FIELDS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>
#include "ngx_carrierpay_sms_dialect.h"


typedef struct {
    ngx_carrierpay_sms_call_t   *call;
    json_t                      *json;    /* the body; NULL: it is no JSON */
    ngx_uint_t                   form;    /* the body is a form */
} ngx_carrierpay_sms_fields_t;


/*
 * Opens the fields of a call.  NGX_OK: the caller closes them.  NGX_DECLINED:
 * the body is malformed, or neither JSON nor a form.
 */
ngx_int_t ngx_carrierpay_sms_fields_open(ngx_carrierpay_sms_call_t *call,
    ngx_carrierpay_sms_fields_t *fields);
void ngx_carrierpay_sms_fields_close(ngx_carrierpay_sms_fields_t *fields);

/*
 * Read a field into the pool of the call; its name is empty if none is
 * configured.  NGX_OK: the value is set.  NGX_DECLINED: the field is there but
 * is no text; NGX_ERROR: memory is short.  A field that is not there is an
 * empty value for the first function, and a missing or empty one is
 * NGX_DECLINED for the second.
 */
ngx_int_t ngx_carrierpay_sms_fields_optional(
    ngx_carrierpay_sms_fields_t *fields, const ngx_str_t *name,
    ngx_str_t *value);
ngx_int_t ngx_carrierpay_sms_fields_required(
    ngx_carrierpay_sms_fields_t *fields, const ngx_str_t *name,
    ngx_str_t *value);


#endif /* _NGX_CARRIERPAY_SMS_FIELDS_H_INCLUDED_ */
