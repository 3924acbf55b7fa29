
/*
 * What a merchant sells: the category of its service, by which operators
 * refuse sales and countries set their VAT.
 */


#ifndef _NGX_CARRIERPAY_CATEGORY_H_INCLUDED_
#define _NGX_CARRIERPAY_CATEGORY_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_CATEGORY_DIGITAL_CONTENT = 0,
    NGX_CARRIERPAY_CATEGORY_VOICE,
    NGX_CARRIERPAY_CATEGORY_CHARITY,
    NGX_CARRIERPAY_CATEGORY_TICKETS,
    NGX_CARRIERPAY_CATEGORY_PHYSICAL_GOODS,
    NGX_CARRIERPAY_CATEGORIES
} ngx_carrierpay_category_e;


/* "digital_content" and so on, as API, webhooks and ledger write it. */
const ngx_str_t *ngx_carrierpay_category_name(
    ngx_carrierpay_category_e category);

/* NGX_OK, or NGX_DECLINED: the word is none of the five. */
ngx_int_t ngx_carrierpay_category_parse(const ngx_str_t *word,
    ngx_carrierpay_category_e *category);


#endif /* _NGX_CARRIERPAY_CATEGORY_H_INCLUDED_ */
