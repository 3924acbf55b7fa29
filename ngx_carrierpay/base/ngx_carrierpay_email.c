
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_email.h>


#define NGX_CARRIERPAY_EMAIL_LOCAL_MAX  64
#define NGX_CARRIERPAY_EMAIL_LABEL_MAX  63


static ngx_uint_t ngx_carrierpay_email_local_valid(const u_char *p,
    const u_char *last);
static ngx_uint_t ngx_carrierpay_email_domain_valid(const u_char *p,
    const u_char *last);
static ngx_uint_t ngx_carrierpay_email_alnum(u_char c);


ngx_uint_t
ngx_carrierpay_email_valid(const ngx_str_t *email)
{
    u_char  *at, *last;

    if (email->len == 0 || email->len > NGX_CARRIERPAY_EMAIL_MAX) {
        return 0;
    }

    last = email->data + email->len;
    at = memchr(email->data, '@', email->len);

    return at != NULL
           && ngx_carrierpay_email_local_valid(email->data, at)
           && ngx_carrierpay_email_domain_valid(at + 1, last);
}


void
ngx_carrierpay_email_domain(const ngx_str_t *email, ngx_str_t *domain)
{
    u_char  *at;

    at = memchr(email->data, '@', email->len);

    domain->data = at + 1;
    domain->len = email->data + email->len - domain->data;
}


static ngx_uint_t
ngx_carrierpay_email_local_valid(const u_char *p, const u_char *last)
{
    ngx_uint_t  dot;

    if (last - p > NGX_CARRIERPAY_EMAIL_LOCAL_MAX) {
        return 0;
    }

    /*
     * It starts as if a dot stood before the first byte, so that a dot can be
     * neither first, nor last, nor doubled.
     */

    dot = 1;

    for ( /* void */ ; p < last; p++) {

        if (*p == '.') {
            if (dot) {
                return 0;
            }

            dot = 1;
            continue;
        }

        if (!ngx_carrierpay_email_alnum(*p)
            && (*p == '\0' || ngx_strchr("!#$%&'*+-/=?^_`{|}~", *p) == NULL))
        {
            return 0;
        }

        dot = 0;
    }

    return !dot;
}


static ngx_uint_t
ngx_carrierpay_email_domain_valid(const u_char *p, const u_char *last)
{
    ngx_uint_t     labels, number;
    const u_char  *label;

    labels = 0;
    number = 1;

    for (label = p; /* void */ ; p++) {

        if (p < last && *p != '.') {

            if (!ngx_carrierpay_email_alnum(*p) && *p != '-') {
                return 0;
            }

            if (*p < '0' || *p > '9') {
                number = 0;
            }

            continue;
        }

        if (p == label || p - label > NGX_CARRIERPAY_EMAIL_LABEL_MAX
            || *label == '-' || p[-1] == '-')
        {
            return 0;
        }

        labels++;

        if (p == last) {
            break;
        }

        label = p + 1;
        number = 1;
    }

    return labels > 1 && !number;
}


/* isalnum() is not used, since a locale may know letters beyond ASCII. */

static ngx_uint_t
ngx_carrierpay_email_alnum(u_char c)
{
    return (c >= '0' && c <= '9')
           || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}
