
/*
 * The fields of queries and forms with which SMS gateways call us, and their
 * text.  A zero byte, which no database stores in a text, becomes a blank.
 */


#ifndef _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Finds a field of a query, or of an application/x-www-form-urlencoded body,
 * and decodes it in the pool.  NGX_OK; NGX_DECLINED: it is not there;
 * NGX_ABORT: it is there twice, or malformed; NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_sms_query_field(ngx_pool_t *pool,
    const ngx_str_t *query, const ngx_str_t *name, ngx_str_t *value);

/*
 * Converts a text from the charset that a Content-Type names to UTF-8, in the
 * pool.  The charsets are UTF-8, which is also the default, UTF-16BE and
 * ISO-8859-1.  NGX_OK; NGX_DECLINED: the text is not of the charset;
 * NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_sms_query_text(ngx_pool_t *pool,
    const ngx_str_t *type, const ngx_str_t *body, ngx_str_t *text);

/*
 * Returns 1 if the Content-Type, whatever its parameters, is that of the name
 * in small letters, and 0 otherwise.
 */
ngx_uint_t ngx_carrierpay_sms_query_is(const ngx_str_t *type,
    const char *name);


#endif /* _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_ */
