
/*
 * The lines of the input are the words of a format, a frame, and one letter;
 * the value of a header follows.  If the letter is small, the format has a
 * window.  If it is "s" or "S", the value is sealed first, so that plain texts
 * get past the cipher, too.
 */


#include "fuzz.h"
#include <ngx_carrierpay_crypto.h>
#include <ngx_carrierpay_enriched.h>
#include <ngx_carrierpay_base64.h>
#include "../unit/gateway.h"


#define NOW  1753000000


static ngx_str_t  fuzz_prefixes[] = { ngx_string("6"), ngx_string("70") };
static ngx_str_t  fuzz_fixed[] = { ngx_string("1"), ngx_string("4") };

static ngx_carrierpay_numbering_t  fuzz_numbering =
    { ngx_string("33"), 9, 9, ngx_string("0"), fuzz_prefixes, 2,
      fuzz_fixed, 2 };


static void fuzz_keys(ngx_carrierpay_enriched_format_t *f);
static void fuzz_read(ngx_carrierpay_enriched_format_t *f,
    const ngx_str_t *value);
static ngx_str_t fuzz_sealed(const ngx_str_t *text);
static ngx_carrierpay_gcm_t *fuzz_gcm(void);
static ngx_carrierpay_rsa_t *fuzz_rsa(void);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    u_char                            how;
    ngx_str_t                         words, letter, value, sealed;
    ngx_carrierpay_enriched_format_t  f;

    memset(&f, 0, sizeof(f));

    words = fuzz_line(&data, &size);
    f.frame = fuzz_line(&data, &size);
    letter = fuzz_line(&data, &size);
    value = fuzz_rest(data, size);

    how = letter.len ? letter.data[0] : 'N';
    f.window = how >= 'a' ? 300 : 0;

    if (ngx_carrierpay_enriched_format_parse(&words, &f) == NULL) {
        fuzz_keys(&f);
        fuzz_read(&f, &value);

        if ((how == 's' || how == 'S') && value.len <= 700) {
            f.cipher = NGX_CARRIERPAY_CIPHER_GCM;
            f.encoding = NGX_CARRIERPAY_ENCODING_BASE64;
            f.field = 0;
            f.frame.len = 0;
            fuzz_keys(&f);

            sealed = fuzz_sealed(&value);
            fuzz_read(&f, &sealed);
            free(sealed.data);
        }
    }

    free(words.data);
    free(f.frame.data);
    free(letter.data);
    free(value.data);

    return 0;
}


static void
fuzz_keys(ngx_carrierpay_enriched_format_t *f)
{
    static u_char                         bytes[NGX_CARRIERPAY_CBC_KEY_LEN];
    static ngx_carrierpay_enriched_key_t  keys[2];

    keys[0].id = 2;
    keys[0].bytes.data = bytes;
    keys[0].bytes.len = f->cipher == NGX_CARRIERPAY_CIPHER_GCM
                        ? NGX_CARRIERPAY_KEY_LEN : NGX_CARRIERPAY_CBC_KEY_LEN;
    keys[0].loaded = f->cipher == NGX_CARRIERPAY_CIPHER_GCM
                     ? (void *) fuzz_gcm() : (void *) fuzz_rsa();

    keys[1] = keys[0];
    keys[1].id = 1;

    f->keys = keys;
    f->nkeys = 2;
}


/* The result is a number of the plan, a reference, or nothing at all. */

static void
fuzz_read(ngx_carrierpay_enriched_format_t *f, const ngx_str_t *value)
{
    size_t                      i;
    ngx_str_t                   digits;
    ngx_carrierpay_msisdn_t     again;
    ngx_carrierpay_enriched_e   result;
    ngx_carrierpay_end_user_t  *end_user;

    end_user = malloc(sizeof(ngx_carrierpay_end_user_t));
    fuzz_claim(end_user);
    memset(end_user, 0xa5, sizeof(ngx_carrierpay_end_user_t));

    result = ngx_carrierpay_enriched_read(f, value, &fuzz_numbering, NOW,
                                          end_user);

    if (result != NGX_CARRIERPAY_ENRICHED_OK) {
        fuzz_claim(result <= NGX_CARRIERPAY_ENRICHED_STALE);
        fuzz_claim(end_user->msisdn.len == 0 && end_user->acr_len == 0);

    } else if (f->form == NGX_CARRIERPAY_FORM_ACR) {
        fuzz_claim(end_user->msisdn.len == 0);
        fuzz_claim(end_user->acr_len > 4
                   && end_user->acr_len <= NGX_CARRIERPAY_ACR_MAX);
        fuzz_claim(memcmp(end_user->acr, "acr:", 4) == 0);

        for (i = 4; i < end_user->acr_len; i++) {
            fuzz_claim(end_user->acr[i] > ' ' && end_user->acr[i] <= '~');
            fuzz_claim(strchr(",\"\\<>&", end_user->acr[i]) == NULL);
        }

    } else {
        fuzz_claim(end_user->acr_len == 0);
        fuzz_claim(end_user->msisdn.len == 11);
        fuzz_claim(memcmp(end_user->msisdn.digits, "33", 2) == 0);
        fuzz_claim(end_user->msisdn.digits[2] != '1'
                   && end_user->msisdn.digits[2] != '4');

        digits.data = end_user->msisdn.digits;
        digits.len = end_user->msisdn.len;
        fuzz_claim(ngx_carrierpay_msisdn_load(&digits, &again) == NGX_OK);
    }

    free(end_user);
}


/* The service's own seal is a gateway's value behind the id of its key. */

static ngx_str_t
fuzz_sealed(const ngx_str_t *text)
{
    u_char                  *buf;
    size_t                   len;
    ngx_str_t                value;
    static const ngx_str_t   aad = ngx_string("");

    len = text->len + NGX_CARRIERPAY_SEAL_LEN;
    buf = malloc(len);
    fuzz_claim(buf);
    fuzz_claim(ngx_carrierpay_seal(buf, 2, fuzz_gcm(), text, &aad) == NGX_OK);

    value.len = NGX_CARRIERPAY_BASE64_LEN(len - 1);
    value.data = malloc(value.len);
    fuzz_claim(value.data);
    ngx_carrierpay_base64_encode(value.data, buf + 1, len - 1);

    free(buf);

    return value;
}


static ngx_carrierpay_gcm_t *
fuzz_gcm(void)
{
    static u_char                 bytes[NGX_CARRIERPAY_KEY_LEN];
    static ngx_carrierpay_gcm_t  *gcm;

    if (gcm == NULL) {
        gcm = ngx_carrierpay_gcm_load(bytes);
        fuzz_claim(gcm);
    }

    return gcm;
}


static ngx_carrierpay_rsa_t *
fuzz_rsa(void)
{
    ngx_str_t                     der;
    u_char                        room[sizeof(RSA_KEY)];
    static ngx_str_t              text = ngx_string(RSA_KEY);
    static ngx_carrierpay_rsa_t  *rsa;

    if (rsa == NULL) {
        der.data = room;
        fuzz_claim(ngx_carrierpay_base64_decode(&der, &text) == NGX_OK);
        rsa = ngx_carrierpay_rsa_load(&der);
        fuzz_claim(rsa);
    }

    return rsa;
}
