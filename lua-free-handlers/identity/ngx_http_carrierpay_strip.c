
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_strip.h"


/* no known name is longer */
#define NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX  64


/* what a name in the hash is */
#define NGX_HTTP_CARRIERPAY_STRIP_LINE      1
#define NGX_HTTP_CARRIERPAY_STRIP_MCCMNC    2


static ngx_int_t ngx_http_carrierpay_strip_operator(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *keys, ngx_array_t *crumbs);
static ngx_int_t ngx_http_carrierpay_strip_name(ngx_conf_t *cf,
    ngx_array_t *keys, ngx_str_t *name, uintptr_t kind);
static ngx_int_t ngx_http_carrierpay_strip_crumb(ngx_array_t *crumbs,
    ngx_str_t *name);
static uintptr_t ngx_http_carrierpay_strip_kind(
    ngx_http_carrierpay_strip_t *strip, ngx_table_elt_t *h);
static ngx_int_t ngx_http_carrierpay_strip_note(ngx_http_request_t *r,
    ngx_http_carrierpay_found_t **found,
    ngx_http_carrierpay_enriching_t *item);
static ngx_int_t ngx_http_carrierpay_strip_cookie(ngx_http_request_t *r,
    ngx_array_t *crumbs, ngx_table_elt_t *h,
    ngx_http_carrierpay_found_t **found);
static ngx_str_t *ngx_http_carrierpay_strip_known(ngx_array_t *crumbs,
    u_char *p, u_char *end);
static ngx_int_t ngx_http_carrierpay_strip_taste(ngx_http_request_t *r,
    ngx_str_t *name, u_char *p, u_char *end,
    ngx_http_carrierpay_found_t **found);
static ngx_int_t ngx_http_carrierpay_strip_rebuild(ngx_http_request_t *r,
    ngx_uint_t n);


static ngx_str_t  ngx_http_carrierpay_strip_crumb_name =
    ngx_string("user-identity-forward-msisdn");

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
    ngx_carrierpay_operators_t *operators, ngx_http_carrierpay_strip_t *strip)
{
    ngx_str_t                   *name;
    ngx_uint_t                   i, bit;
    ngx_array_t                  keys;
    ngx_hash_key_t              *key;
    ngx_hash_init_t              hash;
    ngx_carrierpay_operator_t  **op;

    if (ngx_array_init(&keys, cf->temp_pool, 64, sizeof(ngx_hash_key_t))
        != NGX_OK
        || ngx_array_init(&strip->crumbs, cf->pool, 2, sizeof(ngx_str_t))
           != NGX_OK
        || ngx_http_carrierpay_strip_crumb(&strip->crumbs,
                                       &ngx_http_carrierpay_strip_crumb_name)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (name = ngx_http_carrierpay_strip_names; name->len; name++) {
        if (ngx_http_carrierpay_strip_name(cf, &keys, name,
                                           NGX_HTTP_CARRIERPAY_STRIP_LINE)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    op = operators->list.elts;

    for (i = 0; i < operators->list.nelts; i++) {
        if (ngx_http_carrierpay_strip_operator(cf, op[i], &keys,
                                               &strip->crumbs)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    key = keys.elts;
    ngx_memzero(strip->bits, sizeof(strip->bits));

    for (i = 0; i < keys.nelts; i++) {
        bit = key[i].key_hash % NGX_HTTP_CARRIERPAY_STRIP_BITS;
        strip->bits[bit / 64] |= (uint64_t) 1 << (bit % 64);
    }

    hash.hash = &strip->headers;
    hash.key = ngx_hash_key_lc;
    hash.max_size = 1024;
    hash.bucket_size = ngx_align(2 * NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX,
                                 ngx_cacheline_size);
    hash.name = "carrierpay_enrichment_hash";
    hash.pool = cf->pool;
    hash.temp_pool = NULL;

    return ngx_hash_init(&hash, keys.elts, keys.nelts);
}


static ngx_int_t
ngx_http_carrierpay_strip_operator(ngx_conf_t *cf,
    ngx_carrierpay_operator_t *op, ngx_array_t *keys, ngx_array_t *crumbs)
{
    ngx_int_t                 rc;
    ngx_uint_t                i;
    ngx_carrierpay_header_t  *h;

    h = op->headers.elts;

    for (i = 0; i < op->headers.nelts; i++) {

        rc = h[i].format.cookie
             ? ngx_http_carrierpay_strip_crumb(crumbs, &h[i].name)
             : ngx_http_carrierpay_strip_name(cf, keys, &h[i].name,
                                            NGX_HTTP_CARRIERPAY_STRIP_LINE);

        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (op->mccmnc_header.len == 0) {
        return NGX_OK;
    }

    return ngx_http_carrierpay_strip_name(cf, keys, &op->mccmnc_header,
                                          NGX_HTTP_CARRIERPAY_STRIP_MCCMNC);
}


static ngx_int_t
ngx_http_carrierpay_strip_name(ngx_conf_t *cf, ngx_array_t *keys,
    ngx_str_t *name, uintptr_t kind)
{
    size_t           i;
    u_char          *p;
    ngx_hash_key_t  *key;

    if (name->len > NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "name of header \"%V\" is too long", name);
        return NGX_ERROR;
    }

    key = keys->elts;

    for (i = 0; i < keys->nelts; i++) {

        if (!ngx_http_carrierpay_strip_same(&key[i].key, name)) {
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
ngx_http_carrierpay_strip_crumb(ngx_array_t *crumbs, ngx_str_t *name)
{
    ngx_str_t   *crumb;
    ngx_uint_t   i;

    crumb = crumbs->elts;

    for (i = 0; i < crumbs->nelts; i++) {
        if (ngx_http_carrierpay_strip_same(&crumb[i], name)) {
            return NGX_OK;
        }
    }

    crumb = ngx_array_push(crumbs);
    if (crumb == NULL) {
        return NGX_ERROR;
    }

    *crumb = *name;

    return NGX_OK;
}


ngx_uint_t
ngx_http_carrierpay_strip_same(ngx_str_t *a, ngx_str_t *b)
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


ngx_int_t
ngx_http_carrierpay_strip(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_t *strip, ngx_http_carrierpay_found_t **found)
{
    uintptr_t                        kind;
    ngx_uint_t                       i, n, removed;
    ngx_list_part_t                 *part;
    ngx_table_elt_t                 *h;
    ngx_http_carrierpay_enriching_t  item;

    *found = NULL;
    n = 0;
    removed = 0;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;
        n += part->nelts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len == sizeof("cookie") - 1
                && ngx_memcmp(h[i].lowcase_key, "cookie", sizeof("cookie") - 1)
                   == 0)
            {
                if (ngx_http_carrierpay_strip_cookie(r, &strip->crumbs, &h[i],
                                                     found)
                    != NGX_OK)
                {
                    return NGX_ERROR;
                }

                continue;
            }

            kind = ngx_http_carrierpay_strip_kind(strip, &h[i]);

            if (kind == 0) {
                continue;
            }

            item.name.data = h[i].lowcase_key;
            item.name.len = h[i].key.len;
            item.value = h[i].value;
            item.crumb = 0;
            item.mccmnc = (kind == NGX_HTTP_CARRIERPAY_STRIP_MCCMNC);

            if (ngx_http_carrierpay_strip_note(r, found, &item) != NGX_OK) {
                return NGX_ERROR;
            }

            /* marked for the rebuilding */

            h[i].hash = 0;
            removed++;
        }
    }

    return removed ? ngx_http_carrierpay_strip_rebuild(r, n - removed)
                   : NGX_OK;
}


static uintptr_t
ngx_http_carrierpay_strip_kind(ngx_http_carrierpay_strip_t *strip,
    ngx_table_elt_t *h)
{
    u_char      c, name[NGX_HTTP_CARRIERPAY_STRIP_NAME_MAX];
    size_t      i;
    ngx_uint_t  key, bit;

    if (memchr(h->lowcase_key, '_', h->key.len) == NULL) {

        bit = h->hash % NGX_HTTP_CARRIERPAY_STRIP_BITS;

        if ((strip->bits[bit / 64] >> (bit % 64) & 1) == 0) {
            return 0;
        }

        return (uintptr_t) ngx_hash_find(&strip->headers, h->hash,
                                         h->lowcase_key, h->key.len);
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

    return (uintptr_t) ngx_hash_find(&strip->headers, key, name, h->key.len);
}


/* the item's value must last as long as the request */

static ngx_int_t
ngx_http_carrierpay_strip_note(ngx_http_request_t *r,
    ngx_http_carrierpay_found_t **found,
    ngx_http_carrierpay_enriching_t *item)
{
    if (*found == NULL) {
        *found = ngx_palloc(r->pool, sizeof(ngx_http_carrierpay_found_t));
        if (*found == NULL) {
            return NGX_ERROR;
        }

        (*found)->n = 0;
    }

    if ((*found)->n < NGX_HTTP_CARRIERPAY_FOUND_MAX) {
        (*found)->items[(*found)->n] = *item;
    }

    (*found)->n++;

    return NGX_OK;
}


/*
 * The crumb is cut out of the value in place: the cookie header itself stays,
 * since nginx has pointers to it.  A comma begins a crumb for some, but ends
 * none: what follows it may be a second number.
 */

static ngx_int_t
ngx_http_carrierpay_strip_cookie(ngx_http_request_t *r, ngx_array_t *crumbs,
    ngx_table_elt_t *h, ngx_http_carrierpay_found_t **found)
{
    u_char     *p, *end, *next;
    ngx_str_t  *name;

    p = h->value.data;
    end = p + h->value.len;

    while (p < end) {

        if (*p == ' ' || *p == '\t' || *p == ';' || *p == ',') {
            p++;
            continue;
        }

        next = ngx_strlchr(p, end, ';');
        next = next ? next + 1 : end;

        name = ngx_http_carrierpay_strip_known(crumbs, p, next);

        if (name == NULL) {
            while (p < next && *p++ != ',') { /* void */ }
            continue;
        }

        if (ngx_http_carrierpay_strip_taste(r, name, p, next, found)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        while (next < end && *next == ' ') {
            next++;
        }

        ngx_memmove(p, next, end - next);
        end -= next - p;
    }

    h->value.len = end - h->value.data;

    return NGX_OK;
}


static ngx_str_t *
ngx_http_carrierpay_strip_known(ngx_array_t *crumbs, u_char *p, u_char *end)
{
    u_char      *last;
    ngx_str_t   *crumb, name;
    ngx_uint_t   i;

    for (last = p; last < end; last++) {
        if (*last == '=' || *last == ' ' || *last == '\t' || *last == ';') {
            break;
        }
    }

    name.data = p;
    name.len = last - p;

    crumb = crumbs->elts;

    for (i = 0; i < crumbs->nelts; i++) {
        if (ngx_http_carrierpay_strip_same(&crumb[i], &name)) {
            return &crumb[i];
        }
    }

    return NULL;
}


/* the crumb, kept before what follows it is moved there */

static ngx_int_t
ngx_http_carrierpay_strip_taste(ngx_http_request_t *r, ngx_str_t *name,
    u_char *p, u_char *end, ngx_http_carrierpay_found_t **found)
{
    ngx_str_t                        value;
    ngx_http_carrierpay_enriching_t  item;

    item.name.len = name->len;
    item.name.data = ngx_pnalloc(r->pool, name->len);

    if (item.name.data == NULL) {
        return NGX_ERROR;
    }

    ngx_strlow(item.name.data, p, name->len);

    p += name->len;

    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }

    if (p < end && *p == '=') {
        p++;
    }

    while (end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == ';')) {
        end--;
    }

    value.data = p;
    value.len = end - p;

    item.crumb = 1;
    item.mccmnc = 0;
    item.value.len = value.len;
    item.value.data = ngx_pstrdup(r->pool, &value);

    if (item.value.data == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_strip_note(r, found, &item);
}


/*
 * A new list, since the elements of the old one may not move: nginx points
 * to those that it knows.  The old ones stay in the pool.
 */

static ngx_int_t
ngx_http_carrierpay_strip_rebuild(ngx_http_request_t *r, ngx_uint_t n)
{
    ngx_uint_t        i;
    ngx_list_t        list;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *copy;

    if (ngx_list_init(&list, r->pool, ngx_max(n, 1), sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
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
