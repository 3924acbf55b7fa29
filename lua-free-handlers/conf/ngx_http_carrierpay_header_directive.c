
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_carrierpay_conf.h"
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_operator.h"
#include "ngx_http_carrierpay_header_directive.h"


static ngx_int_t ngx_http_carrierpay_header_directive_parameter(ngx_conf_t *cf,
    ngx_carrierpay_header_t *header, ngx_str_t *value);
static char *ngx_http_carrierpay_header_directive_check(
    ngx_carrierpay_header_t *header);
static char *ngx_http_carrierpay_header_directive_mccmnc_name(ngx_conf_t *cf,
    void *post, void *data);
static char *ngx_http_carrierpay_header_directive_name(ngx_conf_t *cf,
    ngx_str_t *text, ngx_uint_t cookie, ngx_str_t *name);
static ngx_uint_t ngx_http_carrierpay_header_directive_repeated(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_carrierpay_header_t *header);
static ngx_uint_t ngx_http_carrierpay_header_directive_reserved(
    ngx_str_t *name);


/* identities of the SIM card: they are never accepted and never stored */

static ngx_str_t  ngx_http_carrierpay_header_directive_imsi[] = {
    ngx_string("x-imsi"),
    ngx_string("x-nokia-imsi"),
    ngx_null_string
};


ngx_conf_post_t  ngx_http_carrierpay_header_directive_mccmnc = {
    ngx_http_carrierpay_header_directive_mccmnc_name
};


/* header NAME ... [format=FORMAT] [key=NAME] [window=TIME] [frame=TEXT]; */

char *
ngx_http_carrierpay_header_directive(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_carrierpay_operator_t *op = conf;

    char                     *rv;
    ngx_str_t                *value;
    ngx_uint_t                i, names;
    ngx_carrierpay_header_t   shape, *header;

    value = cf->args->elts;
    ngx_memzero(&shape, sizeof(ngx_carrierpay_header_t));

    shape.file = cf->conf_file->file.name.data;
    shape.line = cf->conf_file->line;

    for (names = 1; names < cf->args->nelts; names++) {
        if (ngx_strlchr(value[names].data,
                        value[names].data + value[names].len, '='))
        {
            break;
        }
    }

    if (names == 1) {
        return "has no name";
    }

    for (i = names; i < cf->args->nelts; i++) {
        if (ngx_http_carrierpay_header_directive_parameter(cf, &shape,
                                                           &value[i])
            != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
    }

    rv = ngx_http_carrierpay_header_directive_check(&shape);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    for (i = 1; i < names; i++) {

        rv = ngx_http_carrierpay_header_directive_name(cf, &value[i],
                                             shape.format.cookie, &shape.name);
        if (rv != NGX_CONF_OK) {
            return rv;
        }

        if (ngx_http_carrierpay_header_directive_repeated(cf, op, &shape)) {
            return NGX_CONF_ERROR;
        }

        header = ngx_array_push(&op->headers);
        if (header == NULL) {
            return NGX_CONF_ERROR;
        }

        *header = shape;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_carrierpay_header_directive_mccmnc_name(ngx_conf_t *cf, void *post,
    void *data)
{
    ngx_str_t *name = data;

    ngx_str_t  text;

    text = *name;

    return ngx_http_carrierpay_header_directive_name(cf, &text, 0, name);
}


ngx_int_t
ngx_http_carrierpay_header_directive_keys(ngx_conf_t *cf,
    ngx_carrierpay_conf_t *conf)
{
    ngx_uint_t                   i, j;
    const char                  *what;
    ngx_carrierpay_header_t     *header;
    ngx_carrierpay_operator_t  **op;

    op = conf->operators.list.elts;

    for (i = 0; i < conf->operators.list.nelts; i++) {

        header = op[i]->headers.elts;

        for (j = 0; j < op[i]->headers.nelts; j++) {

            if (header[j].key.len == 0) {
                continue;
            }

            what = ngx_carrierpay_keyring_named(&conf->keyring, &header[j].key,
                                                &header[j].format);
            if (what) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "key \"%V\" of header \"%V\": %s in %s:%ui",
                              &header[j].key, &header[j].name, what,
                              header[j].file, header[j].line);
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_header_directive_parameter(ngx_conf_t *cf,
    ngx_carrierpay_header_t *header, ngx_str_t *value)
{
    u_char      *equals;
    ngx_str_t    name, text;
    const char  *what;

    equals = ngx_strlchr(value->data, value->data + value->len, '=');
    what = NULL;

    if (equals == NULL) {
        what = "a name after the parameters";
        goto invalid;
    }

    name.data = value->data;
    name.len = equals - value->data;

    text.data = equals + 1;
    text.len = value->data + value->len - text.data;

    if (text.len == 0) {
        what = "is empty";

    } else if (name.len == 6 && ngx_strncmp(name.data, "format", 6) == 0) {
        what = ngx_carrierpay_enriched_format_parse(&text, &header->format);

    } else if (name.len == 3 && ngx_strncmp(name.data, "key", 3) == 0) {
        header->key = text;

    } else if (name.len == 5 && ngx_strncmp(name.data, "frame", 5) == 0) {
        header->format.frame = text;

    } else if (name.len == 6 && ngx_strncmp(name.data, "window", 6) == 0) {
        header->format.window = ngx_parse_time(&text, 1);

        if (header->format.window <= 0) {
            what = "no time";
        }

    } else {
        what = "unknown";
    }

    if (what == NULL) {
        return NGX_OK;
    }

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\": %s",
                       value, what);

    return NGX_ERROR;
}


static char *
ngx_http_carrierpay_header_directive_check(ngx_carrierpay_header_t *header)
{
    if (header->format.cipher == NGX_CARRIERPAY_CIPHER_NONE) {

        if (header->key.len) {
            return "has a \"key\", but a \"format\" without cipher";
        }

        /* without a cipher any client can write the time of day */

        if (header->format.window) {
            return "has a \"window\", but a \"format\" without cipher";
        }

    } else if (header->key.len == 0) {
        return "has a \"format\" with cipher, but no \"key\"";
    }

    return NGX_CONF_OK;
}


/* a cookie and a header may have the same name */

static ngx_uint_t
ngx_http_carrierpay_header_directive_repeated(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_carrierpay_header_t *header)
{
    ngx_uint_t                i;
    ngx_carrierpay_header_t  *other;

    other = op->headers.elts;

    for (i = 0; i < op->headers.nelts; i++) {
        if (other[i].format.cookie == header->format.cookie
            && other[i].name.len == header->name.len
            && ngx_memcmp(other[i].name.data, header->name.data,
                          header->name.len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "header \"%V\" is given twice",
                               &header->name);
            return 1;
        }
    }

    return 0;
}


/*
 * Puts the name in small letters, otherwise as it is written: "x_msisdn" is
 * stripped where "x-msisdn" is, but it is not accepted in its place.
 */

static char *
ngx_http_carrierpay_header_directive_name(ngx_conf_t *cf, ngx_str_t *text,
    ngx_uint_t cookie, ngx_str_t *name)
{
    u_char      c;
    size_t      i;
    ngx_str_t  *imsi;

    if (text->len == 0) {
        return "has an empty name";
    }

    name->len = text->len;
    name->data = ngx_pnalloc(cf->pool, text->len);

    if (name->data == NULL) {
        return NGX_CONF_ERROR;
    }

    for (i = 0; i < text->len; i++) {
        c = ngx_tolower(text->data[i]);

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-'
            && c != '_')
        {
            return "has a name that is not letters, digits and hyphens";
        }

        name->data[i] = (c == '_' && !cookie) ? '-' : c;
    }

    for (imsi = ngx_http_carrierpay_header_directive_imsi; imsi->len; imsi++) {
        if (imsi->len == name->len
            && ngx_memcmp(imsi->data, name->data, name->len) == 0)
        {
            return "names an IMSI, which is never accepted";
        }
    }

    if (!cookie && ngx_http_carrierpay_header_directive_reserved(name)) {
        return "names a header that HTTP needs for itself";
    }

    for (i = 0; i < text->len; i++) {
        name->data[i] = ngx_tolower(text->data[i]);
    }

    return NGX_CONF_OK;
}


/* nginx itself reads these, so they must not be stripped from each request */

static ngx_uint_t
ngx_http_carrierpay_header_directive_reserved(ngx_str_t *name)
{
    ngx_http_header_t  *h;

    for (h = ngx_http_headers_in; h->name.len; h++) {
        if (h->name.len == name->len
            && ngx_strncasecmp(h->name.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}
