
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_strip.h"


/* no known name is longer */
#define NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX  64

#define NGX_HTTP_CARRIERPAY_STRIP_CRUMB  "user-identity-forward-msisdn"


static ngx_int_t ngx_http_carrierpay_strip_add(ngx_conf_t *cf,
    ngx_array_t *keys, ngx_str_t *name);
static ngx_uint_t ngx_http_carrierpay_strip_match(ngx_hash_t *names,
    ngx_table_elt_t *h);
static void ngx_http_carrierpay_strip_note(ngx_http_carrierpay_found_t *found,
    ngx_str_t *name, ngx_str_t *value);
static void ngx_http_carrierpay_strip_cookie(ngx_table_elt_t *h,
    ngx_http_carrierpay_found_t *found);
static ngx_int_t ngx_http_carrierpay_strip_rebuild(ngx_http_request_t *r);


/*
 * Written with hyphens: FastCGI and the like make one name of "x_msisdn" and
 * "x-msisdn", so for us they are one, too.
 */

static ngx_str_t  ngx_http_carrierpay_strip_names[] = {

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

    /* of the card */

    ngx_string("x-imsi"),
    ngx_string("x-nokia-imsi"),

    ngx_null_string
};


ngx_int_t
ngx_http_carrierpay_strip_init(ngx_conf_t *cf,
    ngx_carrierpay_operators_t *operators, ngx_hash_t *names)
{
    ngx_str_t                   *name;
    ngx_uint_t                   i, j;
    ngx_array_t                  keys;
    ngx_hash_init_t              hash;
    ngx_carrierpay_header_t     *header;
    ngx_carrierpay_operator_t  **op;

    if (ngx_array_init(&keys, cf->temp_pool, 64, sizeof(ngx_hash_key_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (name = ngx_http_carrierpay_strip_names; name->len; name++) {
        if (ngx_http_carrierpay_strip_add(cf, &keys, name) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    op = operators->list.elts;

    for (i = 0; i < operators->list.nelts; i++) {
        header = op[i]->headers.elts;

        for (j = 0; j < op[i]->headers.nelts; j++) {
            if (!header[j].format.cookie
                && ngx_http_carrierpay_strip_add(cf, &keys, &header[j].name)
                   != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    hash.hash = names;
    hash.key = ngx_hash_key_lc;
    hash.max_size = 512;
    hash.bucket_size = ngx_align(64, ngx_cacheline_size);
    hash.name = "carrierpay_enrichment_hash";
    hash.pool = cf->pool;
    hash.temp_pool = NULL;

    return ngx_hash_init(&hash, keys.elts, keys.nelts);
}


static ngx_int_t
ngx_http_carrierpay_strip_add(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *name)
{
    size_t           i;
    u_char          *p;
    ngx_hash_key_t  *key;

    p = ngx_pnalloc(cf->pool, name->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < name->len; i++) {
        p[i] = (name->data[i] == '_') ? '-' : ngx_tolower(name->data[i]);
    }

    key = keys->elts;

    for (i = 0; i < keys->nelts; i++) {
        if (key[i].key.len == name->len
            && ngx_memcmp(key[i].key.data, p, name->len) == 0)
        {
            return NGX_OK;
        }
    }

    key = ngx_array_push(keys);
    if (key == NULL) {
        return NGX_ERROR;
    }

    key->key.data = p;
    key->key.len = name->len;
    key->key_hash = ngx_hash_key(p, name->len);
    key->value = (void *) 1;

    return NGX_OK;
}


ngx_int_t
ngx_http_carrierpay_strip(ngx_http_request_t *r, ngx_hash_t *names,
    ngx_http_carrierpay_found_t *found)
{
    ngx_str_t         name;
    ngx_uint_t        i, removed;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    ngx_memzero(found, sizeof(ngx_http_carrierpay_found_t));
    removed = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len == sizeof("cookie") - 1
                && ngx_strncmp(h[i].lowcase_key, "cookie", h[i].key.len) == 0)
            {
                ngx_http_carrierpay_strip_cookie(&h[i], found);
                continue;
            }

            if (!ngx_http_carrierpay_strip_match(names, &h[i])) {
                continue;
            }

            name.data = h[i].lowcase_key;
            name.len = h[i].key.len;
            ngx_http_carrierpay_strip_note(found, &name, &h[i].value);

            /* marked for the rebuilding */

            h[i].hash = 0;
            removed = 1;
        }
    }

    return removed ? ngx_http_carrierpay_strip_rebuild(r) : NGX_OK;
}


static ngx_uint_t
ngx_http_carrierpay_strip_match(ngx_hash_t *names, ngx_table_elt_t *h)
{
    u_char      c, name[NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX];
    size_t      i;
    ngx_uint_t  key;

    if (ngx_strlchr(h->lowcase_key, h->lowcase_key + h->key.len, '_') == NULL)
    {
        return ngx_hash_find(names, h->hash, h->lowcase_key, h->key.len)
               != NULL;
    }

    if (h->key.len > NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX) {
        return 0;
    }

    key = 0;

    for (i = 0; i < h->key.len; i++) {
        c = h->lowcase_key[i];
        name[i] = (c == '_') ? '-' : c;
        key = ngx_hash(key, name[i]);
    }

    return ngx_hash_find(names, key, name, h->key.len) != NULL;
}


static void
ngx_http_carrierpay_strip_note(ngx_http_carrierpay_found_t *found,
    ngx_str_t *name, ngx_str_t *value)
{
    if (found->n++ == 0) {
        found->name = *name;
        found->value = *value;
    }
}


/*
 * The crumb is cut out of the value in place: the cookie header itself stays,
 * since nginx has pointers to it.
 */

static void
ngx_http_carrierpay_strip_cookie(ngx_table_elt_t *h,
    ngx_http_carrierpay_found_t *found)
{
    size_t     len;
    u_char    *p, *end, *next;
    ngx_str_t  name = ngx_string(NGX_HTTP_CARRIERPAY_STRIP_CRUMB);
    ngx_str_t  value = ngx_null_string;

    p = h->value.data;
    end = p + h->value.len;

    while (p < end) {

        while (p < end && (*p == ' ' || *p == ';')) {
            p++;
        }

        next = ngx_strlchr(p, end, ';');
        next = next ? next + 1 : end;
        len = next - p;

        if (len <= name.len
            || ngx_strncasecmp(p, name.data, name.len) != 0
            || (p[name.len] != '=' && p[name.len] != ' '))
        {
            p = next;
            continue;
        }

        ngx_http_carrierpay_strip_note(found, &name, &value);

        ngx_memmove(p, next, end - next);
        end -= len;
    }

    h->value.len = end - h->value.data;
}


/*
 * A new list, since the elements of the old one may not move: nginx points
 * to those that it knows.  The old ones stay in the pool.
 */

static ngx_int_t
ngx_http_carrierpay_strip_rebuild(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_t        list;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *copy;

    if (ngx_list_init(&list, r->pool, 20, sizeof(ngx_table_elt_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].hash == 0) {
                continue;
            }

            copy = ngx_list_push(&list);
            if (copy == NULL) {
                return NGX_ERROR;
            }

            *copy = h[i];
        }
    }

    r->headers_in.headers = list;

    /* the list's last part may be the one inside the struct just copied */

    if (list.last == &list.part) {
        r->headers_in.headers.last = &r->headers_in.headers.part;
    }

    return NGX_OK;
}
