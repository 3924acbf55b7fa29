
#ifndef _NGX_CARRIERPAY_GSM_H_INCLUDED_
#define _NGX_CARRIERPAY_GSM_H_INCLUDED_


/*
 * The length of an SMS: how many messages a text is sent and paid as.
 *
 * A text of the GSM 7-bit default alphabet has 160 septets a message, or 153 a
 * part if it takes several parts.  The euro sign, "[" and some others are two
 * septets, which are never separated.  Any other character makes the whole
 * text UCS-2: 70 code units, or 67 a part.  A character beyond U+FFFF is two
 * units, which are never separated.
 *
 * Specification: 3GPP TS 23.038 and TS 23.040.  The functions are pure.
 */


#include <ngx_config.h>
#include <ngx_core.h>


typedef enum {
    NGX_CARRIERPAY_GSM_7BIT = 0,
    NGX_CARRIERPAY_GSM_UCS2
} ngx_carrierpay_gsm_e;


typedef struct {
    ngx_carrierpay_gsm_e   alphabet;
    ngx_uint_t             units;       /* septets, or code units */
    ngx_uint_t             parts;       /* messages to pay, at least 1 */
} ngx_carrierpay_gsm_t;


/*
 * Measures a text.  NGX_OK: *gsm is set.  NGX_DECLINED: the text is not valid
 * UTF-8.  An empty text is one message.
 */
ngx_int_t ngx_carrierpay_gsm_measure(const ngx_str_t *text,
    ngx_carrierpay_gsm_t *gsm);


#endif /* _NGX_CARRIERPAY_GSM_H_INCLUDED_ */
