
/*
 * How customers reach a help desk, as its owner writes it.
 */


#ifndef _NGX_HTTP_CARRIERPAY_CONTACT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_CONTACT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * The link for a contact: of an HTTPS page the page itself, of an e-mail
 * address mailto:, of a number tel:, of anything else none (len 0).  NGX_OK or
 * NGX_ERROR (memory).
 */
ngx_int_t ngx_http_carrierpay_contact_url(ngx_pool_t *pool, ngx_str_t *contact,
    ngx_str_t *url);


#endif /* _NGX_HTTP_CARRIERPAY_CONTACT_H_INCLUDED_ */
