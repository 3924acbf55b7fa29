
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_keyring.h"
#include "ngx_carrierpay_base64.h"
#include "ngx_carrierpay_secret_file.h"


/* This is room for a hundred RSA keys of 4,096 bits. */
#define NGX_CARRIERPAY_KEYRING_FILE_MAX  (512 * 1024)


static const char *ngx_carrierpay_keyring_line(ngx_conf_t *cf,
    ngx_carrierpay_keyring_t *ring, u_char *p, u_char *last);
static ngx_carrierpay_key_e ngx_carrierpay_keyring_key_parse(
    const ngx_str_t *name);
static const char *ngx_carrierpay_keyring_own(ngx_conf_t *cf,
    ngx_carrierpay_keyring_t *ring, ngx_carrierpay_key_e name, ngx_uint_t id,
    ngx_str_t *key);
static const char *ngx_carrierpay_keyring_add(ngx_conf_t *cf,
    ngx_carrierpay_keyring_t *ring, ngx_str_t *name, ngx_uint_t id,
    ngx_str_t *bytes);
static const char *ngx_carrierpay_keyring_other(ngx_conf_t *cf,
    ngx_carrierpay_keyring_t *ring, ngx_str_t *name,
    ngx_carrierpay_keyring_other_t **other);
static const char *ngx_carrierpay_keyring_load(ngx_conf_t *cf,
    ngx_carrierpay_cipher_e cipher, ngx_str_t *bytes, void **loaded);
static void ngx_carrierpay_keyring_free_gcm(void *data);
static void ngx_carrierpay_keyring_free_rsa(void *data);
static ngx_carrierpay_keyring_other_t *ngx_carrierpay_keyring_find(
    ngx_carrierpay_keyring_t *ring, const ngx_str_t *name);
static ngx_uint_t ngx_carrierpay_keyring_word(u_char **p, u_char *last,
    ngx_str_t *word);


const ngx_str_t  ngx_carrierpay_aad_msisdn = ngx_string("msisdn");
const ngx_str_t  ngx_carrierpay_aad_webhook = ngx_string("webhook");
const ngx_str_t  ngx_carrierpay_aad_email = ngx_string("email");
const ngx_str_t  ngx_carrierpay_aad_message = ngx_string("message");
const ngx_str_t  ngx_carrierpay_aad_mo = ngx_string("mo");


const ngx_str_t  ngx_carrierpay_key_names[NGX_CARRIERPAY_KEY_MAX] = {
    [NGX_CARRIERPAY_KEY_SEAL] = ngx_string("seal"),
    [NGX_CARRIERPAY_KEY_INDEX] = ngx_string("index"),
    [NGX_CARRIERPAY_KEY_APIKEY] = ngx_string("apikey"),
    [NGX_CARRIERPAY_KEY_SESSION] = ngx_string("session")
};


ngx_int_t
ngx_carrierpay_keyring_read(ngx_conf_t *cf, ngx_str_t *file,
    ngx_carrierpay_keyring_t *ring)
{
    u_char      *p, *end, *last;
    ngx_str_t    text;
    ngx_uint_t   i, line;
    const char  *err;

    err = ngx_carrierpay_secret_file_read(cf, file,
                                          NGX_CARRIERPAY_KEYRING_FILE_MAX,
                                          &text);
    if (err) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "keyring \"%V\" %s", file,
                           err);
        return NGX_ERROR;
    }

    if (ngx_array_init(&ring->others, cf->pool, 4,
                       sizeof(ngx_carrierpay_keyring_other_t))
        != NGX_OK)
    {
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


const char *
ngx_carrierpay_keyring_named(ngx_carrierpay_keyring_t *ring,
    const ngx_str_t *name, ngx_carrierpay_enriched_format_t *format)
{
    ngx_carrierpay_keyring_other_t  *other;

    other = ngx_carrierpay_keyring_find(ring, name);

    if (other == NULL) {
        return "no such key in the secrets file";
    }

    if (other->cipher != format->cipher) {
        return "the key in the secrets file is of another cipher";
    }

    format->keys = other->keys.elts;
    format->nkeys = other->keys.nelts;

    return NULL;
}


ngx_int_t
ngx_carrierpay_keyring_seal(ngx_carrierpay_keyring_t *ring, ngx_pool_t *pool,
    const ngx_str_t *aad, const ngx_str_t *plain, ngx_str_t *sealed)
{
    ngx_uint_t  id;

    sealed->len = plain->len + NGX_CARRIERPAY_SEAL_LEN;
    sealed->data = ngx_pnalloc(pool, sealed->len);

    if (sealed->data == NULL) {
        return NGX_ERROR;
    }

    id = ring->newest[NGX_CARRIERPAY_KEY_SEAL];

    return ngx_carrierpay_seal(sealed->data, id, ring->seals[id], plain, aad);
}


ngx_int_t
ngx_carrierpay_keyring_open(ngx_carrierpay_keyring_t *ring, ngx_pool_t *pool,
    const ngx_str_t *aad, const ngx_str_t *sealed, ngx_str_t *plain)
{
    ngx_carrierpay_gcm_t  *key;

    if (sealed->len < NGX_CARRIERPAY_SEAL_LEN) {
        return NGX_ERROR;
    }

    key = ring->seals[ngx_carrierpay_sealed_key_id(sealed)];

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


/* Returns what is wrong with the line, or NULL. */

static const char *
ngx_carrierpay_keyring_line(ngx_conf_t *cf, ngx_carrierpay_keyring_t *ring,
    u_char *p, u_char *last)
{
    ngx_int_t             id;
    ngx_str_t             name, number, value, rest, key;
    ngx_carrierpay_key_e  own;

    if (!ngx_carrierpay_keyring_word(&p, last, &name) || name.data[0] == '#') {
        return NULL;
    }

    if (!ngx_carrierpay_keyring_word(&p, last, &number)
        || !ngx_carrierpay_keyring_word(&p, last, &value)
        || ngx_carrierpay_keyring_word(&p, last, &rest))
    {
        return "a key is not \"name id base64\"";
    }

    id = ngx_atoi(number.data, number.len);

    if (id < 1 || id > 255) {
        return "a key id is not 1..255";
    }

    key.data = ngx_pnalloc(cf->pool, NGX_CARRIERPAY_BASE64_ROOM(value.len));

    if (key.data == NULL) {
        return "no memory";
    }

    if (ngx_carrierpay_base64_decode(&key, &value) != NGX_OK) {
        return "a key is not base64";
    }

    own = ngx_carrierpay_keyring_key_parse(&name);

    return own < NGX_CARRIERPAY_KEY_MAX
           ? ngx_carrierpay_keyring_own(cf, ring, own, id, &key)
           : ngx_carrierpay_keyring_add(cf, ring, &name, id, &key);
}


/* Returns the service's own key of this name, or NGX_CARRIERPAY_KEY_MAX. */

static ngx_carrierpay_key_e
ngx_carrierpay_keyring_key_parse(const ngx_str_t *name)
{
    ngx_uint_t        i;
    const ngx_str_t  *own;

    for (i = 0; i < NGX_CARRIERPAY_KEY_MAX; i++) {
        own = &ngx_carrierpay_key_names[i];

        if (name->len == own->len
            && ngx_memcmp(name->data, own->data, own->len) == 0)
        {
            break;
        }
    }

    return i;
}


static const char *
ngx_carrierpay_keyring_own(ngx_conf_t *cf, ngx_carrierpay_keyring_t *ring,
    ngx_carrierpay_key_e name, ngx_uint_t id, ngx_str_t *key)
{
    void        *loaded;
    const char  *err;

    if (key->len != NGX_CARRIERPAY_KEY_LEN) {
        return "a key is not base64 of 32 bytes";
    }

    if (ring->keys[name][id].data) {
        return "duplicate key id";
    }

    ring->keys[name][id] = *key;

    if (id > ring->newest[name]) {
        ring->newest[name] = id;
    }

    if (name == NGX_CARRIERPAY_KEY_SEAL) {
        err = ngx_carrierpay_keyring_load(cf, NGX_CARRIERPAY_CIPHER_GCM, key,
                                          &loaded);
        if (err) {
            return err;
        }

        ring->seals[id] = loaded;
    }

    return NULL;
}


static const char *
ngx_carrierpay_keyring_add(ngx_conf_t *cf, ngx_carrierpay_keyring_t *ring,
    ngx_str_t *name, ngx_uint_t id, ngx_str_t *bytes)
{
    const char                      *err;
    ngx_uint_t                       i;
    ngx_carrierpay_cipher_e          cipher;
    ngx_carrierpay_enriched_key_t   *key, *keys, added;
    ngx_carrierpay_keyring_other_t  *other;

    err = ngx_carrierpay_keyring_other(cf, ring, name, &other);

    if (err) {
        return err;
    }

    added.id = id;
    added.bytes = *bytes;
    added.loaded = NULL;

    cipher = bytes->len == NGX_CARRIERPAY_KEY_LEN ? NGX_CARRIERPAY_CIPHER_GCM
             : bytes->len == NGX_CARRIERPAY_CBC_KEY_LEN
               ? NGX_CARRIERPAY_CIPHER_CBC : NGX_CARRIERPAY_CIPHER_RSA;

    if (cipher != NGX_CARRIERPAY_CIPHER_CBC) {
        err = ngx_carrierpay_keyring_load(cf, cipher, bytes, &added.loaded);

        if (err) {
            return err;
        }
    }

    if (other->keys.nelts && other->cipher != cipher) {
        return "keys of one name are of several ciphers";
    }

    other->cipher = cipher;

    key = ngx_array_push(&other->keys);

    if (key == NULL) {
        return "no memory";
    }

    /* The keys stay sorted, the newest first. */

    keys = other->keys.elts;

    for (i = other->keys.nelts - 1; i > 0 && keys[i - 1].id <= id; i--) {
        if (keys[i - 1].id == id) {
            return "duplicate key id";
        }

        keys[i] = keys[i - 1];
    }

    keys[i] = added;

    return NULL;
}


/* Finds the keys of a name, or adds the name. */

static const char *
ngx_carrierpay_keyring_other(ngx_conf_t *cf, ngx_carrierpay_keyring_t *ring,
    ngx_str_t *name, ngx_carrierpay_keyring_other_t **other)
{
    u_char  *p;

    *other = ngx_carrierpay_keyring_find(ring, name);

    if (*other) {
        return NULL;
    }

    for (p = name->data; p < name->data + name->len; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')
              || *p == '_' || *p == '-'))
        {
            return "a key name is not small letters, digits, \"_\" and "
                   "\"-\"";
        }
    }

    if (name->len > NGX_CARRIERPAY_KEY_NAME_MAX) {
        return "a key name is longer than 64 characters";
    }

    *other = ngx_array_push(&ring->others);

    if (*other == NULL) {
        return "no memory";
    }

    (*other)->name.len = name->len;
    (*other)->name.data = ngx_pstrdup(cf->pool, name);

    if ((*other)->name.data == NULL
        || ngx_array_init(&(*other)->keys, cf->pool, 1,
                          sizeof(ngx_carrierpay_enriched_key_t))
           != NGX_OK)
    {
        return "no memory";
    }

    return NULL;
}


/* Loads a key of GCM or RSA; the pool of the configuration frees it. */

static const char *
ngx_carrierpay_keyring_load(ngx_conf_t *cf, ngx_carrierpay_cipher_e cipher,
    ngx_str_t *bytes, void **loaded)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (cln == NULL) {
        return "no memory";
    }

    if (cipher == NGX_CARRIERPAY_CIPHER_GCM) {
        *loaded = ngx_carrierpay_gcm_load(bytes->data);

        if (*loaded == NULL) {
            return "OpenSSL cannot load a key";
        }

        cln->handler = ngx_carrierpay_keyring_free_gcm;

    } else {
        *loaded = ngx_carrierpay_rsa_load(bytes);

        if (*loaded == NULL) {
            return "a key is not 32 bytes, 64 bytes, or a private RSA key of "
                   "2048 to 4096 bits in DER";
        }

        cln->handler = ngx_carrierpay_keyring_free_rsa;
    }

    cln->data = *loaded;

    return NULL;
}


static void
ngx_carrierpay_keyring_free_gcm(void *data)
{
    ngx_carrierpay_gcm_free(data);
}


static void
ngx_carrierpay_keyring_free_rsa(void *data)
{
    ngx_carrierpay_rsa_free(data);
}


static ngx_carrierpay_keyring_other_t *
ngx_carrierpay_keyring_find(ngx_carrierpay_keyring_t *ring,
    const ngx_str_t *name)
{
    ngx_uint_t                       i;
    ngx_carrierpay_keyring_other_t  *other;

    other = ring->others.elts;

    for (i = 0; i < ring->others.nelts; i++) {
        if (other[i].name.len == name->len
            && ngx_memcmp(other[i].name.data, name->data, name->len) == 0)
        {
            return &other[i];
        }
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
