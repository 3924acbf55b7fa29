
/*
 * What gateways call with: fields of a query or a form, and their text.  A
 * zero byte, which no database keeps in a text, becomes a blank.
 */


#ifndef _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * A field of a query or of an application/x-www-form-urlencoded body, decoded
 * in the pool: NGX_OK; NGX_DECLINED: not there; NGX_ABORT: there twice, or
 * malformed; NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_sms_query_field(ngx_pool_t *pool,
    const ngx_str_t *query, const ngx_str_t *name, ngx_str_t *value);

/*
 * A text in the charset that a Content-Type names, as UTF-8: UTF-8 (also when
 * none is named), UTF-16BE, ISO-8859-1.  NGX_OK; NGX_DECLINED: it is none;
 * NGX_ERROR: memory.
 */
ngx_int_t ngx_carrierpay_sms_query_text(ngx_pool_t *pool,
    const ngx_str_t *type, const ngx_str_t *body, ngx_str_t *text);

/* Is this Content-Type, whatever its parameters, the name in small letters? */
ngx_uint_t ngx_carrierpay_sms_query_is(const ngx_str_t *type,
    const char *name);


#endif /* _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_ */
