
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_attempt.h"
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_text.h"
#include "ngx_http_carrierpay_values_declined.h"


static size_t ngx_http_carrierpay_declined_item(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_attempt_t *attempt, u_char *item);
static ngx_uint_t ngx_http_carrierpay_declined_same(const ngx_str_t *one,
    const ngx_str_t *two);


ngx_int_t
ngx_http_carrierpay_values_declined(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr, ngx_carrierpay_payment_t *p,
    ngx_str_t *values)
{
    size_t                     len;
    ngx_str_t                 *list, text;
    ngx_uint_t                 writing;
    ngx_carrierpay_attempt_t   attempt, before;

    list = &ngx_http_carrierpay_value(DECLINED);

    /* the first turn finds out how long the list is */

    for (writing = 0; writing < 2; writing++) {
        len = 0;
        text = p->declined;
        ngx_memzero(&before, sizeof(before));

        while (ngx_carrierpay_attempt_next(&text, &attempt) == NGX_OK) {

            /* a line that is tried again and again says one thing */

            if (!ngx_http_carrierpay_declined_same(&attempt.operator,
                                                   &before.operator)
                || !ngx_http_carrierpay_declined_same(&attempt.failure_code,
                                                      &before.failure_code))
            {
                len += ngx_http_carrierpay_declined_item(r, cr, &attempt,
                                             writing ? list->data + len
                                                     : NULL);
            }

            before = attempt;
        }

        if (len == 0) {
            return NGX_OK;
        }

        if (!writing) {
            list->data = ngx_pnalloc(r->pool, len);
            if (list->data == NULL) {
                return NGX_ERROR;
            }
        }
    }

    list->len = len;

    return NGX_OK;
}


/*
 * The operator by the name that its customers know, if it is configured still,
 * and the reason.  Returns the size of the item; NULL: nothing is written.
 */

static size_t
ngx_http_carrierpay_declined_item(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_carrierpay_attempt_t *attempt, u_char *item)
{
    ngx_str_t                  *name;
    const ngx_str_t            *reason;
    ngx_carrierpay_operator_t  *op;

    op = ngx_carrierpay_operator_find(&ngx_http_carrierpay_conf(r)->operators,
                                      &attempt->operator);

    name = op ? &op->title : &attempt->operator;
    reason = ngx_carrierpay_language_text(cr->lang,
                        ngx_carrierpay_phrase_variant("code_",
                                                  &attempt->failure_code,
                                                  NGX_CARRIERPAY_PHRASE_CODE));

    if (item) {
        item = ngx_cpymem(item, "<li>", sizeof("<li>") - 1);
        item = ngx_carrierpay_text_html(item, name->data, name->len);
        item = ngx_cpymem(item, " – ", sizeof(" – ") - 1);
        item = ngx_carrierpay_text_html(item, reason->data, reason->len);
        (void) ngx_cpymem(item, "</li>\n", sizeof("</li>\n") - 1);
    }

    return sizeof("<li> – </li>\n") - 1
           + ngx_carrierpay_text_html_size(name->data, name->len)
           + ngx_carrierpay_text_html_size(reason->data, reason->len);
}


static ngx_uint_t
ngx_http_carrierpay_declined_same(const ngx_str_t *one, const ngx_str_t *two)
{
    return one->len == two->len
           && ngx_memcmp(one->data, two->data, one->len) == 0;
}
