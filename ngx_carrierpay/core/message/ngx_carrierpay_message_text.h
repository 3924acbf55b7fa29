
/*
 * What a message says: a text of its language's catalogue, named by its kind,
 * with the values of its payment filled in.
 */


#ifndef _NGX_CARRIERPAY_MESSAGE_TEXT_H_INCLUDED_
#define _NGX_CARRIERPAY_MESSAGE_TEXT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_flow.h"
#include "ngx_carrierpay_mail.h"


/* Strings with data NULL are unknown. */

typedef struct {
    int64_t          id;
    ngx_str_t        kind;             /* pin, receipt, stopped, … */
    ngx_str_t        locale;           /* "fr" */
    ngx_str_t        to;               /* digits, or an address */
    ngx_str_t        code;             /* of a PIN: its digits, and a host */

    ngx_str_t        merchant;
    ngx_str_t        support;          /* the merchant's help */

    int64_t          payment_id;       /* 0: it is about none, nor is there */
    int64_t          amount;           /* what follows */
    ngx_str_t        currency;
    ngx_str_t        description;
    ngx_str_t        operator_name;
    ngx_str_t        order;            /* the merchant's reference */
    ngx_str_t        end_user;         /* the payer */
    int64_t          attempt;          /* its time is when it was paid */
    int64_t          tax;              /* in the amount; 0: none */
    int64_t          later_max;        /* of later charges in a month; or 0 */
} ngx_carrierpay_wording_t;


/* The text of an SMS, in the pool; NGX_OK or NGX_ERROR (memory). */
ngx_int_t ngx_carrierpay_message_text_sms(ngx_carrierpay_wording_t *wording,
    ngx_pool_t *pool, ngx_str_t *text);

/*
 * The same for a mail; it names the page where its shopper can stop purchases,
 * as far as the configuration tells where pages are.
 */
ngx_int_t ngx_carrierpay_message_text_mail(ngx_carrierpay_conf_t *conf,
    ngx_carrierpay_wording_t *wording, ngx_pool_t *pool,
    ngx_carrierpay_mail_parts_t *letter);


#endif /* _NGX_CARRIERPAY_MESSAGE_TEXT_H_INCLUDED_ */
