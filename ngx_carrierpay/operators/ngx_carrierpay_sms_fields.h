
/*
 * The fields of a request with which an SMS gateway calls us.
 *
 * A request has one event, or a JSON body has a list of them.  A field of an
 * event is read from JSON by its path (sms_json) or from a form, and if it is
 * not there, from the query.
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
    json_t                      *event;   /* borrowed from it */
    ngx_uint_t                   form;    /* the body is a form */
} ngx_carrierpay_sms_fields_t;


/* Reads one event from its fields; returns what the function below does. */
typedef ngx_int_t (*ngx_carrierpay_sms_fields_pt)(
    ngx_carrierpay_sms_fields_t *fields, ngx_array_t *events);


/*
 * Calls `read` for each event of a call.  "each" is the path of their list in
 * a JSON body, or "." if the body is the list; it is empty if a call has one
 * event, and what is there may also be one event.
 *
 * NGX_OK; NGX_DECLINED: the body is malformed, or neither JSON nor a form, or
 * `read` has declined an event, and the other events have been read;
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_sms_fields_each(ngx_carrierpay_sms_call_t *call,
    const ngx_str_t *each, ngx_array_t *events,
    ngx_carrierpay_sms_fields_pt read);

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

/*
 * Reads a field as the first function does, without a look at its bytes, which
 * in a form and in a query are of a charset that is known elsewhere.  *bytes
 * is set to 1 if it is such a field, and to 0 if it is text of JSON.
 */
ngx_int_t ngx_carrierpay_sms_fields_bytes(ngx_carrierpay_sms_fields_t *fields,
    const ngx_str_t *name, ngx_str_t *value, ngx_uint_t *bytes);


#endif /* _NGX_CARRIERPAY_SMS_FIELDS_H_INCLUDED_ */
