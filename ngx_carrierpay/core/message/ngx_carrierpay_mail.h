
/*
 * A mail of the service, ready for io/smtp: composed in the caller's pool,
 * from the sender that carrierpay_smtp names.
 */


#ifndef _NGX_CARRIERPAY_MAIL_H_INCLUDED_
#define _NGX_CARRIERPAY_MAIL_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_smtp.h"


typedef struct {
    ngx_str_t        to;         /* address */
    ngx_str_t        subject;    /* UTF-8, not yet encoded */
    ngx_str_t        text;       /* UTF-8 */
    ngx_str_t        id;         /* the same for each try: base/mime */
} ngx_carrierpay_mail_parts_t;


/*
 * Fills mail->to and mail->text; both live as long as the pool, and
 * parts->to.  NGX_OK; NGX_DECLINED: no address or not UTF-8; NGX_ERROR: no
 * memory.  Needs core->smtp.
 */
ngx_int_t ngx_carrierpay_mail_compose(ngx_carrierpay_core_t *core,
    ngx_pool_t *pool, const ngx_carrierpay_mail_parts_t *parts,
    ngx_carrierpay_smtp_mail_t *mail);


#endif /* _NGX_CARRIERPAY_MAIL_H_INCLUDED_ */
