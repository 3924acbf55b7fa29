
#include <ngx_config.h>
#include <ngx_core.h>

#include "ngx_carrierpay_pq_conf.h"


static ngx_int_t ngx_carrierpay_pq_conf_keyword(
    ngx_carrierpay_pq_keywords_t *keywords, const char *name,
    ngx_str_t *value, ngx_pool_t *pool);


/*
 * The address is given as hostaddr, too: libpq then asks no resolver, and
 * verify-full still compares the certificate with host.
 */

ngx_int_t
ngx_carrierpay_pq_conf_keywords(ngx_carrierpay_pq_conf_t *conf,
    ngx_carrierpay_pq_keywords_t *keywords, ngx_pool_t *pool)
{
    u_char      *p;
    ngx_str_t    port, address, timeout;
    ngx_uint_t   i;
    u_char       buf[2 * NGX_INT_T_LEN];

    static ngx_str_t  disable = ngx_string("disable");
    static ngx_str_t  encoding = ngx_string("UTF8");
    static ngx_str_t  application = ngx_string("carrierpay");

    struct {
        const char  *name;
        ngx_str_t   *value;
    } options[] = {
        { "host", &conf->host },
        { "hostaddr", &address },
        { "port", &port },
        { "dbname", &conf->dbname },
        { "user", &conf->user },
        { "password", &conf->password },
        { "sslmode", &conf->sslmode },
        { "sslrootcert", &conf->sslrootcert },
        { "tcp_user_timeout", &timeout },
        { "gssencmode", &disable },
        { "client_encoding", &encoding },
        { "application_name", &application }
    };

    ngx_str_null(&port);
    ngx_str_null(&address);
    ngx_str_null(&timeout);

    p = buf;

    if (conf->port) {
        port.data = p;
        p = ngx_sprintf(p, "%ui", conf->port);
        port.len = p - port.data;
    }

    if (conf->host.len && conf->host.data[0] != '/') {
        address = conf->host;

        timeout.data = p;
        p = ngx_sprintf(p, "%M", conf->timeout);
        timeout.len = p - timeout.data;
    }

    for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (ngx_carrierpay_pq_conf_keyword(keywords, options[i].name,
                                           options[i].value, pool)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_pq_conf_keyword(ngx_carrierpay_pq_keywords_t *keywords,
    const char *name, ngx_str_t *value, ngx_pool_t *pool)
{
    u_char  *p;

    if (value->len == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(pool, value->len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(p, value->data, value->len + 1);

    keywords->names[keywords->n] = name;
    keywords->values[keywords->n++] = (const char *) p;

    return NGX_OK;
}
