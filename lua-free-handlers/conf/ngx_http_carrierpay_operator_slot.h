
/*
 * What the rows of carrierpay_operator and mvno have as cmd->post: how the
 * text of one value must look.
 */


#ifndef _NGX_HTTP_CARRIERPAY_OPERATOR_SLOT_H_INCLUDED_
#define _NGX_HTTP_CARRIERPAY_OPERATOR_SLOT_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_slot.h"


/* for ngx_conf_set_str_slot() */

extern ngx_conf_post_t  ngx_http_carrierpay_operator_slot_country;
extern ngx_conf_post_t  ngx_http_carrierpay_operator_slot_language;
extern ngx_conf_post_t  ngx_http_carrierpay_operator_slot_sms_from;

/* for ngx_http_carrierpay_slot_find(), _list() and _enum() */

extern ngx_http_carrierpay_slot_find_t
    ngx_http_carrierpay_operator_slot_currency;
extern ngx_http_carrierpay_slot_find_t
    ngx_http_carrierpay_operator_slot_dialect;

extern ngx_http_carrierpay_slot_list_t
    ngx_http_carrierpay_operator_slot_mccmnc;
extern ngx_http_carrierpay_slot_list_t
    ngx_http_carrierpay_operator_slot_prefix;
extern ngx_http_carrierpay_slot_list_t
    ngx_http_carrierpay_operator_slot_sms;

extern ngx_http_carrierpay_slot_enum_t
    ngx_http_carrierpay_operator_slot_mvno_type;


#endif /* _NGX_HTTP_CARRIERPAY_OPERATOR_SLOT_H_INCLUDED_ */
