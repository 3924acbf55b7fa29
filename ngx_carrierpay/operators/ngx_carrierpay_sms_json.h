
/*
 * Values in the JSON of SMS gateways.
 */


#ifndef _NGX_CARRIERPAY_SMS_JSON_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_JSON_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <jansson.h>


/*
 * Reads a document, which may be loose JSON (loose_json): its numbers are
 * strings, and of a member that is given twice the last one counts.  NGX_OK:
 * the caller frees *json.  NGX_DECLINED: it is malformed; NGX_ERROR: memory is
 * short.
 */
ngx_int_t ngx_carrierpay_sms_json_read(ngx_pool_t *pool,
    const ngx_str_t *text, json_t **json);

/*
 * Returns the value at a path, for example "messages.0.id": a name is a member
 * of an object and a number is a position of an array, from 0.  The result is
 * borrowed from json; it is NULL if there is no such value.
 */
json_t *ngx_carrierpay_sms_json_path(json_t *json, const ngx_str_t *path);

/*
 * Copies a string, as numbers are, too, into the pool.  NGX_OK; NGX_DECLINED:
 * the value is something else, NULL, or longer than 4,096 bytes; NGX_ERROR:
 * memory is short.
 */
ngx_int_t ngx_carrierpay_sms_json_text(ngx_pool_t *pool, const json_t *value,
    ngx_str_t *text);


#endif /* _NGX_CARRIERPAY_SMS_JSON_H_INCLUDED_ */
