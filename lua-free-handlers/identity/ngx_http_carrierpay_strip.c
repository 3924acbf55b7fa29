
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_strip.h"
#include "ngx_http_carrierpay_strip_names.h"


static ngx_int_t ngx_http_carrierpay_strip_note(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_found_t **found,
    ngx_http_carrierpay_strip_item_t *item);
static ngx_int_t ngx_http_carrierpay_strip_cookies(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_names_t *names, ngx_table_elt_t *h,
    ngx_http_carrierpay_strip_found_t **found);
static ngx_int_t ngx_http_carrierpay_strip_note_cookie(ngx_http_request_t *r,
    ngx_str_t *name, u_char *p, u_char *end,
    ngx_http_carrierpay_strip_found_t **found);
static ngx_int_t ngx_http_carrierpay_strip_rebuild(ngx_http_request_t *r,
    ngx_uint_t n);


ngx_int_t
ngx_http_carrierpay_strip(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_names_t *names,
    ngx_http_carrierpay_strip_found_t **found)
{
    uintptr_t                         kind;
    ngx_uint_t                        i, n, removed;
    ngx_list_part_t                  *part;
    ngx_table_elt_t                  *h;
    ngx_http_carrierpay_strip_item_t  item;

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
                if (ngx_http_carrierpay_strip_cookies(r, names, &h[i], found)
                    != NGX_OK)
                {
                    return NGX_ERROR;
                }

                continue;
            }

            kind = ngx_http_carrierpay_strip_names_header(names, &h[i]);

            if (kind == 0) {
                continue;
            }

            item.name.data = h[i].lowcase_key;
            item.name.len = h[i].key.len;
            item.value = h[i].value;
            item.cookie = 0;
            item.mccmnc = (kind == NGX_HTTP_CARRIERPAY_STRIP_NAMES_MCCMNC);

            if (ngx_http_carrierpay_strip_note(r, found, &item) != NGX_OK) {
                return NGX_ERROR;
            }

            /* a hash of 0 marks the header for the rebuilding */

            h[i].hash = 0;
            removed++;
        }
    }

    return removed ? ngx_http_carrierpay_strip_rebuild(r, n - removed)
                   : NGX_OK;
}


/* the name and value of the item must last as long as the request */

static ngx_int_t
ngx_http_carrierpay_strip_note(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_found_t **found,
    ngx_http_carrierpay_strip_item_t *item)
{
    if (*found == NULL) {
        *found = ngx_palloc(r->pool,
                            sizeof(ngx_http_carrierpay_strip_found_t));
        if (*found == NULL) {
            return NGX_ERROR;
        }

        (*found)->n = 0;
    }

    if ((*found)->n < NGX_HTTP_CARRIERPAY_STRIP_FOUND_MAX) {
        (*found)->items[(*found)->n] = *item;
    }

    (*found)->n++;

    return NGX_OK;
}


/*
 * Cuts cookies out of the header's value in place: the header itself stays,
 * since nginx has pointers to it.  Some servers take a comma for the beginning
 * of a cookie, so a cookie is also looked for behind one; but a comma does not
 * end a cookie that is cut out, as a second number may follow it.
 */

static ngx_int_t
ngx_http_carrierpay_strip_cookies(ngx_http_request_t *r,
    ngx_http_carrierpay_strip_names_t *names, ngx_table_elt_t *h,
    ngx_http_carrierpay_strip_found_t **found)
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

        name = ngx_http_carrierpay_strip_names_cookie(names, p, next);

        if (name == NULL) {
            while (p < next && *p++ != ',') { /* void */ }
            continue;
        }

        if (ngx_http_carrierpay_strip_note_cookie(r, name, p, next, found)
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


/* copies the cookie, before what follows it is moved to its place */

static ngx_int_t
ngx_http_carrierpay_strip_note_cookie(ngx_http_request_t *r, ngx_str_t *name,
    u_char *p, u_char *end, ngx_http_carrierpay_strip_found_t **found)
{
    ngx_str_t                         value;
    ngx_http_carrierpay_strip_item_t  item;

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

    item.cookie = 1;
    item.mccmnc = 0;
    item.value.len = value.len;
    item.value.data = ngx_pstrdup(r->pool, &value);

    if (item.value.data == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_carrierpay_strip_note(r, found, &item);
}


/*
 * Makes a new list of headers.  The elements of the old one stay in the pool
 * where they are, since nginx points to those that it knows.
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

    /* the last part may be the one inside the structure, which has moved */

    if (list.last == &list.part) {
        r->headers_in.headers.last = &r->headers_in.headers.part;
    }

    return NGX_OK;
}
