
/*
 * The fields of queries and forms with which SMS gateways call us, and their
 * text.
 */


#ifndef _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_
#define _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Find a field of a query, or of an application/x-www-form-urlencoded body,
 * and decode it in the pool.  The first function makes blanks of zero bytes,
 * which no database stores in a text; the second one leaves all bytes as they
 * are.  NGX_OK; NGX_DECLINED: it is not there; NGX_ABORT: it is there twice,
 * or malformed; NGX_ERROR: memory is short.
 */
ngx_int_t ngx_carrierpay_sms_query_field(ngx_pool_t *pool,
    const ngx_str_t *query, const ngx_str_t *name, ngx_str_t *value);
ngx_int_t ngx_carrierpay_sms_query_bytes(ngx_pool_t *pool,
    const ngx_str_t *query, const ngx_str_t *name, ngx_str_t *value);

/* Makes blanks of the zero bytes of a field that was read as it is. */

void ngx_carrierpay_sms_query_blank(ngx_str_t *value);

/*
 * Converts a text from a charset, by its name, to UTF-8 in the pool; the name
 * is empty if none is given, and the charset then UTF-8.  NGX_OK;
 * NGX_DECLINED: the charset is not known, or the text is not of it; NGX_ERROR:
 * memory is short.
 */
ngx_int_t ngx_carrierpay_sms_query_text(ngx_pool_t *pool,
    const ngx_str_t *charset, const ngx_str_t *bytes, ngx_str_t *text);

/* Sets the name of the charset that a Content-Type names; "": none. */

void ngx_carrierpay_sms_query_charset(const ngx_str_t *type,
    ngx_str_t *charset);

/*
 * Returns 1 if the Content-Type, whatever its parameters, is that of the name
 * in small letters, and 0 otherwise.
 */
ngx_uint_t ngx_carrierpay_sms_query_is(const ngx_str_t *type,
    const char *name);


#endif /* _NGX_CARRIERPAY_SMS_QUERY_H_INCLUDED_ */
