
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_strip_names.h"


/* no known name is longer */
#define NGX_HTTP_CARRIERPAY_STRIP_NAMES_LEN_MAX  64


static ngx_int_t ngx_http_carrierpay_strip_names_add_operator(
    ngx_conf_t *cf, ngx_carrierpay_operator_t *op, ngx_array_t *keys,
    ngx_array_t *cookies);
static ngx_int_t ngx_http_carrierpay_strip_names_add_header(ngx_conf_t *cf,
    ngx_array_t *keys, ngx_str_t *name, uintptr_t kind);
static ngx_int_t ngx_http_carrierpay_strip_names_add_cookie(
    ngx_array_t *cookies, ngx_str_t *name);


static ngx_str_t  ngx_http_carrierpay_strip_names_known_cookie =
    ngx_string("user-identity-forward-msisdn");

/* with hyphens, which stand for underscores as well */

static ngx_str_t  ngx_http_carrierpay_strip_names_known[] = {

    /* numbers */

    ngx_string("msisdn"),
    ngx_string("x-msisdn"),
    ngx_string("xmsisdn"),
    ngx_string("pimmsisdn"),
    ngx_string("x-up-calling-line-id"),
    ngx_string("x-nokia-msisdn"),
    ngx_string("x-h3g-msisdn"),
    ngx_string("x-wap-msisdn"),
    ngx_string("x-wap-network-client-msisdn"),
    ngx_string("x-fh-msisdn"),
    ngx_string("x-ht-msisdn"),
    ngx_string("x-hts-clid"),
    ngx_string("x-wte-msisdn"),
    ngx_string("x-drutt-portal-user-msisdn"),
    ngx_string("x-mdn"),
    ngx_string("mdn"),
    ngx_string("vzv-msisdn"),
    ngx_string("x-du-msisdn"),
    ngx_string("nbg-imp-msisdn"),
    ngx_string("-rapmin"),
    ngx_string("tm-user-id"),
    ngx_string("calling-station-id"),
    ngx_string("x-forwarded-msisdn"),
    ngx_string("x-wsb-identity"),
    ngx_string("x-wap-clientid"),
    ngx_string("x-network-info"),

    /* tokens */

    ngx_string("x-acr"),
    ngx_string("x-vf-acr"),
    ngx_string("x-nokia-alias"),
    ngx_string("x-up-subno"),
    ngx_string("x-up-vodacomgw-subid"),
    ngx_string("x-uidh"),
    ngx_string("x-piper-id"),
    ngx_string("deviceid"),

    /* identities of the SIM card */

    ngx_string("x-imsi"),
    ngx_string("x-nokia-imsi"),

    ngx_null_string
};


ngx_int_t
ngx_http_carrierpay_strip_names_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *operators,
    ngx_http_carrierpay_strip_names_t *names)
{
    ngx_str_t                   *name;
    ngx_uint_t                   i, bit;
    ngx_array_t                  keys;
    ngx_hash_key_t              *key;
    ngx_hash_init_t              hash;
    ngx_carrierpay_operator_t  **op;

    if (ngx_array_init(&keys, cf->temp_pool, 64, sizeof(ngx_hash_key_t))
        != NGX_OK
        || ngx_array_init(&names->cookies, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_http_carrierpay_strip_names_add_cookie(&names->cookies,
                                 &ngx_http_carrierpay_strip_names_known_cookie)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (name = ngx_http_carrierpay_strip_names_known; name->len; name++) {
        if (ngx_http_carrierpay_strip_names_add_header(cf, &keys, name,
                                      NGX_HTTP_CARRIERPAY_STRIP_NAMES_END_USER)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    op = operators->list.elts;

    for (i = 0; i < operators->list.nelts; i++) {
        if (ngx_http_carrierpay_strip_names_add_operator(cf, op[i], &keys,
                                                         &names->cookies)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    key = keys.elts;
    ngx_memzero(names->bits, sizeof(names->bits));

    for (i = 0; i < keys.nelts; i++) {
        bit = key[i].key_hash % NGX_HTTP_CARRIERPAY_STRIP_NAMES_BITS;
        names->bits[bit / 64] |= (uint64_t) 1 << (bit % 64);
    }

    hash.hash = &names->headers;
    hash.key = ngx_hash_key_lc;
    hash.max_size = 1024;
    hash.bucket_size = ngx_align(2 * NGX_HTTP_CARRIERPAY_STRIP_NAMES_LEN_MAX,
                                 ngx_cacheline_size);
    hash.name = "carrierpay_enrichment_hash";
    hash.pool = cf->pool;
    hash.temp_pool = NULL;

    return ngx_hash_init(&hash, keys.elts, keys.nelts);
}


static ngx_int_t
ngx_http_carrierpay_strip_names_add_operator(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *keys, ngx_array_t *cookies)
{
    ngx_int_t                 rc;
    ngx_uint_t                i;
    ngx_carrierpay_header_t  *h;

    h = op->headers.elts;

    for (i = 0; i < op->headers.nelts; i++) {

        rc = h[i].format.cookie
             ? ngx_http_carrierpay_strip_names_add_cookie(cookies, &h[i].name)
             : ngx_http_carrierpay_strip_names_add_header(cf, keys, &h[i].name,
                                     NGX_HTTP_CARRIERPAY_STRIP_NAMES_END_USER);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (op->mccmnc_header.len == 0) {
        return NGX_OK;
    }

    return ngx_http_carrierpay_strip_names_add_header(cf, keys,
                                       &op->mccmnc_header,
                                       NGX_HTTP_CARRIERPAY_STRIP_NAMES_MCCMNC);
}


static ngx_int_t
ngx_http_carrierpay_strip_names_add_header(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *name, uintptr_t kind)
{
    size_t           i;
    u_char          *p;
    ngx_hash_key_t  *key;

    if (name->len > NGX_HTTP_CARRIERPAY_STRIP_NAMES_LEN_MAX) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "name of header \"%V\" is too long", name);
        return NGX_ERROR;
    }

    key = keys->elts;

    for (i = 0; i < keys->nelts; i++) {

        if (!ngx_http_carrierpay_strip_names_same(&key[i].key, name)) {
            continue;
        }

        if (key[i].value != (void *) kind) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "header \"%V\" cannot name both a line and an"
                          " MCCMNC", name);
            return NGX_ERROR;
        }

        return NGX_OK;
    }

    p = ngx_pnalloc(cf->pool, name->len);
    key = ngx_array_push(keys);

    if (p == NULL || key == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < name->len; i++) {
        p[i] = (name->data[i] == '_') ? '-' : ngx_tolower(name->data[i]);
    }

    key->key.data = p;
    key->key.len = name->len;
    key->key_hash = ngx_hash_key(p, name->len);
    key->value = (void *) kind;

    return NGX_OK;
}


static ngx_int_t
ngx_http_carrierpay_strip_names_add_cookie(ngx_array_t *cookies,
    ngx_str_t *name)
{
    ngx_str_t   *cookie;
    ngx_uint_t   i;

    cookie = cookies->elts;

    for (i = 0; i < cookies->nelts; i++) {
        if (ngx_http_carrierpay_strip_names_same(&cookie[i], name)) {
            return NGX_OK;
        }
    }

    cookie = ngx_array_push(cookies);
    if (cookie == NULL) {
        return NGX_ERROR;
    }

    *cookie = *name;

    return NGX_OK;
}


ngx_uint_t
ngx_http_carrierpay_strip_names_same(ngx_str_t *a, ngx_str_t *b)
{
    u_char  x, y;
    size_t  i;

    if (a->len != b->len) {
        return 0;
    }

    for (i = 0; i < a->len; i++) {
        x = ngx_tolower(a->data[i]);
        y = ngx_tolower(b->data[i]);

        if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y)) {
            return 0;
        }
    }

    return 1;
}


uintptr_t
ngx_http_carrierpay_strip_names_header(
    ngx_http_carrierpay_strip_names_t *names, ngx_table_elt_t *h)
{
    u_char      c, name[NGX_HTTP_CARRIERPAY_STRIP_NAMES_LEN_MAX];
    size_t      i;
    ngx_uint_t  key, bit;

    if (memchr(h->lowcase_key, '_', h->key.len) == NULL) {

        bit = h->hash % NGX_HTTP_CARRIERPAY_STRIP_NAMES_BITS;

        if ((names->bits[bit / 64] >> (bit % 64) & 1) == 0) {
            return 0;
        }

        return (uintptr_t) ngx_hash_find(&names->headers, h->hash,
                                         h->lowcase_key, h->key.len);
    }

    if (h->key.len > NGX_HTTP_CARRIERPAY_STRIP_NAMES_LEN_MAX) {
        return 0;
    }

    key = 0;

    for (i = 0; i < h->key.len; i++) {
        c = h->lowcase_key[i];
        name[i] = (c == '_') ? '-' : c;
        key = ngx_hash(key, name[i]);
    }

    return (uintptr_t) ngx_hash_find(&names->headers, key, name, h->key.len);
}


ngx_str_t *
ngx_http_carrierpay_strip_names_cookie(
    ngx_http_carrierpay_strip_names_t *names, u_char *p, u_char *end)
{
    u_char      *last;
    ngx_str_t   *cookie, name;
    ngx_uint_t   i;

    for (last = p; last < end; last++) {
        if (*last == '=' || *last == ' ' || *last == '\t' || *last == ';') {
            break;
        }
    }

    name.data = p;
    name.len = last - p;

    cookie = names->cookies.elts;

    for (i = 0; i < names->cookies.nelts; i++) {
        if (ngx_http_carrierpay_strip_names_same(&cookie[i], &name)) {
            return &cookie[i];
        }
    }

    return NULL;
}
