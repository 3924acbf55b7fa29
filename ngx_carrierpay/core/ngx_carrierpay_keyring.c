
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_crypto.h"
#include "ngx_carrierpay_keyring.h"


#define NGX_CARRIERPAY_KEYRING_FILE_MAX  65536


static ngx_int_t ngx_carrierpay_keyring_load(ngx_conf_t *cf, ngx_str_t *file,
    ngx_str_t *text);
static const char *ngx_carrierpay_keyring_line(ngx_conf_t *cf,
    ngx_carrierpay_keyring_t *ring, u_char *p, u_char *last);
static ngx_uint_t ngx_carrierpay_keyring_word(u_char **p, u_char *last,
    ngx_str_t *word);


const ngx_str_t  ngx_carrierpay_aad_msisdn = ngx_string("msisdn");
const ngx_str_t  ngx_carrierpay_aad_webhook = ngx_string("webhook");


static ngx_str_t  ngx_carrierpay_key_names[] = {
    ngx_string("seal"),
    ngx_string("index"),
    ngx_string("apikey"),
    ngx_string("session")
};


ngx_int_t
ngx_carrierpay_keyring_read(ngx_conf_t *cf, ngx_str_t *file,
    ngx_carrierpay_keyring_t *ring)
{
    u_char      *p, *end, *last;
    ngx_str_t    text;
    ngx_uint_t   i, line;
    const char  *err;

    if (ngx_carrierpay_keyring_load(cf, file, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    end = text.data + text.len;

    for (p = text.data, line = 1; p < end; p = last + 1, line++) {
        last = ngx_strlchr(p, end, '\n');

        if (last == NULL) {
            last = end;
        }

        err = ngx_carrierpay_keyring_line(cf, ring, p, last);

        if (err) {
            ngx_explicit_memzero(text.data, text.len);
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "%s in \"%V\":%ui", err,
                               file, line);
            return NGX_ERROR;
        }
    }

    ngx_explicit_memzero(text.data, text.len);

    for (i = 0; i < NGX_CARRIERPAY_KEY_MAX; i++) {
        if (ring->newest[i] == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "no key \"%V\" in \"%V\"",
                               &ngx_carrierpay_key_names[i], file);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


const ngx_str_t *
ngx_carrierpay_keyring_key(ngx_carrierpay_keyring_t *ring,
    ngx_carrierpay_key_e name)
{
    return &ring->keys[name][ring->newest[name]];
}


ngx_int_t
ngx_carrierpay_keyring_seal(ngx_carrierpay_keyring_t *ring, ngx_pool_t *pool,
    const ngx_str_t *aad, const ngx_str_t *plain, ngx_str_t *sealed)
{
    const ngx_str_t  *key;

    sealed->len = plain->len + NGX_CARRIERPAY_SEAL_LEN;
    sealed->data = ngx_pnalloc(pool, sealed->len);

    if (sealed->data == NULL) {
        return NGX_ERROR;
    }

    key = ngx_carrierpay_keyring_key(ring, NGX_CARRIERPAY_KEY_SEAL);

    return ngx_carrierpay_seal(sealed->data,
                               ring->newest[NGX_CARRIERPAY_KEY_SEAL],
                               key->data, plain, aad);
}


ngx_int_t
ngx_carrierpay_keyring_open(ngx_carrierpay_keyring_t *ring, ngx_pool_t *pool,
    const ngx_str_t *aad, const ngx_str_t *sealed, ngx_str_t *plain)
{
    u_char  *key;

    if (sealed->len < NGX_CARRIERPAY_SEAL_LEN) {
        return NGX_ERROR;
    }

    key = ring->keys[NGX_CARRIERPAY_KEY_SEAL]
                    [ngx_carrierpay_sealed_key_id(sealed)].data;

    if (key == NULL) {
        return NGX_ERROR;
    }

    plain->data = ngx_pnalloc(pool, sealed->len - NGX_CARRIERPAY_SEAL_LEN + 1);

    if (plain->data == NULL) {
        return NGX_ERROR;
    }

    if (ngx_carrierpay_unseal(plain, key, sealed, aad) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_carrierpay_keyring_load(ngx_conf_t *cf, ngx_str_t *file, ngx_str_t *text)
{
    ssize_t    n;
    ngx_fd_t   fd;
    ngx_int_t  rc;

    rc = NGX_ERROR;

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", file);
        return NGX_ERROR;
    }

    text->data = ngx_pnalloc(cf->temp_pool, NGX_CARRIERPAY_KEYRING_FILE_MAX);

    if (text->data == NULL) {
        goto done;
    }

    n = ngx_read_fd(fd, text->data, NGX_CARRIERPAY_KEYRING_FILE_MAX);

    if (n == -1 || n == NGX_CARRIERPAY_KEYRING_FILE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, n == -1 ? ngx_errno : 0,
                           "secrets file \"%V\" cannot be read or is too "
                           "large", file);
        goto done;
    }

    text->len = n;
    rc = NGX_OK;

done:

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", file);
    }

    return rc;
}


/* Returns what is wrong with the line, or NULL. */

static const char *
ngx_carrierpay_keyring_line(ngx_conf_t *cf, ngx_carrierpay_keyring_t *ring,
    u_char *p, u_char *last)
{
    ngx_int_t   id;
    ngx_str_t   name, number, value, rest, key;
    ngx_uint_t  i;

    if (!ngx_carrierpay_keyring_word(&p, last, &name) || name.data[0] == '#') {
        return NULL;
    }

    if (!ngx_carrierpay_keyring_word(&p, last, &number)
        || !ngx_carrierpay_keyring_word(&p, last, &value)
        || ngx_carrierpay_keyring_word(&p, last, &rest))
    {
        return "a key is not \"name id base64\"";
    }

    for (i = 0; i < NGX_CARRIERPAY_KEY_MAX; i++) {
        if (name.len == ngx_carrierpay_key_names[i].len
            && ngx_strncmp(name.data, ngx_carrierpay_key_names[i].data,
                           name.len) == 0)
        {
            break;
        }
    }

    if (i == NGX_CARRIERPAY_KEY_MAX) {
        return "unknown key name";
    }

    id = ngx_atoi(number.data, number.len);

    if (id < 1 || id > 255) {
        return "a key id is not 1..255";
    }

    if (ring->keys[i][id].data) {
        return "duplicate key id";
    }

    key.data = ngx_pnalloc(cf->pool, NGX_CARRIERPAY_BASE64_ROOM(value.len));

    if (key.data == NULL) {
        return "no memory";
    }

    if (ngx_carrierpay_base64_decode(&key, &value) != NGX_OK
        || key.len != NGX_CARRIERPAY_KEY_LEN)
    {
        return "a key is not base64 of 32 bytes";
    }

    ring->keys[i][id] = key;

    if ((ngx_uint_t) id > ring->newest[i]) {
        ring->newest[i] = id;
    }

    return NULL;
}


static ngx_uint_t
ngx_carrierpay_keyring_word(u_char **p, u_char *last, ngx_str_t *word)
{
    u_char  *s;

    s = *p;

    while (s < last && (*s == ' ' || *s == '\t' || *s == '\r')) {
        s++;
    }

    word->data = s;

    while (s < last && *s != ' ' && *s != '\t' && *s != '\r') {
        s++;
    }

    word->len = s - word->data;
    *p = s;

    return word->len != 0;
}
