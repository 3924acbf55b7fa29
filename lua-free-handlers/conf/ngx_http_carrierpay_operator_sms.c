
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_operator_block.h"
#include "ngx_http_carrierpay_operator_sms.h"


#define NGX_HTTP_CARRIERPAY_SMS_DIGITS_MAX   15
#define NGX_HTTP_CARRIERPAY_SMS_LETTERS_MAX  11


/* sms kannel other;  the names are known when all has been read */

char *
ngx_http_carrierpay_operator_sms(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    ngx_str_t   *value;
    ngx_uint_t   i, j;

    if (op->sms.nelts) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {

        for (j = 1; j < i; j++) {
            if (value[j].len == value[i].len
                && ngx_memcmp(value[j].data, value[i].data, value[i].len) == 0)
            {
                return "names a provider twice";
            }
        }

        if (ngx_http_carrierpay_operator_conf_value(cf, &op->sms, &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


/* a short code or a number, or a name of what handsets show as a sender */

char *
ngx_http_carrierpay_operator_sms_from(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    u_char      *p, *last;
    ngx_str_t   *value;
    ngx_uint_t   letters;

    if (op->sms_from.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    op->sms_from = value[1];

    letters = 0;
    p = value[1].data;
    last = p + value[1].len;

    for ( /* void */ ; p < last; p++) {

        if (*p >= '0' && *p <= '9') {
            continue;
        }

        letters = 1;

        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
            || *p == '-' || *p == '.' || *p == '_' || *p == '&'
            || (*p == ' ' && p > value[1].data && p < last - 1))
        {
            continue;
        }

        return "is neither digits nor a name of letters, digits, blanks and"
               " \"-._&\"";
    }

    if (value[1].len == 0
        || value[1].len > (letters ? NGX_HTTP_CARRIERPAY_SMS_LETTERS_MAX
                                   : NGX_HTTP_CARRIERPAY_SMS_DIGITS_MAX))
    {
        return "is not 1 to 15 digits, or a name of 1 to 11 characters";
    }

    return NGX_CONF_OK;
}


char *
ngx_http_carrierpay_operator_language(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    u_char     *p;
    ngx_str_t  *value;

    if (op->language.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    p = value[1].data;

    if (value[1].len != 2 || p[0] < 'a' || p[0] > 'z' || p[1] < 'a'
        || p[1] > 'z')
    {
        return "is not a language of two small letters";
    }

    op->language = value[1];

    return NGX_CONF_OK;
}
