
#ifndef _NGX_CARRIERPAY_GSM_H_INCLUDED_
#define _NGX_CARRIERPAY_GSM_H_INCLUDED_


/*
 * How long an SMS is: 3GPP TS 23.038.
 *
 * A text of the GSM 7-bit default alphabet has 160 septets a message, or 153
 * a part when it takes several; "€", "[" and some more are two septets, and
 * never cut in two.  Any other character makes the whole text UCS-2: 70 code
 * units, or 67 a part; a character beyond U+FFFF is two units, and never cut
 * in two.
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
    ngx_uint_t             parts;       /* messages that are paid; from 1 */
} ngx_carrierpay_gsm_t;


/*
 * NGX_OK and *gsm set; NGX_DECLINED: not valid UTF-8.  An empty text is one
 * message.
 */
ngx_int_t ngx_carrierpay_gsm_measure(const ngx_str_t *text,
    ngx_carrierpay_gsm_t *gsm);


#endif /* _NGX_CARRIERPAY_GSM_H_INCLUDED_ */
